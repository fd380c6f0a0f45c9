namespace Relapse.Transplant.Hla;

/// <summary>The groups of class I allotypes that inhibitory KIR see.</summary>
internal enum KirLigand
{
    /// <summary>Asparagine at 80 of HLA-C, and the same epitope (valine 76, asparagine 80) on HLA-B: for KIR2DL2 and KIR2DL3.</summary>
    C1,

    /// <summary>Lysine at 80 of HLA-C: for KIR2DL1.</summary>
    C2,

    /// <summary>The Bw4 motif of HLA-B and HLA-A: for KIR3DL1.</summary>
    Bw4,
}

/// <summary>Which ligands a person has.</summary>
/// <param name="C1">On HLA-C or HLA-B.</param>
/// <param name="C2">On HLA-C.</param>
/// <param name="Bw4OnB">On HLA-B.</param>
/// <param name="Bw4OnA">On HLA-A: open while the release has no sequences of A.</param>
internal readonly record struct LigandProfile(Truth C1, Truth C2, Truth Bw4OnB, Truth Bw4OnA)
{
    /// <summary>On HLA-B or HLA-A.</summary>
    public Truth Bw4 => Bw4OnB.Or(Bw4OnA);

    /// <summary>All three together.</summary>
    public (Truth C1, Truth C2, Truth Bw4) All => (C1, C2, Bw4);

    /// <summary>Whether the ligand is there.</summary>
    public Truth this[KirLigand ligand] => ligand switch
    {
        KirLigand.C1 => C1,
        KirLigand.C2 => C2,
        _ => Bw4,
    };
}

/// <summary>Reads KIR ligands from the sequences of class I proteins, by the definition of the IPD-KIR ligand calculator. Null alleles
/// carry none.</summary>
/// <param name="release">Gives the sequences.</param>
internal sealed class LigandReader(HlaRelease release)
{
    /// <summary>The ligands of a person.</summary>
    public LigandProfile Read(HlaTyping typing) => new(
        Truths.Carried(typing[HlaLocus.C], (int protein) => At80(HlaLocus.C, protein, 'N'))
            .Or(Truths.Carried(typing[HlaLocus.B], HasC1OnB)),
        Truths.Carried(typing[HlaLocus.C], (int protein) => At80(HlaLocus.C, protein, 'K')),
        Truths.Carried(typing[HlaLocus.B], (int protein) => HasBw4(HlaLocus.B, protein)),
        Truths.Carried(typing[HlaLocus.A], (int protein) => HasBw4(HlaLocus.A, protein)));

    /// <summary>Whether a protein of A or B has the Bw4 motif: 77 and 80 are N and I, N and T, D and T, or S and T.</summary>
    public Truth HasBw4(HlaLocus locus, int protein) =>
        Motif(locus, protein, (at77, at80) => (at77, at80) is ('N', 'I') or ('N' or 'D' or 'S', 'T'));

    /// <summary>Whether a protein of B has the Bw6 motif: 77 and 80 are G and N, or S and N.</summary>
    public Truth HasBw6(int protein) => Motif(HlaLocus.B, protein, (at77, at80) => (at77, at80) is ('G' or 'S', 'N'));

    private Truth HasC1OnB(int protein)
    {
        var residues = Residues(HlaLocus.B, protein);
        return residues.At76 == ResidueTable.Unread ? Truth.Open
            : residues.At76 == 'V' ? At80(HlaLocus.B, protein, 'N') : Truth.False;
    }

    private Truth At80(HlaLocus locus, int protein, char residue)
    {
        var found = Residues(locus, protein).At80;
        return found == ResidueTable.Unread ? Truth.Open : found == residue ? Truth.True : Truth.False;
    }

    private Truth Motif(HlaLocus locus, int protein, Func<char, char, bool> has)
    {
        var residues = Residues(locus, protein);
        return residues.At77 == ResidueTable.Unread || residues.At80 == ResidueTable.Unread
            ? Truth.Open
            : has(residues.At77, residues.At80) ? Truth.True : Truth.False;
    }

    // Proteins of one class agree over these residues: where one has no sequence, another's serves.
    private ClassIResidues Residues(HlaLocus locus, int protein)
    {
        var own = release.Residues.Of(locus, protein);
        if (own.At80 != ResidueTable.Unread || !release.Residues.Has(locus))
        {
            return own;
        }

        var table = release[locus];
        return table.ProteinsOfClass(table.ClassOf(protein))
            .Select(member => release.Residues.Of(locus, member))
            .FirstOrDefault(residues => residues.At80 != ResidueTable.Unread, own);
    }
}
