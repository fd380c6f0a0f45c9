using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>What an antibody of the recipient is directed against: an allele, an antigen, Bw4 or Bw6. Not for several threads: it remembers
/// which proteins have it.</summary>
internal sealed class AntibodySpecificity
{
    private readonly Func<HlaTyping, Truth> _carriedBy;

    private AntibodySpecificity(string written, ImmutableArray<HlaLocus> loci, Func<HlaTyping, Truth> carriedBy)
    {
        (Written, Loci) = (written, loci);
        _carriedBy = carriedBy;
    }

    /// <summary>As it was written.</summary>
    public string Written { get; }

    /// <summary>The loci on which it can be.</summary>
    public ImmutableArray<HlaLocus> Loci { get; }

    /// <summary>Reads a specificity as single-antigen beads name them: <c>A2</c>, <c>DR52</c>, <c>DQA1*05:01</c>, <c>Bw4</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="release">The reference data; without it antigens cannot be found in alleles, and every answer about one is
    /// open.</param>
    /// <param name="faults">What is wrong with the text.</param>
    /// <param name="searches">Whether faults name valid names that are near.</param>
    /// <returns>Null when there is a fault.</returns>
    public static AntibodySpecificity? Read(string text, HlaRelease? release, out ImmutableArray<TypingFault> faults, bool searches = true)
    {
        faults = [];
        if (text is "Bw4" or "Bw6")
        {
            ImmutableArray<HlaLocus> loci = text == "Bw4" ? [HlaLocus.A, HlaLocus.B] : [HlaLocus.B];
            var ligands = release is null ? null : new LigandReader(release);
            var has = Remembered((at, protein) => text == "Bw4" ? ligands!.HasBw4(at, protein) : ligands!.HasBw6(protein));
            return new AntibodySpecificity(
                text, loci, typing => ligands is null ? Truth.Open : loci.Select(at => Truths.Carried(typing[at], (int protein) => has(at, protein))).Aggregate(Truth.False, Truths.Or));
        }

        var notes = new TypingNotes(searches);
        var copy = new AlleleListReader(release, null, notes).Read(text, 0, null);
        // A list, a code or a new allele is a typing and no bead.
        var isBead = copy is { Locus: not null, Position: { IsSilent: false, MayBeNew: false } } && !text.Contains('/');
        if (notes.Sound && !isBead)
        {
            notes.Fault(0, text, TypingFaultKind.Malformed);
        }

        faults = notes.Faults;
        if (!notes.Sound || copy is not { Locus: { } locus, Position: var position })
        {
            return null;
        }

        if (position.Kind == PositionKind.Unknown)
        {
            return new AntibodySpecificity(text, [], _ => Truth.Open);
        }

        var antigenAt = text.Contains('*') ? -1 : text.AsSpan().IndexOfAnyInRange('0', '9');
        if (antigenAt > 0 && release is not null && ReleaseReader.TryNumber(text[antigenAt..], out var antigen))
        {
            var has = Remembered((at, protein) => Truths.OneOf(release.Serology.Of(at, protein).Select(assigned => release.Serology.Is(at, assigned, antigen))));
            return new AntibodySpecificity(text, [locus], typing => Truths.Carried(typing[locus], (AllelePosition one) => one.Antigen != AllelePosition.NoAntigen
                ? release.Serology.IsTyped(locus, one.Antigen, antigen)
                : Truths.OneOf(one.Proteins.Select(protein => has(locus, protein)).Concat(one.MayBeNew ? [Truth.Open] : []))));
        }

        var classes = position.Classes;
        return new AntibodySpecificity(text, [locus], typing => Truths.Carried(typing[locus], (AllelePosition one) => Has(one, classes)));
    }

    /// <summary>Whether a person has what it is directed against.</summary>
    public Truth CarriedBy(HlaTyping typing) => _carriedBy(typing);

    // A copy may stand for thousands of classes, in ascending order, and a bead for one.
    private static Truth Has(AllelePosition position, ImmutableArray<int> classes)
    {
        var found = classes.Count(code => position.Classes.BinarySearch(code) >= 0);
        return position.MayBeNew || (found > 0 && found < position.Classes.Length) ? Truth.Open : found > 0 ? Truth.True : Truth.False;
    }

    // A hundred donors may each be typed as thousands of proteins.
    private static Func<HlaLocus, int, Truth> Remembered(Func<HlaLocus, int, Truth> has)
    {
        var known = new Dictionary<(HlaLocus, int), Truth>();
        return (locus, protein) => known.TryGetValue((locus, protein), out var found) ? found : known[(locus, protein)] = has(locus, protein);
    }
}
