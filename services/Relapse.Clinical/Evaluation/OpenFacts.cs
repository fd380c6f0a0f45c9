using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using MissingFact = Relapse.Contracts.Decision.V1.MissingFact;

namespace Relapse.Clinical;

/// <summary>What is missing for one decision, and the smallest sets of facts that settle it. The messages are shared by answers.</summary>
internal sealed record OpenFacts(ImmutableArray<MissingFact> Missing, ImmutableArray<SettlingFacts> Shortest)
{
    /// <summary>How large it is in an answer, in bytes.</summary>
    public int Size { get; } = Missing.Sum(fact => fact.CalculateSize()) + Shortest.Sum(facts => facts.CalculateSize());
}

/// <summary>
/// What was open in earlier cases of one protocol, to be found again by what was possible of each input: nothing else of a
/// case is kept, no date and no number. Safe for use by many threads; a reader never waits.
/// </summary>
internal sealed class OpenFactsMemory
{
    /// <summary>Beyond it everything is forgotten and gathered anew; held, it is several times as large.</summary>
    private const int MostBytes = 512 * 1024;

    private volatile ConcurrentDictionary<ulong[], OpenFacts> _known = New();
    private int _bytes;

    public bool TryGet(ReadOnlySpan<ulong> key, out OpenFacts? found) => _known.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(key, out found);

    public void Add(ReadOnlySpan<ulong> key, OpenFacts open)
    {
        if (Interlocked.Add(ref _bytes, open.Size) > MostBytes)
        {
            _known = New();
            Interlocked.Exchange(ref _bytes, open.Size);
        }
        _known.TryAdd(key.ToArray(), open);
    }

    private static ConcurrentDictionary<ulong[], OpenFacts> New() => new(new ByContent());

    private sealed class ByContent : IEqualityComparer<ulong[]>, IAlternateEqualityComparer<ReadOnlySpan<ulong>, ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<ulong> alternate, ulong[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<ulong> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(alternate));
            return hash.ToHashCode();
        }

        public ulong[] Create(ReadOnlySpan<ulong> alternate) => alternate.ToArray();
    }
}

/// <summary>
/// Names what the open facts of a decision hang on: what is possible of each input that it looks at, and the live readings.
/// Only a case in which every open fact is asked for as in a case that says nothing has such a name; where a date or a number
/// is given in part, or a site is listed, the questions are that case's own.
/// </summary>
internal readonly ref struct OpenFactsKey(ProtocolFacts facts, ProtocolDecision decision, ReadOnlySpan<ValueSet> values)
{
    private readonly ReadOnlySpan<ValueSet> _values = values;

    /// <summary>The most words that a key has.</summary>
    public int Room => 2 + decision.Diagram.SupportInputs.Length + (2 * decision.Findings.Length) + facts.LiveReadings.Length;

    /// <summary>Writes the key.</summary>
    /// <returns>How many words it has; 0 when what is open is this case's own.</returns>
    public int Write(Span<ulong> key)
    {
        key[0] = (ulong)decision.Index;
        key[1] = 0;
        var length = 2;
        foreach (var input in decision.Diagram.SupportInputs)
        {
            var possible = _values[input];
            if (!possible.IsSingle && !IsAskedForPlainly(input, ref key[1]))
            {
                return 0;
            }
            key[length++] = possible.Bits;
        }
        foreach (var input in decision.Findings)
        {
            // A fact given by an answer replaces what is known of it, whether or not the decision looks at it.
            key[length++] = _values[input].Bits;
            key[length++] = facts.Values[input].Bits;
        }
        foreach (var reading in facts.LiveReadings)
        {
            key[length++] = (ulong)reading;
        }
        return length;
    }

    private bool IsAskedForPlainly(int input, ref ulong therapy)
    {
        switch (facts.Protocol.Bindings[input])
        {
            case WordInput word:
                var (asked, plain) = (facts.CaseFacts[word.Fact], CaseFacts.Nothing[word.Fact]);
                return string.Equals(asked.Field, plain.Field, StringComparison.Ordinal) && string.Equals(asked.Subject, plain.Subject, StringComparison.Ordinal);
            case NumberInput number:
                return facts.CaseFacts[number.Fact.Id] == CaseFacts.Nothing[number.Fact.Id];
            case ClocksInput:
                var timing = facts.CaseFacts.Timing;
                therapy = (timing.Known.MayBeOnTreatment ? 1UL : 0) | (timing.Known.MayHaveEnded ? 2UL : 0);
                return !timing.StatesMonthsFromTherapyEnd && timing.Known with { MayBeOnTreatment = true, MayHaveEnded = true } == CaseFacts.Nothing.Timing.Known;
            default:
                return true;
        }
    }
}
