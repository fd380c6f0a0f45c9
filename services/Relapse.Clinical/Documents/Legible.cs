using System.Buffers;

namespace Relapse.Clinical;

/// <summary>
/// Characters of a document that a reader sees as they stand. Titles and citations are printed to terminals, to pages and into XML: there a
/// control character would command, one that turns the direction show another text than is written, and a few have no place at all.
/// </summary>
internal static class Legible
{
    // Control characters but the end of a line and the tab; the embeddings, overrides and isolates of Unicode's bidirectional algorithm; and
    // what is no character.
    private static readonly SearchValues<char> _illegible = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Select(code => (char)code).Where(letter => letter is not ('\n' or '\t')),
        .. Enumerable.Range(0x7F, 0x21).Select(code => (char)code),
        '\u200E', '\u200F', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069', '\uFFFE', '\uFFFF',
    ]);

    /// <summary>Whether a text has no others, and no half of a character.</summary>
    public static bool IsOnly(string text) => !text.AsSpan().ContainsAny(_illegible) && !HasHalf(text);

    private static bool HasHalf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }
            if (!char.IsSurrogatePair(text, i))
            {
                return true;
            }
            i++;
        }
        return false;
    }
}
