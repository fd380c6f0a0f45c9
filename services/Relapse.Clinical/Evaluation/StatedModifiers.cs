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
internal sealed class StatedModifiers
{
    private static readonly RepeatedField<string> _none = [];

    private readonly List<ProtocolModifier> _stated = [];

    private StatedModifiers(CompiledProtocol protocol) => Protocol = protocol;

    /// <summary>The version that states them.</summary>
    public CompiledProtocol Protocol { get; }

    public static StatedModifiers Of(ProtocolFacts facts)
    {
        var stated = new StatedModifiers(facts.Protocol);
        if (facts.Protocol.Modifiers.IsEmpty)
        {
            return stated;
        }
        var values = facts.UnderLiveReadings();
        foreach (var modifier in facts.Protocol.Modifiers)
        {
            if (Holds(facts, values, modifier))
            {
                stated._stated.Add(modifier);
            }
        }
        return stated;
    }

    /// <summary>Adds each to the answer that carries it; of several with one code the first.</summary>
    public void AddTo(ImmutableArray<Decision>.Builder answers, CompiledProtocol answering)
    {
        foreach (var modifier in _stated)
        {
            if (modifier.CarriedBy(answering) is not { } carrier)
            {
                continue;
            }
            foreach (var answer in answers)
            {
                if (string.Equals(answer.Decision_, carrier, StringComparison.Ordinal) && !Carries(answer, modifier.Modifier))
                {
                    answer.Modifiers.Add(modifier.Modifier);
                }
            }
        }
    }

    private static bool Carries(Decision answer, Modifier modifier)
    {
        foreach (var other in answer.Modifiers)
        {
            if (string.Equals(other.Code, modifier.Code, StringComparison.Ordinal) && string.Equals(other.Protocol, modifier.Protocol, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Holds(ProtocolFacts facts, ValueSet[] values, ProtocolModifier modifier)
    {
        if (!modifier.IsCertain(values) || (facts.HasContradictions && facts.ContradictionsIn(modifier.SupportInputs).Any()))
        {
            return false;
        }
        return Words(modifier.Rule.Open).All(fact => !IsGiven(facts, fact)) && Words(modifier.Rule.Given).All(fact => IsGiven(facts, fact));
    }

    private static RepeatedField<string> Words(Values? values) => values?.Values_ ?? _none;

    /// <summary>Whether the case says anything of the fact: less than all its words, or less than its whole range.</summary>
    private static bool IsGiven(ProtocolFacts facts, string fact) => facts.CaseFacts[fact] switch
    {
        WordFact word => word.Possible != ValueSet.All(FactCatalogue.Find(fact)!.Words.Length),
        NumberFact number => number.Interval != FactCatalogue.Find(fact)!.Range,
        _ => false,
    };
}
