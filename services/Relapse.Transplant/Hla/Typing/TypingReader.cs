namespace Relapse.Transplant.Hla;

/// <summary>The two positions of one locus as a laboratory reports them.</summary>
/// <param name="Locus">The locus.</param>
/// <param name="First">One copy: an allele in any form, with or without <c>A*</c>, or several between slashes; empty when not
/// typed.</param>
/// <param name="Second">The other copy. A homozygous locus is written twice: an empty position says nothing.</param>
internal readonly record struct LocusText(HlaLocus Locus, string First, string Second);

/// <summary>
/// Reads typings: WHO names of two to four fields with their suffixes, first fields and XX, G and P groups and small g, NMDP codes,
/// antigens, <c>NEW</c>; as GL String 1.1 or by positions. Pure, and safe to share.
/// </summary>
/// <param name="release">The reference data; null compares names by two fields and checks none, with a warning on each typing.</param>
/// <param name="codes">The NMDP codes; null makes every code an unknown one.</param>
internal sealed class TypingReader(HlaRelease? release, NmdpCodes? codes = null)
{
    /// <summary>The longest text that is read, in characters, inclusive.</summary>
    public const int MostCharacters = 2_000_000;

    /// <summary>How many alleles one typing may stand for, every list, group and code written out; no true one has a tenth.</summary>
    public const int MostAlleles = 1_000_000;

    /// <summary>By which names are checked: the release with its version.</summary>
    public string Nomenclature => release is null ? "the nomenclature" : release.Version;

    /// <summary>Reads a GL String 1.1. An empty one is a typing of nothing.</summary>
    /// <param name="text">The text; spaces around it do not matter.</param>
    /// <param name="searches">Whether faults name valid names that are near. The search takes longer than all the rest.</param>
    public TypingResult ReadGlString(string text, bool searches = true)
    {
        var notes = new TypingNotes(searches);
        if (text.Length > MostCharacters)
        {
            notes.Fault(0, text, TypingFaultKind.TooLong);
            return Result([], notes);
        }

        var start = text.Length - text.AsSpan().TrimStart().Length;
        var trimmed = text.AsSpan().Trim();
        var loci = trimmed.IsEmpty ? [] : new GlStringReader(new AlleleListReader(release, codes, notes), notes).Read(trimmed, start);
        return Result(loci, notes);
    }

    /// <summary>Reads loci by their positions. A locus with neither position is untyped.</summary>
    public TypingResult ReadPositions(params IEnumerable<LocusText> texts) => ReadPositions(true, texts);

    /// <summary>The same.</summary>
    /// <param name="searches">Whether faults name valid names that are near.</param>
    /// <param name="texts">The loci.</param>
    public TypingResult ReadPositions(bool searches, IEnumerable<LocusText> texts)
    {
        var notes = new TypingNotes(searches);
        var alleles = new AlleleListReader(release, codes, notes);
        var loci = new Dictionary<HlaLocus, LocusTyping>();
        var seen = new HashSet<HlaLocus>();
        foreach (var text in texts)
        {
            if (!seen.Add(text.Locus))
            {
                notes.Part = text.Locus.Name();
                notes.Fault(0, text.Locus.Name(), TypingFaultKind.RepeatedLocus);
            }
            else if (text.First.Length + text.Second.Length > 0)
            {
                var first = ReadPosition(alleles, notes, text.Locus, text.First, 1);
                var second = ReadPosition(alleles, notes, text.Locus, text.Second, 2);
                if (first is not null && second is not null)
                {
                    loci[text.Locus] = LocusTyping.Of(first, second);
                }
            }
        }

        return Result(loci, notes);
    }

    private static AllelePosition? ReadPosition(AlleleListReader alleles, TypingNotes notes, HlaLocus locus, string text, int position)
    {
        notes.Part = $"{locus.Name()}[{position}]";
        if (text.Length > MostCharacters)
        {
            notes.Fault(0, text, TypingFaultKind.TooLong);
            return null;
        }

        return alleles.Read(text, 0, locus)?.Position;
    }

    private TypingResult Result(Dictionary<HlaLocus, LocusTyping> loci, TypingNotes notes)
    {
        if (!notes.Sound)
        {
            return new TypingResult(null, notes.Faults, notes.FaultCount);
        }

        if (release is null)
        {
            notes.Warn(TypingWarningKind.PGroupsNotLoaded, null, "");
        }

        return new TypingResult(new HlaTyping(loci, notes.Warnings), [], 0);
    }
}
