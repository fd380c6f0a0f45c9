using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Relapse.Hosting;

/// <summary>
/// Page tokens: opaque, and bound to the list they were made for, so that a token of another list or another filter is
/// refused and not silently taken as a position. A token holds no secret, so its check value guards against mix-ups only.
/// Layout: base64url of eight bytes of SHA-256 over list, NUL and key, then the key, the last one on the page before.
/// </summary>
public static class PageToken
{
    private const int CheckBytes = 8;
    private const int MaxLength = 512;

    /// <summary>The token of the page that begins after <paramref name="lastKey"/> of <paramref name="list"/>.</summary>
    public static string After(string list, string lastKey)
    {
        var key = Encoding.UTF8.GetBytes(lastKey);
        return Base64Url.EncodeToString([.. Check(list, key), .. key]);
    }

    /// <summary>The key after which the page begins; null when the token was not made for <paramref name="list"/>.</summary>
    public static string? KeyOf(string list, string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > MaxLength || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length > CheckBytes && Check(list, bytes.AsSpan(CheckBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, CheckBytes))
            ? Encoding.UTF8.GetString(bytes.AsSpan(CheckBytes))
            : null;
    }

    private static byte[] Check(string list, ReadOnlySpan<byte> key) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. key])[..CheckBytes];
}
