using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>What all cases are answered alike that leave the same possible of everything a decision looks at.</summary>
/// <param name="decision">The decision; null for one that the protocol does not define.</param>
/// <param name="answer">The part of the answer that they have in common. Its messages are shared by answers; not to be changed.</param>
/// <param name="possible">The conclusions from which a case may look further; empty where there is nothing more to say.</param>
/// <param name="asksPlainly">Whether what is missing is part of it.</param>
/// <param name="flips">The bands next to those of known numbers with which other conclusions would be possible.</param>
internal sealed class CommonAnswer(ProtocolDecision? decision, Decision answer, ValueSet possible, bool asksPlainly, ImmutableArray<Flip> flips) : IRemembered
{
    private const int OfMessage = 768;

    private ValueSet[]? _withClocks;
    private EncodedDecision? _encoded;
    private bool _isCopied;

    public ProtocolDecision? Decision => decision;

    public Decision Answer => answer;

    public ValueSet Possible => possible;

    public bool AsksPlainly => asksPlainly;

    public ImmutableArray<Flip> Flips => flips;

    public int Size { get; } = OfMessage + answer.CalculateSize();

    /// <summary>An answer of its own for one more case.</summary>
    public Decision Copy()
    {
        var copy = new Decision
        {
            Decision_ = answer.Decision_,
            Protocol = answer.Protocol,
            StratificationUse = answer.StratificationUse,
            Outcome = answer.Outcome,
        };
        Fill(copy.Possible, answer.Possible);
        Fill(copy.Because, answer.Because);
        Fill(copy.Conditions, answer.Conditions);
        Fill(copy.Warnings, answer.Warnings);
        Fill(copy.Missing, answer.Missing);
        Fill(copy.Shortest, answer.Shortest);
        Fill(copy.IfConfirmed, answer.IfConfirmed);
        // What is missing may still be added; and what is not asked for again need not be encoded.
        if (_isCopied && (asksPlainly || possible.IsSingle || possible.IsEmpty))
        {
            copy.Encoded = _encoded ??= new EncodedDecision(answer);
        }
        _isCopied = true;
        return copy;
    }

    /// <summary>What would be possible with other pairs of the clocks and all else as it is.</summary>
    public ValueSet With(ValueSet clocks, ProtocolFacts facts)
    {
        var (each, together) = (_withClocks ??= WithEachPair(facts), ValueSet.Empty);
        foreach (var pair in clocks)
        {
            together |= each[pair];
        }
        return together;
    }

    /// <summary>What several pairs leave is what each of them leaves.</summary>
    private ValueSet[] WithEachPair(ProtocolFacts facts)
    {
        var assumed = facts.Assumed(decision!);
        var each = new ValueSet[facts.Protocol.Model.Inputs[facts.ClocksInput].Domain.Count];
        for (var pair = 0; pair < each.Length; pair++)
        {
            assumed[facts.ClocksInput] = ValueSet.Of(pair);
            each[pair] = decision!.Diagram.Possible(assumed);
        }
        return each;
    }

    private static void Fill<T>(RepeatedField<T> to, RepeatedField<T> from)
    {
        if (from.Count > 0)
        {
            to.Capacity = from.Count;
            to.AddRange(from);
        }
    }
}
