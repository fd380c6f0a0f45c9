using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Client.Cohorts;

/// <summary>What one decision concludes of one item, as far as it is counted.</summary>
internal readonly record struct CountedConclusion(string Protocol, string Decision, Outcome Outcome, IReadOnlyList<string> Possible);

/// <summary>Counts what became of items as the server's summary does, from results or from other summaries.</summary>
internal sealed class CohortTally
{
    // In the order of an answer, as the first that was counted has it.
    private readonly OrderedDictionary<(string Protocol, string Decision), Counts> _decisions = [];

    public long Items { get; private set; }

    public long Refused { get; private set; }

    public IEnumerable<DecisionTally> Tallies => _decisions.Select(entry => entry.Value.Tally(entry.Key.Protocol, entry.Key.Decision));

    /// <summary>Counts one item.</summary>
    /// <param name="conclusions">What was concluded of it; null where it was refused.</param>
    public void Add(IEnumerable<CountedConclusion>? conclusions)
    {
        Items++;
        Refused += conclusions is null ? 1 : 0;
        foreach (var (protocol, decision, outcome, possible) in conclusions ?? [])
        {
            var counts = Of(protocol, decision);
            counts.Outcomes[outcome] = counts.Outcomes.GetValueOrDefault(outcome) + 1;
            if (possible is [var only] && outcome is Outcome.Determined or Outcome.Conditional)
            {
                counts.Add(only, 1);
            }
        }
    }

    public void Add(CohortTally other) => Add(other.Items, other.Refused, other.Tallies);

    public void Add(long items, long refused, IEnumerable<DecisionTally> tallies)
    {
        Items += items;
        Refused += refused;
        foreach (var tally in tallies)
        {
            var counts = Of(tally.Protocol, tally.Decision);
            foreach (var outcome in tally.Outcomes)
            {
                counts.Outcomes[outcome.Outcome] = counts.Outcomes.GetValueOrDefault(outcome.Outcome) + outcome.Items;
            }

            foreach (var conclusion in tally.Conclusions)
            {
                counts.Add(conclusion.Conclusion, conclusion.Items);
            }
        }
    }

    private Counts Of(string protocol, string decision)
    {
        if (!_decisions.TryGetValue((protocol, decision), out var counts))
        {
            _decisions.Add((protocol, decision), counts = new Counts());
        }

        return counts;
    }

    private sealed class Counts
    {
        private readonly OrderedDictionary<string, long> _conclusions = new(StringComparer.Ordinal);

        public SortedDictionary<Outcome, long> Outcomes { get; } = [];

        public void Add(string conclusion, long items) => _conclusions[conclusion] = _conclusions.GetValueOrDefault(conclusion) + items;

        public DecisionTally Tally(string protocol, string decision) => new()
        {
            Protocol = protocol,
            Decision = decision,
            Outcomes = { Outcomes.Select(entry => new OutcomeCount { Outcome = entry.Key, Items = entry.Value }) },
            Conclusions = { _conclusions.Select(entry => new ConclusionCount { Conclusion = entry.Key, Items = entry.Value }) },
        };
    }
}
