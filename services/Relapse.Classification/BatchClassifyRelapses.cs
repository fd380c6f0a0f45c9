using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>Which kind of relapse is each of them? Order kept, each on its own; those that the answer has no room for are told so.</summary>
    public override async Task<BatchClassifyRelapsesResponse> BatchClassifyRelapses(BatchClassifyRelapsesRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        CohortItems.CheckBatch(request.Items, item => item.ItemId, faults);
        CohortItems.CheckView(request.View, request.IncludeTrace, faults);
        var call = new ClassificationCall(protocols.Catalog, Shared(request), faults);
        faults.ThrowIfAny();
        var results = await CohortItems.AnswerAllAsync(
            request.Items,
            item => call.Answer(item, request.View, context.Method, logger),
            (item, error) => new CohortItemResult { ItemId = item.ItemId, Error = error },
            limits,
            workers,
            context.CancellationToken);
        return new BatchClassifyRelapsesResponse { Results = { results } };
    }

    private static ClassifyRelapseRequest Shared(BatchClassifyRelapsesRequest request) => new()
    {
        Protocols = { request.Protocols },
        Readings = { request.Readings },
        RequestId = request.RequestId,
        IncludeTrace = request.IncludeTrace,
        Alongside = request.Alongside,
    };
}
