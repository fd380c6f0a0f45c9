using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Holds what a centre established against what the facts leave possible.</summary>
internal static class EstablishedConclusions
{
    /// <summary>Marks every established conclusion that the facts exclude, under every reading, as a contradiction.</summary>
    public static void Check(ProtocolFacts facts)
    {
        if (!facts.HasEstablished)
        {
            return;
        }
        foreach (var (id, established) in facts.Established)
        {
            var decision = facts.Protocol.Decisions[id];
            var values = facts.UnderLiveReadings();
            var derived = decision.Diagram.Possible(values);
            // Out of scope is no conclusion that a centre's could contradict; the answer says it is out of scope.
            var excluded = derived.IsSingle && derived.Single == decision.Diagram.ExcludedIndex;
            if (decision.OwnOverride >= 0 && !excluded && !derived.Contains(established.Conclusion))
            {
                facts.Contradict(decision.OwnOverride, Contradiction(facts, decision, established, values));
            }
        }
    }

    /// <summary>Of a decision on which others that the centre established rest: the conclusions with which all of those could stand.</summary>
    /// <returns>Those conclusions, and what the centre established of the others; null when nothing established rests on it.</returns>
    public static (ValueSet Standing, ImmutableArray<int> From)? StandingOf(ProtocolFacts facts, string id)
    {
        var input = facts.Protocol.Model.InputIndex(CompiledModel.OverrideName(id));
        if (input < 0 || !facts.HasEstablished)
        {
            return null;
        }
        var above = facts.Established.Where(made => made.Key != id && facts.Protocol.Decisions[made.Key].Feeders.Contains(id)).ToArray();
        if (above.Length == 0)
        {
            return null;
        }
        var standing = facts.Protocol.Decisions[id].Diagram.Conclusions.All;
        foreach (var conclusion in standing)
        {
            // Index 0 of an override is "derived".
            var values = ProtocolFacts.With(facts.Values, input, ValueSet.Of(conclusion + 1));
            if (!above.All(made => facts.Protocol.Decisions[made.Key].Diagram.Possible(values).Contains(made.Value.Conclusion)))
            {
                standing = standing.Except(ValueSet.Of(conclusion));
            }
        }
        return (standing, [.. above.Select(made => facts.Protocol.Decisions[made.Key].OwnOverride).Where(index => index >= 0)]);
    }

    private static CaseContradiction Contradiction(
        ProtocolFacts facts, ProtocolDecision decision, (int Conclusion, string Field) established, ValueSet[] values)
    {
        var known = decision.Diagram.SupportInputs.Where(input => FieldsOf(facts, input).Any()).ToArray();
        // The facts that alone stand against it; when only several together do, all of them.
        var decisive = known
            .Where(input => decision.Diagram.Possible(ProtocolFacts.With(values, input, facts.Protocol.Model.Inputs[input].Domain.All)).Contains(established.Conclusion))
            .ToArray();
        var fields = (decisive.Length > 0 ? decisive : known).SelectMany(input => FieldsOf(facts, input));
        return new CaseContradiction([established.Field, .. fields.Distinct(StringComparer.Ordinal)], [], "the facts exclude what the centre established");
    }

    /// <summary>The caller's fields behind an input that the case says something of.</summary>
    private static IEnumerable<string> FieldsOf(ProtocolFacts facts, int input)
    {
        if (facts.Values[input] == facts.Protocol.Model.Inputs[input].Domain.All)
        {
            return [];
        }
        return facts.Protocol.Bindings[input] switch
        {
            WordInput word => [facts.CaseFacts[word.Definition].Field],
            NumberInput number => [facts.CaseFacts[number.Fact].Field],
            ClocksInput => ["case.timing"],
            OverrideInput overridden when facts.Established.TryGetValue(overridden.Decision, out var other) => [other.Field],
            _ => [],
        };
    }
}
