using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>Which kind of relapse is each of them? Order kept, each on its own; those that the answer has no room for are told so.</summary>
    public override async Task<BatchClassifyRelapsesResponse> BatchClassifyRelapses(BatchClassifyRelapsesRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        CohortItems.Check(request.Items, faults);
        if (request.Items.Count == 0)
        {
            faults.Invalid("items", "required; a batch has an item at least");
        }

        var call = new ClassificationCall(protocols.Catalog, Shared(request), faults);
        faults.ThrowIfAny();
        // Room for the status of each is kept, so that each has one when the answers no longer fit.
        var left = request.Items.Select(item => new CohortItemResult { ItemId = item.ItemId, Error = ItemFailure.AnswerFull(limits.AnswerBytes) }).ToList();
        var run = new CohortRun(request.Items, item => CohortItems.Answer(item, call, context.Method, logger), workers);
        var answered = await run.NextAsync(limits.AnswerBytes - left.Sum(result => (long)CohortRun.SizeOf(result)), context.CancellationToken);
        return new BatchClassifyRelapsesResponse { Results = { answered, left.Skip(answered.Count) } };
    }

    private static ClassifyRelapseRequest Shared(BatchClassifyRelapsesRequest request) => new()
    {
        Protocols = { request.Protocols },
        Readings = { request.Readings },
        RequestId = request.RequestId,
        IncludeTrace = request.IncludeTrace,
    };
}
