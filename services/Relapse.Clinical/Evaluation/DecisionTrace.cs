using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>The way to an answer: each decision on it, the rules that still hold there and where they stand in print, and the MRD results it looks at.</summary>
internal static class DecisionTrace
{
    /// <param name="answer">The answer.</param>
    /// <param name="facts">The facts of the case.</param>
    /// <param name="decision">The decision answered; last on the way.</param>
    /// <param name="assumed">What is possible of each input.</param>
    public static void AddTo(Decision answer, ProtocolFacts facts, ProtocolDecision decision, ValueSet[] assumed)
    {
        foreach (var step in decision.Feeders.Select(feeder => facts.Protocol.Decisions[feeder]).Append(decision))
        {
            answer.Trace.Add(Step(facts, step, assumed));
        }
    }

    private static TraceStep Step(ProtocolFacts facts, ProtocolDecision decision, ValueSet[] assumed)
    {
        var step = new TraceStep { Decision = decision.Id };
        if (facts.Established.TryGetValue(decision.Id, out var established))
        {
            step.Established = true;
            step.Possible.Add(decision.Table.Conclusions[established.Conclusion]);
        }
        else if (!facts.ContradictionsIn(decision.Diagram.SupportInputs).Any())
        {
            int[] rules = [.. decision.Diagram.PossibleRules(assumed)];
            step.Possible.Add(decision.Diagram.Conclusions.Labels(decision.Diagram.Possible(assumed)));
            step.Rules.Add(rules.Select(index => decision.Diagram.RuleIds[index]));
            step.Citations.Add(rules.SelectMany(index => decision.Rules[index].Because.Citations).Distinct());
        }
        step.Measurements.Add(Results(facts, decision));
        return step;
    }

    /// <summary>Paths of the results that stand for the measurements of the table itself.</summary>
    private static IEnumerable<string> Results(ProtocolFacts facts, ProtocolDecision decision) => decision.Table.Inputs
        .Select(input => facts.Protocol.Document.Decisions.ContainsKey(input) ? null : facts.Protocol.FactOf(input)?.Measure)
        .OfType<MrdMeasure>()
        .SelectMany(measure => facts.CaseFacts.Select(measure).Used)
        .Distinct()
        .Select(index => $"case.mrd[{index}]");
}
