using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>What one entry of a typing says: <c>A*01:01/A*01:02</c>, one copy of one gene.</summary>
/// <param name="Locus">The gene; null for <c>DRBX*NNNN</c>, none of DRB3, DRB4 and DRB5.</param>
/// <param name="Position">What the copy may be.</param>
internal readonly record struct TypedCopy(HlaLocus? Locus, AllelePosition Position);

/// <summary>Reads alleles in every form they are written in. Nothing is guessed: what is no valid name is a fault.</summary>
internal sealed class AlleleListReader(HlaRelease? release, NmdpCodes? codes, TypingNotes notes)
{
    private const string NoDrb = "DRBX";
    private const string NoGene = "NNNN";

    /// <summary>Reads alleles between slashes, one of which it is.</summary>
    /// <param name="list">The text.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="expected">The locus, where the place says which; otherwise the first allele must.</param>
    /// <returns>Null when there was a fault.</returns>
    public TypedCopy? Read(ReadOnlySpan<char> list, int offset, HlaLocus? expected)
    {
        var (locus, set, noDrb, faults) = (expected, new AlleleSet(), false, notes.FaultCount);
        foreach (var range in list.Split('/'))
        {
            var token = list[range];
            var at = offset + range.Start.Value;
            if (token.SequenceEqual(NoDrb + "*" + NoGene) && expected?.MayBeAbsent() != false)
            {
                noDrb = true;
                set.AddAbsent();
            }
            else
            {
                ReadAllele(token, at, ref locus, set);
            }
        }

        if (noDrb && locus?.MayBeAbsent() == false)
        {
            notes.Fault(offset, list, TypingFaultKind.WrongLocus);
        }

        if (notes.FaultCount > faults)
        {
            return null;
        }

        if (locus is not { } typed)
        {
            return noDrb ? new TypedCopy(null, AllelePosition.Absent) : null;
        }

        return set.ToPosition(typed, ClassOf(typed), list, notes) is { } position ? new TypedCopy(typed, position) : null;
    }

    private void ReadAllele(ReadOnlySpan<char> token, int offset, ref HlaLocus? locus, AlleleSet set)
    {
        if (!TrySplit(token, offset, locus, out var found, out var body, out var antigen))
        {
            return;
        }

        if (locus is { } known && known != found)
        {
            notes.Fault(offset, token, TypingFaultKind.WrongLocus);
            return;
        }

        locus = found;
        if (antigen is { } number)
        {
            ReadAntigen(found, number, token, offset, set);
        }
        else
        {
            new AlleleReader(found, release, codes, notes).Read(body, token, offset, set);
        }
    }

    private Func<int, int> ClassOf(HlaLocus locus) => release is null ? protein => protein : release[locus].ClassOf;

    // HLA-A*01:01, A*01:01; 01:01 where the locus is known; A2, DR15: an antigen.
    private bool TrySplit(
        ReadOnlySpan<char> token, int offset, HlaLocus? known, out HlaLocus locus, out ReadOnlySpan<char> body, out int? antigen)
    {
        (locus, antigen) = (known ?? default, null);
        body = default;
        if (token.IsWhiteSpace())
        {
            notes.Fault(offset, token, TypingFaultKind.Empty);
            return false;
        }

        var text = token.StartsWith("HLA-", StringComparison.Ordinal) ? token[4..] : token;
        var star = text.IndexOf('*');
        if (star >= 0)
        {
            body = text[(star + 1)..];
            var name = text[..star];
            if (HlaLoci.TryParse(name, out locus))
            {
                return true;
            }

            var near = NearestNames.Loci(name);
            notes.Fault(offset, token, TypingFaultKind.UnknownLocus, () => near);
            return false;
        }

        if (text.IsEmpty)
        {
            notes.Fault(offset, token, TypingFaultKind.Malformed);
            return false;
        }

        if (known is not null && (char.IsAsciiDigit(text[0]) || text is "NEW" or NoGene))
        {
            body = text;
            return true;
        }

        return TryAntigen(text, token, offset, known, out locus, out antigen);
    }

    private bool TryAntigen(
        ReadOnlySpan<char> text, ReadOnlySpan<char> token, int offset, HlaLocus? known, out HlaLocus locus, out int? antigen)
    {
        (locus, antigen) = (default, null);
        var digits = text.IndexOfAnyInRange('0', '9');
        var letters = digits < 0 ? text : text[..digits];
        var loci = SerologyTable.LociOf(letters);
        var isNumber = digits >= 0 && text.Length - digits <= 4 && text[digits] != '0';
        if (loci.IsEmpty || !isNumber || !ReleaseReader.TryNumber(text[digits..].ToString(), out var number))
        {
            notes.Fault(offset, token, TypingFaultKind.Malformed);
            return false;
        }

        antigen = number;
        if (release is null)
        {
            locus = known is { } place && loci.Contains(place) ? place : SerologyTable.LocusOfAntigen(loci, number);
            return true;
        }

        var (serology, written, digitsText) = (release.Serology, letters.ToString(), text[digits..].ToString());
        foreach (var candidate in loci)
        {
            if (serology.Knows(candidate, number))
            {
                locus = candidate;
                return true;
            }
        }

        notes.Fault(offset, token, TypingFaultKind.UnknownName, () => NearestNames.Antigens(serology, loci, written, digitsText));
        return false;
    }

    private void ReadAntigen(HlaLocus locus, int antigen, ReadOnlySpan<char> token, int offset, AlleleSet set)
    {
        if (release is null)
        {
            notes.Warn(TypingWarningKind.NeedsRelease, locus, token);
            set.AddUnknown();
        }
        else if (release.Serology.Carriers(locus, antigen) is { IsEmpty: false } carriers)
        {
            if (notes.TryExpand(carriers.Length, offset, token))
            {
                set.AddAntigen(antigen, carriers);
            }
        }
        else
        {
            notes.Fault(offset, token, TypingFaultKind.UnknownName);
        }
    }
}
