using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Puts answers together: what cases have in common, remembered or derived, and what is the case's own.</summary>
internal static class DecisionAnswers
{
    /// <summary>Answers one decision; <c>OUTCOME_NOT_DEFINED</c> when the protocol does not define it.</summary>
    public static Decision Of(ProtocolFacts facts, string id, bool includeTrace)
    {
        if (!includeTrace && !facts.AreItsOwn)
        {
            return Of(facts, Common(facts, id));
        }
        if (!facts.Protocol.Decisions.TryGetValue(id, out var decision))
        {
            return NotDefined(facts, id);
        }
        var own = new DecisionAnswer(facts, decision).Derive(includeTrace, asksPlainly: false);
        return Complete(facts, own, own.Answer);
    }

    /// <summary>An answer for one more case of those answered alike.</summary>
    public static Decision Of(ProtocolFacts facts, CommonAnswer common) => Complete(facts, common, common.Copy());

    /// <summary>What cases with the same possible values have in common, remembered or derived.</summary>
    /// <param name="facts">Facts that are not a case's own.</param>
    /// <param name="id">A well-known id.</param>
    public static CommonAnswer Common(ProtocolFacts facts, string id)
    {
        if (!facts.Protocol.Decisions.TryGetValue(id, out var decision))
        {
            return new CommonAnswer(null, NotDefined(facts, id), ValueSet.Empty, asksPlainly: true, []);
        }
        Span<ulong> key = stackalloc ulong[AnswerKey.Length(facts, decision)];
        var asksPlainly = AnswerKey.Write(facts, decision, key);
        if (facts.Protocol.Answers.Find<CommonAnswer>(key) is not { } common)
        {
            common = new DecisionAnswer(facts, decision).Derive(includeTrace: false, asksPlainly);
            facts.Protocol.Answers.Add(key, common);
        }
        return common;
    }

    /// <summary>Concludes one decision: its outcome, what is possible and the paths of what is missing are those of the answer; of the rest nothing is to be relied on.</summary>
    public static Decision Conclude(ProtocolFacts facts, string id)
    {
        if (!facts.Protocol.Decisions.TryGetValue(id, out var decision))
        {
            return NotDefined(facts, id);
        }
        var common = facts.AreItsOwn ? new DecisionAnswer(facts, decision).Conclude(asksPlainly: false) : CommonConclusion(facts, decision);
        var concluded = facts.AreItsOwn ? common.Answer : common.Copy();
        if (!common.AsksPlainly && common.Possible is { IsEmpty: false, IsSingle: false })
        {
            new OpenFacts(facts, decision.Diagram, facts.Assumed(decision)).AddFieldsTo(concluded);
        }
        return concluded;
    }

    private static CommonAnswer CommonConclusion(ProtocolFacts facts, ProtocolDecision decision)
    {
        Span<ulong> key = stackalloc ulong[AnswerKey.Length(facts, decision)];
        var asksPlainly = AnswerKey.Write(facts, decision, key);
        key[0] |= AnswerMemory.OfConclusion;
        if (facts.Protocol.Answers.Find<CommonAnswer>(key) is not { } common)
        {
            common = new DecisionAnswer(facts, decision).Conclude(asksPlainly);
            facts.Protocol.Answers.Add(key, common);
        }
        return common;
    }

    private static Decision NotDefined(ProtocolFacts facts, string id) => new() { Decision_ = id, Protocol = facts.Protocol.Name, Outcome = Outcome.NotDefined };

    /// <summary>Adds what is the case's own: what it asks for in words of its own, and how near its numbers and dates are.</summary>
    private static Decision Complete(ProtocolFacts facts, CommonAnswer common, Decision answer)
    {
        if (common.Possible.IsEmpty || common.Decision is not { } decision)
        {
            return answer;
        }
        if (!common.AsksPlainly && !common.Possible.IsSingle)
        {
            new OpenFacts(facts, decision.Diagram, facts.Assumed(decision)).AddTo(answer);
        }
        new NearbyBoundaries(facts, decision, common).AddTo(answer.Boundary);
        return answer;
    }
}
