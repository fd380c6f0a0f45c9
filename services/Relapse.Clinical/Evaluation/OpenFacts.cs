using System.Collections.Immutable;
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
        foreach (var field in diagram.Missing(values, open.All).GroupBy(missing => missing.Question.Name, StringComparer.Ordinal))
        {
            answer.Missing.Add(Missing(field.Key, open.Describe(field, diagram, values)));
        }
        var support = open.Findings.Count + open.Together.Count == 0 ? [] : diagram.Restrict(values).Support;
        var (mattering, common, among) = (open.Together.Where(question => support.Contains(question.Input)), diagram, values);
        foreach (var question in mattering.Where(question => !answer.Missing.Any(missing => string.Equals(missing.Field, question.Name, StringComparison.Ordinal))))
        {
            answer.Missing.Add(Missing(question.Name, question.Answers.Select(each => (each.Label, common.Possible(ProtocolFacts.With(among, question.Input, each.Values))))));
        }
        ImmutableArray<OpenFinding> findings = [.. open.Findings.Where(finding => support.Contains(finding.Open) && open.AnswersOf(finding).Any()).DistinctBy(finding => finding.Fact)];
        foreach (var finding in findings)
        {
            answer.Missing.Add(Missing(finding.Field, AfterFinding(open, finding)));
        }
        answer.Shortest.Add(new SettlingSearch(facts, diagram, open, findings).Find(values));
    }

    /// <summary>The paths alone, those that can decide most first, each once.</summary>
    public IEnumerable<string> Fields()
    {
        var open = new OpenQuestions(facts, values, diagram.SupportInputs);
        var support = open.Findings.Count == 0 ? [] : diagram.Restrict(values).Support;
        return diagram.Missing(values, open.All).Select(missing => missing.Question.Name)
            .Concat(open.Findings.Where(finding => support.Contains(finding.Open)).Select(finding => finding.Field))
            .Distinct(StringComparer.Ordinal);
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
        // A method that is not stated says which result counts and by which method it is: one answer, of which each part leaves something.
        foreach (var (label, possible) in answers.GroupBy(answer => answer.Label, (label, alike) => (label, alike.Select(answer => answer.Possible).Aggregate((one, other) => one & other)), StringComparer.Ordinal))
        {
            var would = new WouldDecide { Value = label };
            DecisionAnswer.AddWords(would.Possible, diagram, possible);
            missing.WouldDecide.Add(would);
        }
        return missing;
    }
}
