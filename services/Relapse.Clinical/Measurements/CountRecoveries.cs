using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;

namespace Relapse.Clinical;

/// <summary>Whether the rules of count recovery that one protocol knows conclude alike.</summary>
public static class CountRecoveries
{
    private const string Rules = "count_recovery.";
    private const string Recovered = "RECOVERED";

    /// <summary>One for each protocol that has more than one rule.</summary>
    /// <param name="protocols">The protocols of the call.</param>
    /// <param name="answers">What a case was answered under them.</param>
    public static IEnumerable<CountRecovery> Of(IEnumerable<CompiledProtocol> protocols, IEnumerable<Decision> answers) => answers
        .Where(answer => answer.Decision_.StartsWith(Rules, StringComparison.Ordinal) && answer.Outcome is not Outcome.NotDefined)
        .GroupBy(answer => answer.Protocol, StringComparer.Ordinal)
        .Where(rules => rules.Count() > 1)
        .Select(rules => Compare(protocols.First(protocol => string.Equals(protocol.Name, rules.Key, StringComparison.Ordinal)), [.. rules]));

    private static CountRecovery Compare(CompiledProtocol protocol, IReadOnlyList<Decision> answers)
    {
        var recovery = new CountRecovery { Protocol = protocol.Name };
        foreach (var answer in answers)
        {
            var list = answer.Possible is not [var only] ? recovery.Open : only == Recovered ? recovery.Recovered : recovery.NotRecovered;
            list.Add(answer.Decision_);
        }

        recovery.Detail = recovery.Recovered.Count > 0 && recovery.NotRecovered.Count > 0
            ? $"The rules disagree: recovered by {Named(protocol, recovery.Recovered)}, not by {Named(protocol, recovery.NotRecovered)}."
            : "";
        return recovery;
    }

    private static string Named(CompiledProtocol protocol, IEnumerable<string> decisions) => ProtocolWords.And(decisions.Select(decision => $"rule {Letter(decision)}{Counts(protocol, decision)}"));

    /// <summary><c>count_recovery.b_low</c> is rule B low.</summary>
    private static string Letter(string decision) => ProtocolWords.Sentence(decision[Rules.Length..].Replace('_', ' '));

    /// <summary>The counts that a rule asks for, which its document prints in brackets.</summary>
    private static string Counts(CompiledProtocol protocol, string decision) =>
        protocol.Document.Decisions[decision].Labels.TryGetValue(Recovered, out var label) && label.IndexOf(" (", StringComparison.Ordinal) is >= 0 and var start ? label[start..] : "";
}
