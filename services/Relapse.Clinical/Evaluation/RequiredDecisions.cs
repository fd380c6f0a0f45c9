using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>
/// States for advice whether what it is given holds. It changes no conclusion, unless that rests on facts that contradict each other, or
/// the document says that without it the case is not covered.
/// </summary>
internal static class RequiredDecisions
{
    /// <param name="answer">The advice.</param>
    /// <param name="decision">Its decision.</param>
    /// <param name="historical">What the protocol warns of whatever the case is; null for nothing.</param>
    /// <param name="find">Finds what is known of a decision; null when no document at hand decides it.</param>
    public static void AddTo(Decision answer, ProtocolDecision decision, Warning? historical, Func<string, FoundDecision?> find)
    {
        foreach (var requirement in decision.Requirements)
        {
            var found = find(requirement.Required.Decision);
            var stated = State(requirement.Required, found);
            answer.Requires.Add(stated);
            if (answer.Outcome == Outcome.OutOfScope)
            {
                continue;
            }
            if (found is { Contradictions.Length: > 0 })
            {
                Withdraw(answer, Outcome.Inconsistent, historical);
                answer.Contradictions.Add(found.Contradictions.Where(contradiction => !answer.Contradictions.Contains(contradiction)));
            }
            else if (stated.State == RequirementState.NotMet && answer.Outcome != Outcome.Inconsistent && requirement.Outside is { } outside)
            {
                Withdraw(answer, Outcome.OutOfScope, historical);
                answer.Because.Add(outside);
            }
            else if (stated.State == RequirementState.NotMet && requirement.Warning is { } warning)
            {
                answer.Warnings.Add(warning);
            }
        }
    }

    private static Requirement State(RequiredDecision required, FoundDecision? found)
    {
        var stated = new Requirement { Decision = required.Decision, Needed = string.Join(" or ", required.Needed.Values_), State = StateOf(required, found) };
        if (found is not null)
        {
            stated.Protocol = found.Answer.Protocol;
            stated.Possible.Add(found.Possible);
            stated.Missing.Add(stated.State == RequirementState.Unknown ? found.Answer.Missing.Select(missing => missing.Field) : []);
        }
        return stated;
    }

    private static RequirementState StateOf(RequiredDecision required, FoundDecision? found)
    {
        if (found is null || found.Possible.IsEmpty)
        {
            return RequirementState.Unknown;
        }
        if (found.Standing is { } standing && !found.Possible.All(required.Needed.Values_.Contains))
        {
            // What the centre concluded from it settles also what was withheld until somebody had looked. That it may have failed by a
            // reading that does not count a remission without platelets is taken only where the facts leave that remission alone.
            if (!standing.Would.Any(required.Needed.Values_.Contains))
            {
                return RequirementState.NotMet;
            }
            if (standing.Could.All(conclusion => required.Needed.Values_.Contains(conclusion) || IsUndecided(required, conclusion)))
            {
                return RequirementState.Met;
            }
        }
        if (found.Possible.Any(conclusion => IsUndecided(required, conclusion)))
        {
            return RequirementState.Unknown;
        }
        var met = found.Possible.Count(required.Needed.Values_.Contains);
        return met == found.Possible.Length ? RequirementState.Met : met == 0 ? RequirementState.NotMet : RequirementState.Unknown;
    }

    private static bool IsUndecided(RequiredDecision required, string conclusion) => required.Undecided is { } undecided && undecided.Values_.Contains(conclusion);

    /// <summary>Advice given a remission that the facts both assert and deny is advice on a case that cannot be; and so with what is not covered.</summary>
    private static void Withdraw(Decision answer, Outcome outcome, Warning? historical)
    {
        answer.Outcome = outcome;
        answer.Possible.Clear();
        answer.Because.Clear();
        answer.Conditions.Clear();
        answer.Missing.Clear();
        answer.Shortest.Clear();
        answer.Boundary.Clear();
        // What is warned of is a conclusion that there no longer is.
        answer.Warnings.Clear();
        answer.Warnings.Add(historical is null ? [] : [historical]);
    }
}

/// <summary>What is known of a decision that advice requires.</summary>
/// <param name="Answer">Its answer.</param>
/// <param name="Standing">The conclusions with which what the centre concluded from it could stand, and would whatever else is learned; null
/// when it concluded nothing from it.</param>
/// <param name="Contradictions">Facts that contradict each other in it, what the centre established among them.</param>
internal sealed record FoundDecision(Decision Answer, (ImmutableArray<string> Could, ImmutableArray<string> Would)? Standing, ImmutableArray<Contradiction> Contradictions)
{
    /// <summary>The conclusions still possible.</summary>
    public ImmutableArray<string> Possible { get; } = [.. Answer.Possible.Where(conclusion => Standing is not { } standing || standing.Could.Contains(conclusion))];

    public static FoundDecision Of(ProtocolFacts facts, string id)
    {
        var answer = DecisionAnswers.Of(facts, id, includeTrace: false);
        if (EstablishedConclusions.StandingOf(facts, id) is not { } standing)
        {
            return new(answer, null, answer.Outcome == Outcome.Inconsistent ? [.. answer.Contradictions] : []);
        }
        var words = facts.Protocol.Decisions[id].Diagram.Conclusions;
        var found = new FoundDecision(answer, ([.. words.Labels(standing.Could)], [.. words.Labels(standing.Would)]), []);
        if (answer.Outcome != Outcome.Inconsistent && !found.Possible.IsEmpty)
        {
            return found;
        }
        var others = facts.ContradictionsIn(standing.From).Select(contradiction => new Contradiction { Fields = { contradiction.Fields }, Detail = contradiction.Detail });
        return found with { Contradictions = [.. answer.Contradictions.Concat(others).Distinct()] };
    }
}
