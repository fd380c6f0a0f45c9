using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>What all cases are answered alike that leave the same possible of everything a decision looks at.</summary>
/// <param name="Answer">The part of the answer that they have in common. Its messages are shared by answers; not to be changed.</param>
/// <param name="Possible">The conclusions from which a case may look further; empty where there is nothing more to say.</param>
internal sealed record CommonAnswer(Decision Answer, ValueSet Possible)
{
    private const int OfMessage = 512;

    /// <summary>About how much room it takes, in bytes as on the wire: what stands in every answer of a rule is not counted.</summary>
    public int Size { get; } = OfMessage
        + Answer.Missing.Sum(fact => fact.CalculateSize())
        + Answer.Shortest.Sum(facts => facts.CalculateSize())
        + Answer.Conditions.Sum(condition => condition.CalculateSize())
        + Answer.IfConfirmed.Sum(confirmed => confirmed.CalculateSize());

    /// <summary>An answer of its own for one more case.</summary>
    public Decision Copy() => new()
    {
        Decision_ = Answer.Decision_,
        Protocol = Answer.Protocol,
        StratificationUse = Answer.StratificationUse,
        Outcome = Answer.Outcome,
        Possible = { Answer.Possible },
        Because = { Answer.Because },
        Conditions = { Answer.Conditions },
        Warnings = { Answer.Warnings },
        Missing = { Answer.Missing },
        Shortest = { Answer.Shortest },
        IfConfirmed = { Answer.IfConfirmed },
    };
}

/// <summary>
/// What earlier cases were answered under one protocol, found again by what was possible of each input. Nothing else of a case
/// is kept: no date, no number, no identity. Safe for use by many threads; a reader never waits.
/// </summary>
internal sealed class AnswerMemory
{
    /// <summary>Beyond it everything is forgotten and gathered anew. In memory it is a few times as much.</summary>
    private const int MostBytes = 1024 * 1024;

    private volatile ConcurrentDictionary<ulong[], CommonAnswer> _known = New();
    private int _bytes;

    /// <summary>Finds what was answered; null for nothing.</summary>
    public CommonAnswer? Find(ReadOnlySpan<ulong> key) => _known.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(key, out var found) ? found : null;

    /// <summary>Remembers what was answered.</summary>
    public void Add(ReadOnlySpan<ulong> key, CommonAnswer answer)
    {
        if (Interlocked.Add(ref _bytes, answer.Size) > MostBytes)
        {
            _known = New();
            Interlocked.Exchange(ref _bytes, answer.Size);
        }
        _known.TryAdd(key.ToArray(), answer);
    }

    private static ConcurrentDictionary<ulong[], CommonAnswer> New() => new(new ByContent());

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
