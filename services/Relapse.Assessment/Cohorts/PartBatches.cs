using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Edge;
using Relapse.Hosting.Errors;
using Status = Google.Rpc.Status;

namespace Relapse.Assessment.Cohorts;

/// <summary>What one service says of one item.</summary>
/// <param name="Decisions">For each version, each decision of the part; empty when the item was refused.</param>
/// <param name="Agreements">How the versions compare; empty where conclusions alone were asked for.</param>
/// <param name="Error">Why the item was refused; null when it was not.</param>
internal sealed record ItemAnswer(IReadOnlyList<Decision> Decisions, IReadOnlyList<Agreement> Agreements, Status? Error);

/// <summary>Asks a service about the items of a chunk, in batches of as many as its answer has room for.</summary>
/// <param name="lines">The lines to the services.</param>
/// <param name="versions">Names of the exact versions.</param>
/// <param name="readings">The readings chosen.</param>
/// <param name="alongside">The documents beside them, of whichever chunk.</param>
/// <param name="requestId">The id that keys the receipts, which nobody sees here.</param>
/// <param name="view">How much of each answer is looked at.</param>
internal sealed class PartBatches(ClinicalLines lines, string[] versions, IReadOnlyList<ReadingChoice> readings, Alongside alongside, string requestId, DecisionView view)
{
    private const int MostAtOnce = 256;

    /// <summary>The parts that are asked in batches, in the order of Figure 1.</summary>
    public static IReadOnlyList<Part> Batched { get; } = [Part.Classification, Part.Response, Part.Mrd, Part.Eligibility];

    /// <summary>The answers to the items, in order.</summary>
    /// <exception cref="RpcException">The service cannot be reached, or refuses what all items share.</exception>
    public async Task<IReadOnlyList<ItemAnswer>> AskAsync(Part part, IReadOnlyList<AssessItem> items, ServerCallContext caller)
    {
        var (answers, most) = (new List<ItemAnswer>(items.Count), MostAtOnce);
        while (answers.Count < items.Count)
        {
            var some = await OnceAsync(part, [.. items.Skip(answers.Count).Take(most)], caller);
            // The first item always has room, so that this comes to an end.
            var had = some.TakeWhile(answer => !HadNoRoom(answer)).ToList();
            answers.AddRange(had);
            most = had.Count;
        }

        return answers;
    }

    private static bool HadNoRoom(ItemAnswer answer) => answer.Error?.GetDetail<ErrorInfo>()?.Reason == "ANSWER_FULL";

    private async Task<IEnumerable<ItemAnswer>> OnceAsync(Part part, AssessItem[] items, ServerCallContext caller)
    {
        var options = lines.ForBatch(caller);
        try
        {
            return part switch
            {
                Part.Classification => (await lines.Classification.BatchClassifyRelapsesAsync(
                    new BatchClassifyRelapsesRequest { Items = { items.Select(item => new CohortItem { Case = item.Case }) }, Protocols = { versions }, Readings = { readings }, RequestId = requestId, View = view, Alongside = alongside }, options))
                    .Results.Select(result => Item(result.Classification?.Decisions, result.Classification?.Agreements, result.Error)),
                Part.Mrd => (await lines.Mrd.BatchInterpretMrdAsync(
                    new BatchInterpretMrdRequest { Items = { items.Select(item => new MrdItem { Case = item.Case }) }, Protocols = { versions }, Readings = { readings }, RequestId = requestId, View = view, Alongside = alongside }, options))
                    .Results.Select(result => Item(result.Interpretation?.Decisions, result.Interpretation?.Agreements, result.Error)),
                Part.Response => (await lines.Mrd.BatchAssessResponsesAsync(
                    new BatchAssessResponsesRequest { Items = { items.Select(item => new MrdItem { Case = item.Case }) }, Protocols = { versions }, Readings = { readings }, RequestId = requestId, View = view, Alongside = alongside }, options))
                    .Results.Select(result => Item(result.Assessment?.Decisions, result.Assessment?.Agreements, result.Error)),
                _ => (await lines.Transplant.BatchAssessEligibilitiesAsync(
                    new BatchAssessEligibilitiesRequest { Items = { items.Select(item => new EligibilityItem { Case = item.Case }) }, Protocols = { versions }, Readings = { readings }, RequestId = requestId, View = view, Alongside = alongside }, options))
                    .Results.Select(result => Item(result.Assessment?.Decisions, result.Assessment?.Agreements, result.Error)),
            };
        }
        catch (RpcException failure) when (!caller.CancellationToken.IsCancellationRequested && (failure.GetRpcStatus() is not { } said || HasTooManyCalls(said)))
        {
            throw RpcErrors.Unavailable("SERVICE_UNREACHABLE", "A service that has to be asked cannot be reached, or has too many calls; take the stream up again after the items answered.");
        }
    }

    private static bool HasTooManyCalls(Status said) => said.GetDetail<ErrorInfo>()?.Reason == RpcStatus.TooMany.Reason;

    private static ItemAnswer Item(IReadOnlyList<Decision>? decisions, IReadOnlyList<Agreement>? agreements, Status? error) => new(decisions ?? [], agreements ?? [], error);
}
