using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Client.Cohorts;

/// <summary>Counts what became of items as the server's summary does, from results or from other summaries.</summary>
internal sealed class CohortTally
{
    // In the order of an answer, as the first that was counted has it.
    private readonly OrderedDictionary<(string Protocol, string Decision), Counts> _decisions = [];

    public long Items { get; private set; }

    public long Refused { get; private set; }

    public void Add(IReadOnlyList<CohortItemResult> results)
    {
        foreach (var result in results)
        {
            Items++;
            Refused += result.Classification is null ? 1 : 0;
            foreach (var decision in result.Classification?.Decisions ?? [])
            {
                var counts = Of(decision.Protocol, decision.Decision_);
                counts.Outcomes[decision.Outcome] = counts.Outcomes.GetValueOrDefault(decision.Outcome) + 1;
                if (decision.Possible is [var only] && decision.Outcome is Outcome.Determined or Outcome.Conditional)
                {
                    counts.Add(only, 1);
                }
            }
        }
    }

    public void Add(CohortSummary summary)
    {
        Items += summary.Items;
        Refused += summary.Refused;
        foreach (var tally in summary.Tallies)
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

    public CohortSummary Summary() => new()
    {
        Items = Items,
        Classified = Items - Refused,
        Refused = Refused,
        Tallies = { _decisions.Select(entry => entry.Value.Tally(entry.Key.Protocol, entry.Key.Decision)) },
    };

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
