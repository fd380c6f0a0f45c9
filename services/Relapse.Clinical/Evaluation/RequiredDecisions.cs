using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>States for advice whether what it is given holds: it changes no conclusion, unless that rests on facts that contradict each other.</summary>
internal static class RequiredDecisions
{
    /// <param name="answer">The advice.</param>
    /// <param name="decision">Its decision.</param>
    /// <param name="find">Finds the answer to a decision; null when no document at hand decides it.</param>
    public static void AddTo(Decision answer, ProtocolDecision decision, Func<string, Decision?> find)
    {
        foreach (var (required, warning) in decision.Requirements)
        {
            var found = find(required.Decision);
            var requirement = new Requirement { Decision = required.Decision, Needed = string.Join(" or ", required.Needed.Values_), State = StateOf(required, found) };
            if (found is not null)
            {
                requirement.Protocol = found.Protocol;
                requirement.Possible.Add(found.Possible);
                requirement.Missing.Add(requirement.State == RequirementState.Unknown ? found.Missing.Select(missing => missing.Field) : []);
            }
            answer.Requires.Add(requirement);
            if (found is { Outcome: Outcome.Inconsistent } && answer.Outcome != Outcome.OutOfScope)
            {
                MakeInconsistent(answer, found);
            }
            else if (warning is not null && requirement.State == RequirementState.NotMet)
            {
                answer.Warnings.Add(warning);
            }
        }
    }

    private static RequirementState StateOf(RequiredDecision required, Decision? found)
    {
        if (found is null || found.Possible.Count == 0 || (required.Undecided is { } undecided && found.Possible.Any(undecided.Values_.Contains)))
        {
            return RequirementState.Unknown;
        }
        var met = found.Possible.Count(required.Needed.Values_.Contains);
        return met == found.Possible.Count ? RequirementState.Met : met == 0 ? RequirementState.NotMet : RequirementState.Unknown;
    }

    /// <summary>Advice given a remission that the facts both assert and deny is advice on a case that cannot be.</summary>
    private static void MakeInconsistent(Decision answer, Decision found)
    {
        answer.Outcome = Outcome.Inconsistent;
        answer.Possible.Clear();
        answer.Because.Clear();
        answer.Conditions.Clear();
        answer.Missing.Clear();
        answer.Shortest.Clear();
        answer.Boundary.Clear();
        foreach (var contradiction in found.Contradictions.Where(contradiction => !answer.Contradictions.Contains(contradiction)))
        {
            answer.Contradictions.Add(contradiction);
        }
    }
}
