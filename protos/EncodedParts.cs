using System;
using Google.Protobuf;

namespace Relapse.Contracts.Decision.V1;

/// <summary>
/// What stands alike in many answers, in the binary form of its message: the service writes it as it is, instead of field by
/// field each time. No part of the contract: it is neither copied, compared nor printed.
/// </summary>
public sealed partial class Decision
{
    /// <summary>The fields before and after those of the case alone; null for none. See <see cref="EncodedDecision.Covers"/>.</summary>
    public EncodedDecision? Encoded { get; set; }
}

/// <summary>See <see cref="Decision.Encoded"/>.</summary>
public sealed partial class Modifier
{
    /// <summary>The message; empty for none. Whoever sets it changes the message no more.</summary>
    public ReadOnlyMemory<byte> Encoded { get; set; }
}

/// <summary>The fields of an answer before its boundaries and modifiers, and those after them. Immutable.</summary>
public sealed class EncodedDecision
{
    private readonly Decision _of;

    /// <param name="of">The answer; its boundaries and modifiers are left out. Neither it nor its messages are changed afterwards.</param>
    public EncodedDecision(Decision of)
    {
        ArgumentNullException.ThrowIfNull(of);
        _of = of;
        (Before, After) = (Encode(number => number < Decision.BoundaryFieldNumber), Encode(number => number > Decision.ModifiersFieldNumber));
    }

    /// <summary>The fields with lower numbers.</summary>
    public ReadOnlyMemory<byte> Before { get; }

    /// <summary>The fields with higher numbers.</summary>
    public ReadOnlyMemory<byte> After { get; }

    /// <summary>Whether an answer made of the same messages still has them all, and no more: something may have been added to its lists.</summary>
    public bool Covers(Decision answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Decision_ == _of.Decision_
            && answer.Protocol == _of.Protocol
            && answer.StratificationUse == _of.StratificationUse
            && answer.Outcome == _of.Outcome
            && answer.Established == _of.Established
            && answer.Possible.Count == _of.Possible.Count
            && answer.Conditions.Count == _of.Conditions.Count
            && answer.Because.Count == _of.Because.Count
            && answer.Missing.Count == _of.Missing.Count
            && answer.Shortest.Count == _of.Shortest.Count
            && answer.Warnings.Count == _of.Warnings.Count
            && answer.Requires.Count == _of.Requires.Count
            && answer.Trace.Count == _of.Trace.Count
            && answer.Contradictions.Count == _of.Contradictions.Count
            && answer.IfConfirmed.Count == _of.IfConfirmed.Count;
    }

    private byte[] Encode(Predicate<int> isAmong)
    {
        var part = _of.Clone();
        foreach (var field in Decision.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!isAmong(field.FieldNumber))
            {
                field.Accessor.Clear(part);
            }
        }

        return part.ToByteArray();
    }
}
