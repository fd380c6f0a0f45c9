using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using MissingFact = Relapse.Contracts.Decision.V1.MissingFact;

namespace Relapse.Clinical;

/// <summary>
/// A level that a decision does not cover, of a result of which it is not certain that it is the one that counts. Where that hangs on the
/// reinduction alone, OUT_OF_SCOPE stands on the same condition as a conclusion would, and the reinduction is missing; where another result
/// may count instead, the answer is UNDETERMINED. What is out of scope leaves no conclusion: such an answer to what is missing has none.
/// </summary>
internal static class LevelsOutOfScope
{
    /// <summary>Says what the answers hang on.</summary>
    /// <param name="answers">The answers of one protocol.</param>
    /// <param name="facts">What the case leaves possible.</param>
    /// <param name="measurement">Name of the measurement.</param>
    /// <param name="measure">Which results it looks at.</param>
    public static void Open(Decision[] answers, ProtocolFacts facts, string measurement, MrdMeasure measure)
    {
        if (facts.Protocol.Model.InputIndex(FactId.MrdLevelOf(measurement)) is not (>= 0 and var input) || facts.CaseFacts[((NumberInput)facts.Protocol.Bindings[input]).Fact] is not MrdLevelFact level)
        {
            return;
        }
        var selected = facts.CaseFacts.Select(measure);
        foreach (var answer in answers)
        {
            if (answer.Outcome is Outcome.OutOfScope && !selected.CountsUnlessAfter.IsEmpty)
            {
                AddReinduction(answer, facts, measurement, input, selected);
            }
            else if (answer.Outcome is Outcome.Conditional && !answer.Established && !level.EachOf.IsEmpty)
            {
                OpenBetween(answer, facts, input, level);
            }
        }
    }

    /// <summary>Without the result the decision would conclude something: nothing to add when it is out of scope by something else.</summary>
    private static void AddReinduction(Decision answer, ProtocolFacts facts, string measurement, int input, MrdSelection selected)
    {
        var decision = facts.Protocol.Decisions[answer.Decision_];
        ValueSet[] without = [.. facts.Values];
        without[input] = facts.Protocol.Model.Inputs[input].Domain.All;
        if (facts.Protocol.Model.InputIndex(FactId.MrdMethodOf(measurement)) is >= 0 and var method)
        {
            without[method] = facts.Protocol.Model.Inputs[method].Domain.All;
        }
        foreach (var guard in decision.Guards.Where(guard => without[guard.Input].Overlaps(guard.InScope)))
        {
            without[guard.Input] &= guard.InScope;
        }
        var possible = decision.Diagram.Possible(without).Except(ValueSet.Of(decision.Diagram.ExcludedIndex));
        if (possible.IsEmpty)
        {
            return;
        }
        answer.Conditions.Add(ResultConditions.UnlessAfter(selected));
        var missing = new MissingFact { Field = CaseFacts.ReinductionField };
        foreach (var (given, word) in CaseFacts.ReinductionWords)
        {
            var would = new WouldDecide { Value = word };
            if (selected.CountsUnlessAfter.Contains(given))
            {
                DecisionAnswer.AddWords(would.Possible, decision.Diagram, possible);
            }
            missing.WouldDecide.Add(would);
        }
        answer.Missing.Add(missing);
    }

    /// <summary>Of several results that may count one leaves a conclusion, and another none at all.</summary>
    private static void OpenBetween(Decision answer, ProtocolFacts facts, int input, MrdLevelFact level)
    {
        var decision = facts.Protocol.Decisions[answer.Decision_];
        var bands = ((NumberInput)facts.Protocol.Bindings[input]).Bands;
        var inScope = decision.Guards.Where(guard => guard.Input == input).Aggregate(bands.Domain.All, (all, guard) => all & guard.InScope);
        if (!level.EachOf.Any(each => (bands.Cover(each.Level) & inScope).IsEmpty))
        {
            return;
        }
        answer.Outcome = Outcome.Undetermined;
        ValueSet[] known = [.. facts.Assumed(decision)];
        var open = new OpenMeasurements(facts, facts.Values, [input]);
        foreach (var field in open.Fields.Where(field => !answer.Missing.Any(missing => string.Equals(missing.Field, field.Name, StringComparison.Ordinal))))
        {
            var would = field.Answers.Where(given => given is not MrdNewResult).Select(given => (given.Label, After: open.After(known, [given]))).ToList();
            if (would.DistinctBy(given => given.After is { } after ? (after.Values[input], after.Spans) : default).Skip(1).Any())
            {
                var missing = new MissingFact { Field = field.Name };
                foreach (var (label, after) in would)
                {
                    var decides = new WouldDecide { Value = label };
                    if (after is not null)
                    {
                        DecisionAnswer.AddWords(decides.Possible, decision.Diagram, decision.Diagram.Possible(after.Values));
                    }
                    missing.WouldDecide.Add(decides);
                }
                answer.Missing.Add(missing);
            }
        }
        if (answer.Missing.Count == 0)
        {
            // Of one day, or of two names of one time point: only a new result says more.
            answer.Missing.Add(new MissingFact { Field = MarrowTestFact.TestsField });
        }
    }
}
