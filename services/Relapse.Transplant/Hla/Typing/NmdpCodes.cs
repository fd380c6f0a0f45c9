using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Relapse.Transplant.Hla;

/// <summary>
/// The NMDP's allele codes, from a file as the NMDP publishes it: lines of three parts between tabs, a star or nothing, the code, and
/// what it stands for. A code without a star lists second fields, to be joined to the first field that is typed; one with a star lists
/// whole two-field names. Immutable.
/// </summary>
internal sealed class NmdpCodes
{
    private const int LongestCode = 12;

    private readonly string _text;
    private readonly Dictionary<ulong, Entry> _entries;

    private NmdpCodes(string text, Dictionary<ulong, Entry> entries)
    {
        _text = text;
        _entries = entries;
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>SHA-256 of the file, in lower-case hexadecimal, if the file is UTF-8 as published.</summary>
    public string Digest { get; }

    /// <summary>How many codes there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Reads the file. Its head, empty lines and the line of titles are let pass.</summary>
    /// <param name="text">The file.</param>
    /// <param name="faults">Lines that cannot be read and codes given twice with different meanings; then there are no codes.</param>
    public static NmdpCodes? Read(string text, out ImmutableArray<string> faults)
    {
        var entries = new Dictionary<ulong, Entry>();
        var found = new ReleaseFaults();
        var number = 0;
        for (var start = 0; start < text.Length;)
        {
            number++;
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            var line = text.AsSpan(start, end - start).TrimEnd('\r');
            ReadLine(text, line, start, number, entries, found);
            start = end + 1;
        }

        if (entries.Count == 0)
        {
            found.Add("The file has no code.");
        }

        faults = found.Listed;
        return found.None ? new NmdpCodes(text, entries) : null;
    }

    /// <summary>What a code stands for.</summary>
    /// <param name="code">Letters.</param>
    /// <param name="members">Second fields, or two-field names if <paramref name="isSpecific"/>, between slashes.</param>
    /// <param name="isSpecific">Whether whole names are listed.</param>
    public bool TryExpand(ReadOnlySpan<char> code, out ReadOnlySpan<char> members, out bool isSpecific)
    {
        members = default;
        isSpecific = false;
        if (!TryPack(code, out var packed) || !_entries.TryGetValue(packed, out var entry))
        {
            return false;
        }

        members = _text.AsSpan(entry.Start, entry.Length);
        isSpecific = entry.IsSpecific;
        return true;
    }

    private static void ReadLine(
        string text, ReadOnlySpan<char> line, int start, int number, Dictionary<ulong, Entry> entries, ReleaseFaults faults)
    {
        var (first, second) = (line.IndexOf('\t'), line.LastIndexOf('\t'));
        var titles = line.EndsWith("SUBTYPE", StringComparison.Ordinal);
        if (line.IsWhiteSpace() || titles || line.StartsWith("LAST UPDATED", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var mark = first < 0 ? default : line[..first];
        var isMarked = mark.Length == 0 || mark is "*";
        if (second <= first || second + 1 == line.Length || !isMarked || !TryPack(line[(first + 1)..second], out var code))
        {
            faults.Add($"Line {number} is not a code.");
            return;
        }

        var entry = new Entry(start + second + 1, line.Length - second - 1, mark.Length > 0);
        if (!entries.TryAdd(code, entry))
        {
            var before = entries[code];
            if (before.IsSpecific != entry.IsSpecific || !line[(second + 1)..].SequenceEqual(text.AsSpan(before.Start, before.Length)))
            {
                faults.Add($"Line {number} gives a code a second meaning.");
            }
        }
    }

    // Letters as a number in base 27.
    private static bool TryPack(ReadOnlySpan<char> code, out ulong packed)
    {
        packed = 0;
        foreach (var letter in code)
        {
            if (!char.IsAsciiLetterUpper(letter))
            {
                return false;
            }

            packed = packed * 27 + (ulong)(letter - 'A' + 1);
        }

        return code.Length is >= 2 and <= LongestCode;
    }

    private readonly record struct Entry(int Start, int Length, bool IsSpecific);
}
