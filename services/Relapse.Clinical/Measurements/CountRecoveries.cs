using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;

namespace Relapse.Clinical;

/// <summary>Whether the rules of count recovery that one protocol knows conclude alike.</summary>
public static class CountRecoveries
{
    private const string Rules = "count_recovery.";
    private const string Recovered = "RECOVERED";

    /// <summary>One for each protocol that has more than one rule.</summary>
    /// <param name="answers">What a case was answered, under every protocol of the call.</param>
    public static IEnumerable<CountRecovery> Of(IEnumerable<Decision> answers) => answers
        .Where(answer => answer.Decision_.StartsWith(Rules, StringComparison.Ordinal) && answer.Outcome is not Outcome.NotDefined)
        .GroupBy(answer => answer.Protocol, StringComparer.Ordinal)
        .Where(rules => rules.Count() > 1)
        .Select(rules => Compare(rules.Key, [.. rules]));

    private static CountRecovery Compare(string protocol, IReadOnlyList<Decision> answers)
    {
        var recovery = new CountRecovery { Protocol = protocol };
        foreach (var answer in answers)
        {
            var list = answer.Possible is not [var only] ? recovery.Open : only == Recovered ? recovery.Recovered : recovery.NotRecovered;
            list.Add(answer.Decision_);
        }

        recovery.Detail = recovery.Recovered.Count > 0 && recovery.NotRecovered.Count > 0
            ? $"The rules disagree: recovered by {Named(recovery.Recovered)}, not by {Named(recovery.NotRecovered)}."
            : "";
        return recovery;
    }

    private static string Named(IEnumerable<string> decisions) => string.Join(" and ", decisions.Select(decision => decision[Rules.Length..].Replace('_', ' ')));
}
