using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Clinical;

/// <summary>What one protocol answered of one case.</summary>
/// <param name="Decisions">One answer for each decision asked for, in that order.</param>
/// <param name="Alike">Stands for all cases answered with the same outcomes, conclusions and rules; null where it is not known which are.</param>
public readonly record struct ProtocolAnswer(ImmutableArray<Decision> Decisions, AnsweredAlike? Alike);

/// <summary>
/// All cases that one protocol answers with the same outcomes, conclusions and rules, decision by decision: those that leave the same
/// possible of each of its inputs. Safe for use by several threads.
/// </summary>
public sealed class AnsweredAlike : IRemembered
{
    private const int OfMessage = 256;
    private string? _text;

    private AnsweredAlike(ImmutableArray<CommonAnswer> answers, StatedModifiers modifiers) => (Answers, Modifiers) = (answers, modifiers);

    internal ImmutableArray<CommonAnswer> Answers { get; }

    /// <summary>The protocol's own.</summary>
    internal StatedModifiers Modifiers { get; }

    int IRemembered.Size => OfMessage + (Answers.Length * IntPtr.Size);

    /// <summary>A text that follows from outcomes, conclusions and rules alone, made once for all.</summary>
    public string Text<T>(T of, Func<T, string> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return _text ??= make(of);
    }

    /// <summary>
    /// Whether nothing beside the inputs made an answer another: what a decision requires of documents beside, or a condition on the result that it hangs on,
    /// changes the outcome and what is possible, and is not what all these cases share.
    /// </summary>
    /// <param name="answers">As they are sent, in order.</param>
    internal bool IsWhatCameOf(Decision[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            var (common, own) = (Answers[i].Answer, answers[i]);
            if (own.Outcome != common.Outcome || own.Possible.Count != common.Possible.Count || own.Because.Count != common.Because.Count)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds how such cases are answered, or works it out.</summary>
    /// <param name="facts">Facts without a contradiction and without anything established.</param>
    /// <param name="decisions">Well-known ids.</param>
    /// <returns>Null when the decisions are not those of a call that is made often.</returns>
    internal static AnsweredAlike? Of(ProtocolFacts facts, ImmutableArray<string> decisions)
    {
        if (WellKnownDecisions.NumberOf(decisions) is not { } list)
        {
            return null;
        }
        var (protocol, packed) = (facts.Protocol, facts.Protocol.WholeKey);
        Span<ulong> key = stackalloc ulong[1 + packed.Length + PackedKey.Words(facts.Values.Length)];
        packed.Write(facts, key[1..]);
        var asked = key[(1 + packed.Length)..];
        asked.Clear();
        key[0] = AnswerMemory.OfWhole | ((ulong)list << 8) | AnswerKey.WriteOwnWords(facts, protocol.NamedInputs, asked);
        if (protocol.Answers.Find<AnsweredAlike>(key) is not { } alike)
        {
            alike = new AnsweredAlike([.. decisions.Select(id => DecisionAnswers.Common(facts, id))], StatedModifiers.Of(facts));
            protocol.Answers.Add(key, alike);
        }
        return alike;
    }
}
