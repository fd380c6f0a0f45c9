using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Status = Google.Rpc.Status;

namespace Relapse.Client.Cohorts;

/// <summary>What became of one item of AssessCohort.</summary>
/// <param name="ItemId">The caller's id of the item, unchanged.</param>
/// <param name="Conclusions">For each protocol, in the order asked for, each decision of the parts asked for that it defines; none where the item was refused.</param>
/// <param name="Missing">Facts that are not known and would settle one of these, each once, as paths of the case.</param>
/// <param name="Error">Why the case was refused, which <see cref="RelapseError.From(Google.Rpc.Status)"/> reads; null where it was not.</param>
public sealed record AssessedItem(string ItemId, IReadOnlyList<AssessedConclusion> Conclusions, IReadOnlyList<string> Missing, Status? Error)
{
    internal static AssessedItem Of(AssessItemResult result, IReadOnlyList<ProtocolDecision> decisions) => new(
        result.ItemId,
        [.. (result.Conclusions?.Conclusions ?? []).Select(one => new AssessedConclusion(decisions[one.Decision].Protocol, decisions[one.Decision].Decision, one.Outcome, one.Possible))],
        result.Conclusions?.Missing ?? [],
        result.Error);
}

/// <summary>What one decision of one protocol concludes of a case.</summary>
/// <param name="Protocol"><c>protocols/{id}/versions/{version}</c>.</param>
/// <param name="Decision">Id of the decision.</param>
/// <param name="Outcome">How far it is settled.</param>
/// <param name="Possible">Conclusions still possible, in the protocol's own words.</param>
public sealed record AssessedConclusion(string Protocol, string Decision, Outcome Outcome, IReadOnlyList<string> Possible);
