using System.Collections.Immutable;
using Relapse.Clinical.Facts;

namespace Relapse.Clinical;

/// <summary>
/// What an answer hangs on that is not a case's own: the decision, the live readings, and what is possible of each input that
/// anything of the answer looks at.
/// </summary>
internal static class AnswerKey
{
    /// <summary>The flag of a case that asks for something in words of its own.</summary>
    private const ulong AsksInOwnWords = 4;

    /// <summary>How many words a key has.</summary>
    public static int Length(ProtocolFacts facts, ProtocolDecision decision) => 2 + decision.InputsOfAnswer.Length + facts.LiveReadings.Length;

    /// <summary>Writes the key.</summary>
    /// <returns>
    /// Whether every open fact that the answer may name is asked for as in a case that says nothing. Where a date or a number
    /// is given in part, or a site is listed, what is missing is said in words of that case, and no part of what is common.
    /// </returns>
    public static bool Write(ProtocolFacts facts, ProtocolDecision decision, Span<ulong> key)
    {
        var (plain, length, flags) = (true, 2, 0UL);
        foreach (var (input, isNamed) in decision.InputsOfAnswer)
        {
            var possible = facts.Values[input];
            plain &= !isNamed || (possible.IsSingle && IsAtItsUsualField(facts, input)) || IsAskedForPlainly(facts, input, ref flags);
            key[length++] = possible.Bits;
        }
        foreach (var reading in facts.LiveReadings)
        {
            key[length++] = (ulong)reading;
        }
        (key[0], key[1]) = ((ulong)decision.Index, plain ? flags : AsksInOwnWords);
        return plain;
    }

    /// <summary>Sets the bit of each open input that is asked for in words of the case.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="named">The inputs that an answer may name.</param>
    /// <param name="bits">One for each input, cleared.</param>
    /// <returns>What of the therapy bears on how it is asked for.</returns>
    public static ulong WriteOwnWords(ProtocolFacts facts, ImmutableArray<int> named, Span<ulong> bits)
    {
        var therapy = 0UL;
        foreach (var input in named)
        {
            if (!facts.Values[input].IsSingle && !IsAskedForPlainly(facts, input, ref therapy))
            {
                PackedKey.Set(bits, input);
            }
        }
        return therapy;
    }

    /// <summary>A fact that is known not to have been looked at may be asked for all the same, and then by its field: of another response than
    /// the first it is another one.</summary>
    private static bool IsAtItsUsualField(ProtocolFacts facts, int input) => facts.Protocol.Bindings[input] is not WordInput word
        || string.Equals(facts.CaseFacts[word.Definition].Field, CaseFacts.Nothing[word.Definition].Field, StringComparison.Ordinal);

    private static bool IsAskedForPlainly(ProtocolFacts facts, int input, ref ulong therapy)
    {
        switch (facts.Protocol.Bindings[input])
        {
            case WordInput word:
                var (asked, plain) = (facts.CaseFacts[word.Definition], CaseFacts.Nothing[word.Definition]);
                return ReferenceEquals(asked, plain)
                    || (string.Equals(asked.Field, plain.Field, StringComparison.Ordinal) && string.Equals(asked.Subject, plain.Subject, StringComparison.Ordinal));
            case NumberInput number:
                return facts.CaseFacts[number.Fact] == CaseFacts.Nothing[number.Fact];
            case ClocksInput:
                var timing = facts.CaseFacts.Timing;
                therapy = (timing.Known.MayBeOnTreatment ? 1UL : 0) | (timing.Known.MayHaveEnded ? 2UL : 0);
                return !timing.StatesMonthsFromTherapyEnd && timing.Known with { MayBeOnTreatment = true, MayHaveEnded = true } == CaseFacts.Nothing.Timing.Known;
            default:
                return true;
        }
    }
}
