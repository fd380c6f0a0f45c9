using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>Short ways to say a typing.</summary>
internal static class Told
{
    /// <summary>A GL String that must be readable.</summary>
    public static HlaTyping Typing(TypingReader reader, string text)
    {
        var result = reader.ReadGlString(text);
        Assert.True(result.Typing is not null, string.Join("; ", result.Faults));
        return result.Typing!;
    }

    /// <summary>A GL String over the invented release.</summary>
    public static HlaTyping Synthetic(string text) => Typing(new TypingReader(Releases.Synthetic), text);

    /// <summary>A copy that is one of these classes: letters, of which N is a null allele.</summary>
    public static AllelePosition Copy(params IEnumerable<char> letters)
    {
        char[] all = [.. letters];
        return all is ['N'] ? AllelePosition.Null : AllelePosition.Expressed(all.Select(letter => letter - 'A' + 1), protein => protein);
    }

    /// <summary>A locus as the WMDA's table writes it: AB, AA, NA.</summary>
    public static LocusTyping Locus(string letters) => LocusTyping.Of(Copy(letters[0]), Copy(letters[1]));
}
