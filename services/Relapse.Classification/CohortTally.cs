using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Classification;

/// <summary>Counts what became of a cohort, chunk by chunk.</summary>
internal sealed class CohortTally
{
    private readonly string _requestId;
    private readonly Count[] _counts;
    private long _items;
    private long _refused;

    public CohortTally(ClassificationCall call)
    {
        _requestId = call.RequestId;
        _counts = [.. from protocol in call.Protocols from decision in WellKnownDecisions.Classification select new Count(protocol, decision)];
    }

    public void Add(IReadOnlyCollection<CohortItemResult> results)
    {
        foreach (var result in results)
        {
            _items++;
            _refused += result.Error is null ? 0 : 1;
            for (var i = 0; result.Classification is { } answer && i < _counts.Length; i++)
            {
                // The answers of a classification stand in the order of the counts.
                _counts[i].Add(answer.Decisions[i]);
            }
        }
    }

    public CohortSummary Summary() => new()
    {
        Items = _items,
        Classified = _items - _refused,
        Refused = _refused,
        Tallies = { _counts.Select(count => count.Tally()) },
        RequestId = _requestId,
    };

    private sealed class Count(CompiledProtocol protocol, string decision)
    {
        private readonly string[] _order = protocol.Document.Decisions.TryGetValue(decision, out var table) ? [.. table.Conclusions] : [];
        private readonly SortedDictionary<Outcome, long> _outcomes = [];
        private readonly Dictionary<string, long> _conclusions = new(StringComparer.Ordinal);

        public void Add(Decision answer)
        {
            _outcomes[answer.Outcome] = _outcomes.GetValueOrDefault(answer.Outcome) + 1;
            if (answer.Possible is [var only] && answer.Outcome is Outcome.Determined or Outcome.Conditional)
            {
                _conclusions[only] = _conclusions.GetValueOrDefault(only) + 1;
            }
        }

        public DecisionTally Tally() => new()
        {
            Protocol = protocol.Name,
            Decision = decision,
            Outcomes = { _outcomes.Select(entry => new OutcomeCount { Outcome = entry.Key, Items = entry.Value }) },
            Conclusions = { _order.Where(_conclusions.ContainsKey).Select(word => new ConclusionCount { Conclusion = word, Items = _conclusions[word] }) },
        };
    }
}
