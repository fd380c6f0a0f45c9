using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Transplant;

internal sealed partial class TransplantRpcs
{
    /// <summary>What is advised for each of them? Order kept, each on its own; those that the answer has no room for are told so.</summary>
    public override async Task<BatchAssessEligibilitiesResponse> BatchAssessEligibilities(BatchAssessEligibilitiesRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        CohortItems.CheckBatch(request.Items, item => item.ItemId, faults);
        CohortItems.CheckView(request.View, request.IncludeTrace, faults);
        var call = new EligibilityCall(protocols.Catalog, Shared(request), faults);
        faults.ThrowIfAny();
        var results = await CohortItems.AnswerAllAsync(
            request.Items,
            item => call.Answer(item, request.View, context.Method, logger),
            (item, error) => new AssessEligibilityResult { ItemId = item.ItemId, Error = error },
            limits,
            workers,
            context.CancellationToken);
        return new BatchAssessEligibilitiesResponse { Results = { results } };
    }

    private static AssessEligibilityRequest Shared(BatchAssessEligibilitiesRequest request) => new()
    {
        Protocols = { request.Protocols },
        Readings = { request.Readings },
        RequestId = request.RequestId,
        IncludeTrace = request.IncludeTrace,
        Alongside = request.Alongside,
    };
}
