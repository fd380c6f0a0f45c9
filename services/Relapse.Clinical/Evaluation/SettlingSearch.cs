using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Finds the smallest sets of facts that settle a decision. Settled means settled for good: whatever the live readings,
/// where that can be had at all.
/// </summary>
internal sealed class SettlingSearch(ProtocolFacts facts, CompiledDecision diagram, OpenQuestions open, ImmutableArray<OpenFinding> findings)
{
    /// <summary>More facts than this at once are no longer advice on what to find out next.</summary>
    private const int MostFactsToAskFor = 6;

    public IReadOnlyList<SettlingFacts> Find(ValueSet[] values)
    {
        ValueSet[] live = [.. values];
        foreach (var reading in facts.LiveReadings)
        {
            live[reading] = facts.Protocol.Model.Inputs[reading].Domain.All;
        }
        var settled = Smallest(live);
        return settled.Count > 0 || facts.LiveReadings.IsEmpty ? settled : Smallest(values);
    }

    private List<SettlingFacts> Smallest(ValueSet[] values)
    {
        var found = Search(values, MostFactsToAskFor, []).ToList();
        foreach (var finding in findings)
        {
            foreach (var (label, value) in open.AnswersOf(finding))
            {
                var given = ImpliedFacts.Give(facts, values, finding.Fact, value);
                found.AddRange(Search(given, MostFactsToAskFor - 1, [new SettlingFact { Field = finding.Field, Value = label }]));
            }
        }
        var least = found.Select(set => set.Facts.Count).DefaultIfEmpty().Min();
        // One assignment for each set of facts is enough.
        return [.. found.Where(set => set.Facts.Count == least).DistinctBy(set => string.Join(' ', set.Facts.Select(fact => fact.Field).Order(StringComparer.Ordinal)))];
    }

    private IEnumerable<SettlingFacts> Search(ValueSet[] values, int most, SettlingFact[] given) =>
        diagram.Shortest(values, open.Settling, open.Combine, most).Sets.Select(set => new SettlingFacts
        {
            Conclusion = diagram.Conclusions.Values[set.Conclusion],
            Facts = { given, set.Answers.Select(answer => new SettlingFact { Field = answer.Question.Name, Value = answer.Answer.Label }) },
        });
}
