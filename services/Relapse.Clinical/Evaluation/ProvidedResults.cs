using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using Condition = Relapse.Contracts.Decision.V1.Condition;

namespace Relapse.Clinical;

/// <summary>
/// The condition of an answer that hangs on a result of a time point of which no source that was read says that it is the protocol's. What
/// is remembered of answers does not know the time point, so that it is added to each answer by itself.
/// </summary>
internal static class ProvidedResults
{
    public static void AddTo(IEnumerable<Decision> answers, ProtocolFacts facts)
    {
        if (facts.CaseFacts.HasMeasurements)
        {
            foreach (var (name, measurement) in facts.Protocol.Document.Measurements)
            {
                if (measurement.Provided is { } provided && facts.CaseFacts.Select(MrdMeasure.Of(name, measurement)).IsProvided)
                {
                    Add(answers, facts, name, provided);
                }
            }
        }
    }

    private static void Add(IEnumerable<Decision> answers, ProtocolFacts facts, string measurement, ProvidedTimePoint provided)
    {
        foreach (var answer in answers.Where(answer => answer.Outcome is Outcome.Determined or Outcome.Conditional or Outcome.Undetermined && !answer.Established))
        {
            if (HangsOn(facts, facts.Protocol.Decisions[answer.Decision_], measurement))
            {
                answer.Conditions.Add(new Condition { Kind = ConditionKind.SourceNotRead, Id = provided.Id, Detail = provided.Detail });
                answer.Outcome = answer.Outcome is Outcome.Determined ? Outcome.Conditional : answer.Outcome;
            }
        }
    }

    /// <summary>Whether more would be possible without the result.</summary>
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
        return decision.Diagram.Possible(without) != decision.Diagram.Possible(known);
    }
}
