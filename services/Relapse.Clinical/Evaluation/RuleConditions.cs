using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using Condition = Relapse.Contracts.Decision.V1.Condition;

namespace Relapse.Clinical;

/// <summary>
/// On what an answer stands because a rule says so: the rule's own condition, or that of a rule on the way where the answer hangs on
/// what that one concludes.
/// </summary>
internal static class RuleConditions
{
    /// <summary>Adds the conditions of every rule still possible, each once.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="facts">The facts of the case.</param>
    /// <param name="decision">The decision answered.</param>
    /// <param name="assumed">What is possible of each input.</param>
    /// <param name="possible">The conclusions possible under it.</param>
    public static void AddTo(Decision answer, ProtocolFacts facts, ProtocolDecision decision, ValueSet[] assumed, ValueSet possible)
    {
        if (decision.HasRuleConditions)
        {
            Add(answer, decision, assumed, isOwn: true);
        }
        foreach (var feeder in decision.FeedersWithConditions)
        {
            if (RestsOn(facts, decision, feeder, assumed, possible))
            {
                Add(answer, facts.Protocol.Decisions[feeder], assumed, isOwn: false);
            }
        }
    }

    private static void Add(Decision answer, ProtocolDecision from, ValueSet[] assumed, bool isOwn)
    {
        foreach (var index in from.Diagram.PossibleRules(assumed))
        {
            if (from.Rules[index].Rule?.Condition is not { } condition || answer.Conditions.Any(other => string.Equals(other.Id, condition.Id, StringComparison.Ordinal)))
            {
                continue;
            }
            var stated = new Condition { Kind = condition.Kind, Id = condition.Id, Detail = condition.Detail };
            // Otherwise is in the words of the decision that has the rule.
            if (isOwn)
            {
                stated.Otherwise.Add(condition.Otherwise?.Values_ ?? []);
            }
            answer.Conditions.Add(stated);
        }
    }

    /// <summary>Whether the answer rests on what a decision on the way concludes: it is derived, and another conclusion would leave others possible.</summary>
    public static bool RestsOn(ProtocolFacts facts, ProtocolDecision decision, string feeder, ValueSet[] assumed, ValueSet possible) =>
        !facts.Established.ContainsKey(feeder) && HangsOn(facts, decision, feeder, assumed, possible);

    private static bool HangsOn(ProtocolFacts facts, ProtocolDecision decision, string feeder, ValueSet[] assumed, ValueSet possible)
    {
        var given = facts.Protocol.Decisions[feeder].OwnOverride;
        if (given < 0 || !decision.Diagram.DependsOn(given))
        {
            return given < 0;
        }
        // Index 0 of an override is "derived".
        var any = facts.Protocol.Model.Inputs[given].Domain.All.Except(ValueSet.Of(0));
        return decision.Diagram.Possible(ProtocolFacts.With(assumed, given, any)) != possible;
    }
}
