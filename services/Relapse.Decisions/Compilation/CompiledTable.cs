using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// A compiled decision together with what it was compiled from, for those who compose it again. The terminals of
/// <paramref name="Outcome"/> are: the rules; then the reasons for being out of scope; then one for no rule.
/// </summary>
/// <param name="Table">The table as declared.</param>
/// <param name="Rules">The table as a diagram over its own inputs.</param>
/// <param name="Reasons">The reasons that can occur.</param>
/// <param name="Outcome">The function of the raw inputs, in the store of the model.</param>
internal sealed record CompiledTable(
    DecisionTable Table, RuleTable Rules, ImmutableArray<string> Reasons, int Outcome)
{
    public int NoRule => Table.Rules.Length + Reasons.Length;

    /// <summary>The functions that give each outcome its conclusion: the rules' conclusions, then one for all or for each of the
    /// reasons.</summary>
    public int[] Conclusions(bool reasonsApart) =>
    [
        .. Table.Rules.Select(rule => ~rule.Then),
        .. Reasons.Select((_, reason) => ~(Table.Conclusions.Count + (reasonsApart ? reason : 0))),
        ~(Table.Conclusions.Count + (reasonsApart ? Reasons.Length : 1)),
    ];
}
