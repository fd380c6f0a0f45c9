using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using MissingFact = Relapse.Contracts.Decision.V1.MissingFact;

namespace Relapse.Clinical;

/// <summary>Facts that are open and still matter, with what each answer would leave, and the smallest sets of them that settle the decision.</summary>
internal readonly struct OpenFacts(ProtocolFacts facts, CompiledDecision diagram, ValueSet[] values)
{
    public void AddTo(Decision answer)
    {
        var open = new OpenQuestions(facts, values, diagram.SupportInputs);
        var (findings, earlier) = Mattering(open);
        foreach (var field in MostSettlingFirst(open).GroupBy(field => field.Name, StringComparer.Ordinal))
        {
            answer.Missing.Add(Missing(field.Key, field.SelectMany(one => one.Answers)));
        }
        foreach (var (field, answers) in earlier)
        {
            var decision = diagram;
            answer.Missing.Add(Missing(field, answers.Select(each => (each.Label, decision.Possible(each.Values)))));
        }
        foreach (var finding in findings)
        {
            answer.Missing.Add(Missing(finding.Field, AfterFinding(open, finding)));
        }
        answer.Shortest.Add(new SettlingSearch(facts, diagram, open, findings, earlier).Find(values));
    }

    /// <summary>Adds the paths that <see cref="AddTo"/> adds, in its order, and nothing of what they would settle.</summary>
    public void AddFieldsTo(Decision answer)
    {
        var open = new OpenQuestions(facts, values, diagram.SupportInputs);
        var (findings, earlier) = Mattering(open);
        answer.Missing.Add(MostSettlingFirst(open).Select(field => field.Name).Distinct(StringComparer.Ordinal)
            .Concat(earlier.Select(one => one.Field))
            .Concat(findings.Select(finding => finding.Field))
            .Select(field => new MissingFact { Field = field }));
    }

    /// <summary>The paths alone, those that can decide most first, each once.</summary>
    public IEnumerable<string> Fields()
    {
        var open = new OpenQuestions(facts, values, diagram.SupportInputs);
        var support = open.Findings.Count == 0 ? [] : diagram.Restrict(values).Support;
        return MostSettlingFirst(open).Select(field => field.Name)
            .Concat(open.Earlier.Select(earlier => earlier.Field))
            .Concat(open.Findings.Where(finding => support.Contains(finding.Open)).Select(finding => finding.Field))
            .Distinct(StringComparer.Ordinal);
    }

    private (ImmutableArray<OpenFinding> Findings, ImmutableArray<(string Field, ImmutableArray<(string Label, ValueSet[] Values)> Answers)> Earlier) Mattering(OpenQuestions open)
    {
        var support = open.Findings.Count + open.Earlier.Length == 0 ? [] : diagram.Restrict(values).Support;
        return (
            [.. open.Findings.Where(finding => support.Contains(finding.Open) && open.AnswersOf(finding).Any()).DistinctBy(finding => finding.Fact)],
            open.Earlier.IsEmpty || !support.Contains(facts.Protocol.Model.InputIndex(FactId.EventBefore)) ? [] : open.Earlier);
    }

    private IEnumerable<OpenField> MostSettlingFirst(OpenQuestions open) =>
        Plain(open).Concat(OfResults(open)).OrderByDescending(field => field.Settling).ThenBy(field => field.Average);

    private List<OpenField> Plain(OpenQuestions open)
    {
        List<OpenField> fields = [];
        foreach (var field in diagram.Missing(values, open.All).GroupBy(missing => missing.Question.Name, StringComparer.Ordinal))
        {
            var first = field.First();
            fields.Add(new OpenField(field.Key, open.Describe(field, diagram, values), first.SettlingAnswers, (decimal)first.Answers.Sum(answer => answer.Possible.Count) / first.Answers.Length));
        }
        return fields;
    }

    private List<OpenField> OfResults(OpenQuestions open)
    {
        List<OpenField> fields = [];
        foreach (var field in open.Measured.Mattering(diagram, values))
        {
            List<(string Label, ValueSet Possible)> answers = [];
            foreach (var answer in field.Answers)
            {
                if (open.Measured.After(values, [answer]) is { } after)
                {
                    var possible = diagram.Possible(after.Values);
                    // What is out of scope leaves no conclusion.
                    answers.Add((answer.Label, diagram.ExcludedIndex < 0 ? possible : possible.Except(ValueSet.Of(diagram.ExcludedIndex))));
                }
            }
            if (answers.Count > 0)
            {
                fields.Add(new OpenField(field.Name, answers, answers.Count(answer => answer.Possible.IsSingle), (decimal)answers.Sum(answer => answer.Possible.Count) / answers.Count));
            }
        }
        return fields;
    }

    private IEnumerable<(string Label, ValueSet Possible)> AfterFinding(OpenQuestions open, OpenFinding finding)
    {
        foreach (var (label, value) in open.AnswersOf(finding))
        {
            yield return (label, diagram.Possible(ImpliedFacts.Give(facts, values, finding.Fact, value)));
        }
    }

    private MissingFact Missing(string field, IEnumerable<(string Label, ValueSet Possible)> answers)
    {
        var missing = new MissingFact { Field = field };
        // One field may say something in two ways, the reinduction for one: one answer, of which each part leaves something.
        foreach (var (label, possible) in answers.GroupBy(answer => answer.Label, (label, alike) => (label, alike.Select(answer => answer.Possible).Aggregate((one, other) => one & other)), StringComparer.Ordinal))
        {
            var would = new WouldDecide { Value = label };
            DecisionAnswer.AddWords(would.Possible, diagram, possible);
            missing.WouldDecide.Add(would);
        }
        return missing;
    }

    /// <summary>A field with what each answer leaves, worked out when it is asked for, how many of them settle the decision, and how much they leave on average.</summary>
    private sealed record OpenField(string Name, IEnumerable<(string Label, ValueSet Possible)> Answers, int Settling, decimal Average);
}
