using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Finds the smallest sets of facts that settle a decision. Settled means settled for good: whatever the live readings,
/// where that can be had at all.
/// </summary>
internal sealed class SettlingSearch(
    ProtocolFacts facts, CompiledDecision diagram, OpenQuestions open, ImmutableArray<OpenFinding> findings, ImmutableArray<(string Field, ImmutableArray<(string Label, ValueSet[] Values)> Answers)> earlier)
{
    /// <summary>More facts than this at once are no longer advice on what to find out next.</summary>
    private const int MostFactsToAskFor = 6;

    public IReadOnlyList<SettlingFacts> Find(ValueSet[] values)
    {
        var live = Live(values);
        var settled = Smallest(live, Live);
        return settled.Count > 0 || facts.LiveReadings.IsEmpty ? settled : Smallest(values, unread => unread);
    }

    private ValueSet[] Live(ValueSet[] values)
    {
        ValueSet[] live = [.. values];
        foreach (var reading in facts.LiveReadings)
        {
            live[reading] = facts.Protocol.Model.Inputs[reading].Domain.All;
        }
        return live;
    }

    private List<SettlingFacts> Smallest(ValueSet[] values, Func<ValueSet[], ValueSet[]> read)
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
        foreach (var (field, answers) in earlier)
        {
            foreach (var (label, after) in answers)
            {
                found.AddRange(Search(read(after), MostFactsToAskFor - 1, [new SettlingFact { Field = field, Value = label }]));
            }
        }
        var least = found.Select(set => set.Facts.Count).DefaultIfEmpty().Min();
        // One assignment for each set of facts is enough.
        return [.. found.Where(set => set.Facts.Count == least).DistinctBy(set => string.Join(' ', set.Facts.Select(fact => fact.Field).Order(StringComparer.Ordinal)))];
    }

    /// <summary>With more and more of what is not stated of the results that may stand for a measurement, and whatever else settles beside it.</summary>
    private List<SettlingFacts> Search(ValueSet[] values, int most, SettlingFact[] given)
    {
        ImmutableArray<MrdField> mattering = [.. open.Measured.Mattering(diagram, values)];
        if (mattering.IsEmpty)
        {
            return [.. Beside(values, most, given)];
        }
        List<SettlingFacts> found = [];
        for (var size = 0; size <= Math.Min(most, OpenMeasurements.LargestSet(mattering)); size++)
        {
            var least = found.Count == 0 ? most : found.Min(set => set.Facts.Count) - given.Length;
            if (size > least)
            {
                break;
            }
            foreach (var (stated, after) in open.Measured.Sets(diagram, values, mattering, size))
            {
                found.AddRange(Beside(after, least - size, [.. given, .. stated.Select(each => new SettlingFact { Field = each.Field, Value = each.Answer.Label })]));
            }
        }
        return found;
    }

    private IEnumerable<SettlingFacts> Beside(ValueSet[] values, int most, SettlingFact[] given) =>
        diagram.Shortest(values, open.Settling, open.Combine, most).Sets.Select(set => new SettlingFacts
        {
            Conclusion = diagram.Conclusions.Values[set.Conclusion],
            Facts = { given, set.Answers.Select(answer => new SettlingFact { Field = answer.Question.Name, Value = answer.Answer.Label }) },
        });
}
