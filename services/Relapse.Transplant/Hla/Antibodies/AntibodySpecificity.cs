using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>What an antibody of the recipient is directed against: an allele, an antigen, Bw4 or Bw6.</summary>
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
            return new AntibodySpecificity(
                text, text == "Bw4" ? [HlaLocus.A, HlaLocus.B] : [HlaLocus.B], typing => release is null ? Truth.Open : Public(typing, text == "Bw4", new LigandReader(release)));
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
            return new AntibodySpecificity(
                text, [locus], typing => Truths.Carried(typing[locus], (AllelePosition one) => Has(release.Serology, locus, one, antigen)));
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

    private static Truth Has(SerologyTable serology, HlaLocus locus, AllelePosition position, int antigen) =>
        position.Antigen != AllelePosition.NoAntigen
            ? serology.IsTyped(locus, position.Antigen, antigen)
            : Truths.OneOf(position.Proteins
                .Select(protein => Truths.OneOf(serology.Of(locus, protein).Select(assigned => serology.Is(locus, assigned, antigen))))
                .Concat(position.MayBeNew ? [Truth.Open] : []));

    private static Truth Public(HlaTyping typing, bool bw4, LigandReader ligands) => bw4
        ? ligands.Read(typing).Bw4
        : Truths.Carried(typing[HlaLocus.B], ligands.HasBw6);
}
