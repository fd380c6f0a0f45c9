using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>Which kind of relapse is each of them? Order kept, each on its own.</summary>
    public override Task<BatchClassifyRelapsesResponse> BatchClassifyRelapses(BatchClassifyRelapsesRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        CohortItems.Check(request.Items, faults);
        if (request.Items.Count == 0)
        {
            faults.Invalid("items", "required; a batch has an item at least");
        }

        var call = new ClassificationCall(protocols.Catalog, Shared(request), faults);
        faults.ThrowIfAny();
        return Task.FromResult(new BatchClassifyRelapsesResponse
        {
            Results = { CohortItems.Answer(request.Items, call, context.Method, logger, context.CancellationToken) },
        });
    }

    private static ClassifyRelapseRequest Shared(BatchClassifyRelapsesRequest request) => new()
    {
        Protocols = { request.Protocols },
        Readings = { request.Readings },
        RequestId = request.RequestId,
        IncludeTrace = request.IncludeTrace,
    };
}
