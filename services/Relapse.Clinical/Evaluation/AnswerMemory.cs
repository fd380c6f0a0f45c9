using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Relapse.Clinical;

/// <summary>Something remembered.</summary>
internal interface IRemembered
{
    /// <summary>About how much room it takes, in bytes; what others hold too is not counted.</summary>
    public int Size { get; }
}

/// <summary>
/// What earlier cases were answered under one protocol, found again by what was possible of each input. Nothing else of a case
/// is kept: no date, no number, no identity. Safe for use by many threads; a reader never waits.
/// </summary>
internal sealed class AnswerMemory
{
    /// <summary>First words of keys, so that those of different kinds differ; that of a part is the index of its decision.</summary>
    public const ulong OfModifiers = 1UL << 63;
    public const ulong OfWhole = 1UL << 62;
    public const ulong OfConclusion = 1UL << 61;

    /// <summary>Beyond it everything is forgotten and gathered anew. In memory it is a few times as much.</summary>
    private const int MostBytes = 2 * 1024 * 1024;

    private volatile ConcurrentDictionary<ulong[], IRemembered> _known = New();
    private int _bytes;

    /// <summary>Finds what is remembered; null for nothing.</summary>
    public T? Find<T>(ReadOnlySpan<ulong> key) where T : class, IRemembered =>
        _known.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(key, out var found) ? (T)found : null;

    /// <summary>Remembers.</summary>
    public void Add(ReadOnlySpan<ulong> key, IRemembered remembered)
    {
        var size = remembered.Size + (key.Length * sizeof(ulong));
        if (Interlocked.Add(ref _bytes, size) > MostBytes)
        {
            _known = New();
            Interlocked.Exchange(ref _bytes, size);
        }
        _known.TryAdd(key.ToArray(), remembered);
    }

    private static ConcurrentDictionary<ulong[], IRemembered> New() => new(new ByContent());

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
