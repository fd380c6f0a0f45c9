using Relapse.Clinical.Facts;
using Relapse.Clinical.Measurements;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using Condition = Relapse.Contracts.Decision.V1.Condition;

namespace Relapse.Clinical;

/// <summary>
/// The conditions of an answer that hangs on a result of which it is not certain that it is of the protocol's time point: no source that was
/// read says so, or it is not after some reinductions, and which was given is not stated. What is remembered of answers does not know the
/// time point, so that they are added to each answer by itself.
/// </summary>
internal static class ResultConditions
{
    private const string ReinductionNotStated = "reinduction-not-stated";

    public static void AddTo(Decision[] answers, ProtocolFacts facts)
    {
        if (facts.CaseFacts.HasMeasurements)
        {
            foreach (var (name, measurement) in facts.Protocol.Document.Measurements)
            {
                LevelsOutOfScope.Open(answers, facts, name, MrdMeasure.Of(name, measurement));
                if (measurement.Provided is null && measurement.Excluded.Count == 0)
                {
                    continue;
                }
                var selected = facts.CaseFacts.Select(MrdMeasure.Of(name, measurement));
                if (selected.IsProvided)
                {
                    Add(answers, facts, name, new Condition { Kind = ConditionKind.SourceNotRead, Id = measurement.Provided!.Id, Detail = measurement.Provided.Detail });
                }
                if (!selected.CountsUnlessAfter.IsEmpty)
                {
                    Add(answers, facts, name, UnlessAfter(selected));
                }
            }
        }
    }

    /// <summary>The condition that reinduction, which is not stated, was none after which the result is of another time point.</summary>
    public static Condition UnlessAfter(MrdSelection selected) => new()
    {
        Kind = ConditionKind.ScopeNotConfirmed,
        Id = ReinductionNotStated,
        Detail = $"{CaseFacts.ReinductionField} does not say; after reinduction of {MeasurementWords.Or([.. selected.CountsUnlessAfter.Select(MeasurementWords.Of)])} the result is not of the protocol's time point",
    };

    private static void Add(Decision[] answers, ProtocolFacts facts, string measurement, Condition condition)
    {
        foreach (var answer in answers.Where(answer => answer.Outcome is Outcome.Determined or Outcome.Conditional or Outcome.Undetermined && !answer.Established))
        {
            if (HangsOn(facts, facts.Protocol.Decisions[answer.Decision_], measurement))
            {
                answer.Conditions.Add(condition);
                answer.Outcome = answer.Outcome is Outcome.Determined ? Outcome.Conditional : answer.Outcome;
            }
        }
    }

    /// <summary>Whether more would be possible without the result, or would be under another reading.</summary>
    private static bool HangsOn(ProtocolFacts facts, ProtocolDecision decision, string measurement)
    {
        ValueSet[] known = [.. facts.Assumed(decision)];
        ValueSet[] without = [.. known];
        foreach (var id in new[] { FactId.MrdLevelOf(measurement), FactId.MrdMethodOf(measurement) })
        {
            if (facts.Protocol.Model.InputIndex(id) is >= 0 and var input)
            {
                var inScope = decision.Guards.Where(guard => guard.Input == input).Aggregate(facts.Protocol.Model.Inputs[input].Domain.All, (all, guard) => all & guard.InScope);
                without[input] = inScope;
            }
        }
        if (decision.Diagram.Possible(without) != decision.Diagram.Possible(known))
        {
            return true;
        }
        foreach (var reading in facts.LiveReadings)
        {
            (known[reading], without[reading]) = (facts.Protocol.Model.Inputs[reading].Domain.All, facts.Protocol.Model.Inputs[reading].Domain.All);
        }
        return !facts.LiveReadings.IsEmpty && decision.Diagram.Possible(without) != decision.Diagram.Possible(known);
    }
}
