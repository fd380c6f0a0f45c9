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

    /// <summary>With which conclusions of a decision those could stand that the centre established of what rests on it.</summary>
    /// <returns>Null when nothing established rests on it.</returns>
    public static StandingConclusions? StandingOf(ProtocolFacts facts, string id)
    {
        var input = facts.Protocol.Model.InputIndex(CompiledModel.OverrideName(id));
        if (input < 0 || !facts.HasEstablished)
        {
            return null;
        }
        var above = facts.Established.Where(made => made.Key != id && facts.Protocol.Decisions[made.Key].Feeders.Contains(id))
            .Select(made => (Decision: facts.Protocol.Decisions[made.Key], made.Value.Conclusion)).ToArray();
        if (above.Length == 0)
        {
            return null;
        }
        var all = facts.Protocol.Decisions[id].Diagram.Conclusions.All;
        var looked = above.SelectMany(made => made.Decision.Diagram.SupportInputs).Distinct().Where(other => other != input).ToArray();
        var would = all;
        foreach (var values in ByEach(facts.Values, looked.Where(IsReading)).SelectMany(read => ByEach(read, looked.Where(other => !IsReading(other)))))
        {
            // What leaves nothing standing is not how it was.
            would = Standing(values) is { IsEmpty: false } standing ? would & standing : would;
        }
        return new StandingConclusions(Standing(facts.Values), would, [.. above.Select(made => made.Decision.OwnOverride).Where(index => index >= 0)]);

        bool IsReading(int other) => facts.Protocol.Bindings[other] is ReadingInput;

        ValueSet Standing(ValueSet[] values)
        {
            var standing = ValueSet.Empty;
            foreach (var conclusion in all)
            {
                // Index 0 of an override is "derived".
                var given = ProtocolFacts.With(values, input, ValueSet.Of(conclusion + 1));
                standing |= above.All(made => made.Decision.Diagram.Possible(given).Contains(made.Conclusion)) ? ValueSet.Of(conclusion) : ValueSet.Empty;
            }
            return standing;
        }
    }

    /// <summary>The values, and each of some inputs that is open at each of its values.</summary>
    private static IEnumerable<ValueSet[]> ByEach(ValueSet[] values, IEnumerable<int> inputs)
    {
        yield return values;
        foreach (var input in inputs.Where(input => !values[input].IsSingle))
        {
            foreach (var value in values[input])
            {
                yield return ProtocolFacts.With(values, input, ValueSet.Of(value));
            }
        }
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

/// <summary>The conclusions of a decision with which what the centre established could stand.</summary>
/// <param name="Could">In some completion.</param>
/// <param name="Would">Whatever else is learned or read, one thing of each: not only where a child died before the assessment, for one, or by a
/// reading that does not count a remission.</param>
/// <param name="From">The inputs of what it established.</param>
internal sealed record StandingConclusions(ValueSet Could, ValueSet Would, ImmutableArray<int> From);
