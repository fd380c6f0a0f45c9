using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Relapse.Hosting.Receipts;

/// <summary>The text that an answer's digest covers, line by line, in a buffer that is used again.</summary>
internal struct AnswerText()
{
    private const int UsualBytes = 2048;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private int _length;

    /// <summary>A word, one space, a value, one LF.</summary>
    public void Line(string word, string value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(word.Length + value.Length + 2));
        Append(word);
        _bytes[_length++] = (byte)' ';
        Append(value);
        _bytes[_length++] = (byte)'\n';
    }

    /// <summary>A line for each value, sorted and each once.</summary>
    public void Lines(string word, IReadOnlyList<string> values) => Lines(word, values, value => value);

    /// <summary>A line for each value of the items, sorted and each once.</summary>
    public void Lines<T>(string word, IReadOnlyList<T> items, Func<T, string> valueOf)
    {
        if (items.Count == 1)
        {
            Line(word, valueOf(items[0]));
            return;
        }

        // Ids and conclusions are ASCII words, for which ordinal order is the order of their UTF-8 bytes.
        foreach (var value in items.Select(valueOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Line(word, value);
        }
    }

    /// <summary>SHA-256 of the text in lower-case hex. Ends the text.</summary>
    public string Digest()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.AsSpan(0, _length), digest);
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
        return Convert.ToHexStringLower(digest);
    }

    private void Append(string text) => _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));

    private void Reserve(int more)
    {
        if (_bytes.Length - _length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = larger;
    }
}
