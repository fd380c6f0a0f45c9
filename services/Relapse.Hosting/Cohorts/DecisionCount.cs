using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Hosting.Cohorts;

/// <summary>Counts how one decision of one protocol came out over a cohort.</summary>
/// <param name="protocol">The version.</param>
/// <param name="decision">Id of the decision.</param>
public sealed class DecisionCount(CompiledProtocol protocol, string decision)
{
    private readonly string[] _order = protocol.Document.Decisions.TryGetValue(decision, out var table) ? [.. table.Conclusions] : [];
    private readonly SortedDictionary<Outcome, long> _outcomes = [];
    private readonly Dictionary<string, long> _conclusions = new(StringComparer.Ordinal);

    /// <summary>Counts the answer to one case.</summary>
    public void Add(Decision answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _outcomes[answer.Outcome] = _outcomes.GetValueOrDefault(answer.Outcome) + 1;
        if (answer.Possible is [var only] && answer.Outcome is Outcome.Determined or Outcome.Conditional)
        {
            _conclusions[only] = _conclusions.GetValueOrDefault(only) + 1;
        }
    }

    /// <summary>What was counted, conclusions in the protocol's order.</summary>
    public DecisionTally Tally() => new()
    {
        Protocol = protocol.Name,
        Decision = decision,
        Outcomes = { _outcomes.Select(entry => new OutcomeCount { Outcome = entry.Key, Items = entry.Value }) },
        Conclusions = { _order.Where(_conclusions.ContainsKey).Select(word => new ConclusionCount { Conclusion = word, Items = _conclusions[word] }) },
    };
}
