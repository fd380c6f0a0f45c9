using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// The modifiers of one document that hold for a case: under every completion of what is not known and under every live
/// reading. They change no conclusion, so they also stand beside an answer that is out of scope or not settled.
/// </summary>
internal sealed class StatedModifiers : IRemembered
{
    private static readonly RepeatedField<string> _none = [];

    private const int OfMessage = 128;
    private const string FactsContradict = "MODIFIER_FACTS_CONTRADICT";

    private readonly List<ProtocolModifier> _stated = [];
    private readonly List<(ProtocolModifier Modifier, CaseContradiction[] Contradictions)> _withheld = [];

    private StatedModifiers(CompiledProtocol protocol) => Protocol = protocol;

    /// <summary>The version that states them.</summary>
    public CompiledProtocol Protocol { get; }

    int IRemembered.Size => OfMessage + (_stated.Count * IntPtr.Size);

    /// <summary>Finds what was stated of such a case, or works it out.</summary>
    public static StatedModifiers Of(ProtocolFacts facts)
    {
        var protocol = facts.Protocol;
        if (protocol.Modifiers.IsEmpty || facts.HasContradictions)
        {
            return Derive(facts);
        }
        Span<ulong> key = stackalloc ulong[1 + protocol.ModifierKey.Length];
        key[0] = AnswerMemory.OfModifiers;
        protocol.ModifierKey.Write(facts, key[1..]);
        if (protocol.Answers.Find<StatedModifiers>(key) is not { } stated)
        {
            stated = Derive(facts);
            protocol.Answers.Add(key, stated);
        }
        return stated;
    }

    /// <summary>Works them out, whatever was remembered.</summary>
    public static StatedModifiers Derive(ProtocolFacts facts)
    {
        var stated = new StatedModifiers(facts.Protocol);
        if (facts.Protocol.Modifiers.IsEmpty)
        {
            return stated;
        }
        var values = facts.UnderLiveReadings();
        foreach (var modifier in facts.Protocol.Modifiers)
        {
            var contradictions = facts.HasContradictions ? facts.ContradictionsIn(InputsOf(facts, modifier)).ToArray() : [];
            if (contradictions.Length > 0)
            {
                if (CouldHold(facts, values, modifier))
                {
                    stated._withheld.Add((modifier, contradictions));
                }
            }
            else if (Holds(facts, values, modifier))
            {
                stated._stated.Add(modifier);
            }
        }
        return stated;
    }

    /// <summary>
    /// Adds each to the answer that carries it, the same words once, and a warning for those withheld because their facts
    /// contradict each other.
    /// </summary>
    public void AddTo(Decision[] answers, CompiledProtocol answering)
    {
        foreach (var modifier in _stated)
        {
            if (modifier.CarriedBy(answers, answering) is { } answer && !Carries(answer, modifier.Modifier))
            {
                answer.Modifiers.Add(modifier.Modifier);
            }
        }
        if (_withheld.Count > 0)
        {
            AddWithheld(answers, answering);
        }
    }

    private void AddWithheld(Decision[] answers, CompiledProtocol answering)
    {
        var carried =
            from entry in _withheld
            let carrier = entry.Modifier.CarriedBy(answers, answering)
            where carrier is not null
            from contradiction in entry.Contradictions
            group entry.Modifier.Rule.Code by (Carrier: carrier, Contradiction: contradiction);
        foreach (var group in carried)
        {
            var (carrier, contradiction) = group.Key;
            var (codes, fields) = (string.Join(", ", group.Distinct(StringComparer.Ordinal)), string.Join(", ", contradiction.Fields));
            carrier.Warnings.Add(new Warning { Code = FactsContradict, Detail = $"Not stated, because its facts contradict each other: {codes}. {fields}: {contradiction.Detail}." });
        }
    }

    private static bool Carries(Decision answer, Modifier modifier)
    {
        for (var i = 0; i < answer.Modifiers.Count; i++)
        {
            var other = answer.Modifiers[i];
            if (string.Equals(other.Code, modifier.Code, StringComparison.Ordinal) && string.Equals(other.Protocol, modifier.Protocol, StringComparison.Ordinal)
                && string.Equals(other.Detail, modifier.Detail, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static ImmutableArray<int> InputsOf(ProtocolFacts facts, ProtocolModifier modifier) =>
        [.. modifier.SupportInputs, .. modifier.Rule.Unless.Keys.Select(facts.Protocol.Model.InputIndex)];

    /// <summary>Whether it could, with every fact that a contradiction touches taken as not known.</summary>
    private static bool CouldHold(ProtocolFacts facts, ValueSet[] values, ProtocolModifier modifier)
    {
        ValueSet[] open = [.. values];
        foreach (var input in modifier.SupportInputs.Where(input => facts.ContradictionsIn([input]).Any()))
        {
            open[input] = facts.Protocol.Model.Inputs[input].Domain.All;
        }
        return modifier.IsPossible(open);
    }

    private static bool Holds(ProtocolFacts facts, ValueSet[] values, ProtocolModifier modifier)
    {
        if (!modifier.IsCertain(values))
        {
            return false;
        }
        foreach (var (fact, words) in modifier.Rule.Unless)
        {
            var input = facts.Protocol.Model.InputIndex(fact);
            if (facts.Values[input].IsSubsetOf(facts.Protocol.Model.Inputs[input].Domain.Of([.. words.Values_])))
            {
                return false;
            }
        }
        var open = Words(modifier.Rule.Open);
        return (open.Count == 0 || open.Any(fact => !IsGiven(facts, fact))) && Words(modifier.Rule.Given).All(fact => IsGiven(facts, fact));
    }

    private static RepeatedField<string> Words(Values? values) => values?.Values_ ?? _none;

    private static bool IsGiven(ProtocolFacts facts, string fact) => facts.Protocol.FactOf(fact) is { } definition && PackedKey.IsGiven(definition, facts.CaseFacts[definition]);
}
