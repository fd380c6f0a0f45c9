using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relapse.Edge;

/// <summary>
/// Tokens that were accepted, and whom they name: a caller sends the same token with every call, and a signature over the same
/// bytes stays good. What is remembered is worth only as long as the key set it was judged by is the current one, and only
/// within the token's own time. Refused tokens are not remembered: a flood of them finds no place to fill.
/// See docs/decisions/2026-11-29-tokens-judged-once.md.
/// </summary>
internal sealed class JudgedTokens(TimeProvider clock)
{
    /// <summary>How many tokens are remembered at most.</summary>
    internal const int Most = 2 * Half;

    private const int Half = 1024;

    // Without it nobody can foresee where a token is filed, and nothing here is of use to who reads the memory.
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _changing = new();
    private volatile Held _held = new(new object(), [], []);

    /// <summary>How many tokens are remembered.</summary>
    internal int Count => _held.Young.Count + _held.Old.Count;

    /// <summary>Whom a token names; null when it has to be judged.</summary>
    /// <param name="token">As it was sent.</param>
    /// <param name="keySet">The issuer's keys as they are now; another object means that they were fetched again.</param>
    internal Caller? Find(ReadOnlySpan<char> token, object keySet)
    {
        var held = _held;
        if (token.IsEmpty || !ReferenceEquals(held.KeySet, keySet))
        {
            return null;
        }

        var digest = DigestOf(token);
        var isYoung = held.Young.TryGetValue(digest, out var judged);
        if ((!isYoung && !held.Old.TryGetValue(digest, out judged)) || !judged!.IsInTime(clock.GetUtcNow()))
        {
            return null;
        }

        if (!isYoung)
        {
            Keep(digest, judged, keySet);
        }

        return judged.Caller;
    }

    /// <summary>Remembers an accepted token.</summary>
    /// <param name="token">As it was sent.</param>
    /// <param name="keySet">The issuer's keys, of which one made the token's signature.</param>
    /// <param name="caller">Whom the token names.</param>
    /// <param name="from">From when it is good, inclusive.</param>
    /// <param name="to">Until when, exclusive. What a clock may be off is not added: for so long it is judged at each call.</param>
    internal void Remember(ReadOnlySpan<char> token, object keySet, Caller caller, DateTimeOffset from, DateTimeOffset to) =>
        Keep(DigestOf(token), new Judged(caller, from, to), keySet);

    // The older half goes when the younger is full; whoever is asked for meanwhile is young again. So callers who keep calling
    // stay, whatever number of others comes once.
    private void Keep(Digest digest, Judged judged, object keySet)
    {
        lock (_changing)
        {
            if (!ReferenceEquals(_held.KeySet, keySet))
            {
                _held = new Held(keySet, [], []);
            }
            else if (_held.Young.Count >= Half)
            {
                _held = new Held(keySet, [], _held.Young);
            }

            _held.Young[digest] = judged;
        }
    }

    private Digest DigestOf(ReadOnlySpan<char> token)
    {
        Span<Digest> digest = stackalloc Digest[1];
        HMACSHA256.HashData(_secret, MemoryMarshal.AsBytes(token), MemoryMarshal.AsBytes(digest));
        return digest[0];
    }

    private readonly record struct Digest(UInt128 Left, UInt128 Right);

    private sealed record Judged(Caller Caller, DateTimeOffset From, DateTimeOffset To)
    {
        public bool IsInTime(DateTimeOffset now) => From <= now && now < To;
    }

    private sealed record Held(object KeySet, ConcurrentDictionary<Digest, Judged> Young, ConcurrentDictionary<Digest, Judged> Old);
}
