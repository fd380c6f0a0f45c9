using Google.Rpc;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Cohorts;
using Status = Google.Rpc.Status;

namespace Relapse.Assessment.Cohorts;

/// <summary>Makes the result of each item out of what the services said of it, and counts what became of the cohort.</summary>
internal sealed class AssessmentTally
{
    private readonly DecisionCount[] _counts;

    /// <summary>For each part the places of its decisions among those concluded, by protocol and id.</summary>
    private readonly Dictionary<(string Protocol, string Decision), int> _places;

    private long _items;
    private long _refused;

    public AssessmentTally(CohortCall call)
    {
        _counts = [.. call.Decided.Select(decided => new DecisionCount(decided.Protocol, decided.Decision))];
        _places = call.Decided.Index().ToDictionary(entry => (entry.Item.Protocol.Name, entry.Item.Decision), entry => entry.Index);
    }

    /// <summary>The result of one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="answers">What each part says of it, with the part.</param>
    public AssessItemResult Result(AssessItem item, IReadOnlyList<(Part Part, ItemAnswer Answer)> answers)
    {
        _items++;
        if (answers.Select(answer => answer.Answer.Error).FirstOrDefault(error => error is not null) is { } error)
        {
            _refused++;
            return new AssessItemResult { ItemId = item.ItemId, Error = error };
        }

        var (conclusions, needed) = (new Conclusion[_counts.Length], new NeededFacts());
        foreach (var (part, answer) in answers)
        {
            foreach (var decision in answer.Decisions)
            {
                if (_places.TryGetValue((decision.Protocol, decision.Decision_), out var place))
                {
                    _counts[place].Add(decision);
                    needed.Add(decision, comesNext: part == Part.Eligibility);
                    conclusions[place] = new Conclusion { Decision = place, Outcome = decision.Outcome, Possible = { decision.Possible } };
                }
            }
        }

        return new AssessItemResult
        {
            ItemId = item.ItemId,
            Conclusions = new CaseConclusions { Conclusions = { conclusions }, Missing = { needed.InOrder().Select(fact => fact.Field) } },
        };
    }

    /// <summary>What was counted.</summary>
    public AssessCohortSummary Summary() => new()
    {
        Items = _items,
        Assessed = _items - _refused,
        Refused = _refused,
        Tallies = { _counts.Select(count => count.Tally()) },
    };
}
