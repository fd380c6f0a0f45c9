using Grpc.Core;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Mrd;

internal sealed partial class MrdRpcs
{
    /// <summary>What do the results of each of them say? Order kept, each on its own; those that the answer has no room for are told so.</summary>
    public override async Task<BatchInterpretMrdResponse> BatchInterpretMrd(BatchInterpretMrdRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        CohortItems.CheckBatch(request.Items, item => item.ItemId, faults);
        CohortItems.CheckView(request.View, request.IncludeTrace, faults);
        var call = new InterpretCall(protocols.Catalog, Shared(request), faults);
        faults.ThrowIfAny();
        var results = await CohortItems.AnswerAllAsync(
            request.Items,
            item => call.Answer(item, request.View, context.Method, logger),
            (item, error) => new InterpretMrdResult { ItemId = item.ItemId, Error = error },
            limits,
            workers,
            context.CancellationToken);
        return new BatchInterpretMrdResponse { Results = { results } };
    }

    private static InterpretMrdRequest Shared(BatchInterpretMrdRequest request) => new()
    {
        Protocols = { request.Protocols },
        Readings = { request.Readings },
        RequestId = request.RequestId,
        IncludeTrace = request.IncludeTrace,
        Alongside = request.Alongside,
    };
}
