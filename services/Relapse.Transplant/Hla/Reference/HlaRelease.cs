using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>What was counted in a release when it was tested.</summary>
/// <param name="TwoFieldNames">Two-field names in the file of G groups, every gene and suffixes left out.</param>
/// <param name="TwoFieldNamesInSeveralGGroups">Those of them whose alleles stand in more than one G group.</param>
/// <param name="NullAlleles">Null alleles in the file of G groups.</param>
/// <param name="NullAllelesBesideExpressed">Those of them that share a G group with an expressed allele: a typing by G groups hides
/// them.</param>
internal sealed record ReleaseFigures(
    int TwoFieldNames, int TwoFieldNamesInSeveralGGroups, int NullAlleles, int NullAllelesBesideExpressed);

/// <summary>An IPD-IMGT/HLA release, read and tested. Immutable, safe to share.</summary>
internal sealed class HlaRelease
{
    private readonly LocusTable[] _loci;

    /// <summary>Takes what the reader has read.</summary>
    public HlaRelease(
        string version,
        string digest,
        LocusTable[] loci,
        SerologyTable serology,
        TceTable? tce,
        ResidueTable residues,
        ReleaseFigures figures)
    {
        Version = version;
        Digest = digest;
        _loci = loci;
        Serology = serology;
        Tce = tce;
        Residues = residues;
        Figures = figures;
    }

    /// <summary>As the files state it, such as <c>IPD-IMGT/HLA 3.58.0</c>.</summary>
    public string Version { get; }

    /// <summary>See <see cref="ReleaseFiles"/>.</summary>
    public string Digest { get; }

    /// <summary>Antigens of alleles.</summary>
    public SerologyTable Serology { get; }

    /// <summary>DPB1 T-cell epitope groups; null when the folder has none.</summary>
    public TceTable? Tce { get; }

    /// <summary>Residues of class I proteins.</summary>
    public ResidueTable Residues { get; }

    /// <summary>What the self-test counted.</summary>
    public ReleaseFigures Figures { get; }

    /// <summary>What the folder lacks, of the files that are optional.</summary>
    public required ImmutableArray<string> MissingFiles { get; init; }

    /// <summary>What is known of a locus.</summary>
    public LocusTable this[HlaLocus locus] => _loci[(int)locus];

    /// <summary>A class by name: <c>A*01:01P</c> for a P group, <c>A*01:06</c> for a class of one.</summary>
    public string ClassName(HlaLocus locus, int code) =>
        $"{locus.Name()}*{ProteinCode.Text(code)}{(this[locus].NamedClasses.Contains(code) ? "P" : "")}";
}
