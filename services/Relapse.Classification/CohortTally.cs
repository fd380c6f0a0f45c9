using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Cohorts;

namespace Relapse.Classification;

/// <summary>Counts what became of a cohort, chunk by chunk.</summary>
internal sealed class CohortTally
{
    private readonly string _requestId;
    private readonly DecisionCount[] _counts;
    private long _items;
    private long _refused;

    public CohortTally(ClassificationCall call)
    {
        _requestId = call.RequestId;
        _counts = [.. from protocol in call.Protocols from decision in WellKnownDecisions.Classification select new DecisionCount(protocol, decision)];
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
}
