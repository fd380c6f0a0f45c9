using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>
/// The invented release has sequences of B and C and none of A. C: 91:01 and 93:01 are C1, 91:02 and 92:01 C2, 95:01 is not sequenced.
/// B: 92:01 has Bw4 with isoleucine, 92:02 Bw4 with threonine, 91 and 93:01 Bw6, 95:01 Bw6 and the C1 epitope; 96:01 is not sequenced.
/// </summary>
public sealed class KirLigandTests
{
    private const string NoBw4OnA = "A*91:01+A*92:01^";

    [Theory]
    [InlineData("C*91:01+C*92:01^B*91:01+B*91:01", "True", "True", "False")]
    [InlineData("C*91:01+C*93:01^B*91:01+B*92:01", "True", "False", "True")]
    [InlineData("C*92:01+C*91:02^B*93:01+B*92:02", "False", "True", "True")]
    [InlineData("C*92:01+C*92:01^B*95:01+B*91:01", "True", "True", "False")]
    [InlineData("C*92:01+C*94:01N^B*91:01+B*94:01N", "False", "True", "False")]
    [InlineData("C*91:01/C*92:01+C*92:01^B*91:01/B*92:01+B*91:01", "Open", "True", "Open")]
    [InlineData("C*92:01+C*95:01^B*91:01+B*96:01", "Open", "True", "Open")]
    [InlineData("B*92:01+B*92:01", "Open", "Open", "True")]
    public void Ligands_are_read_from_the_sequences(string text, string c1, string c2, string bw4OnB)
    {
        var ligands = new LigandReader(Releases.Synthetic).Read(Told.Synthetic(text));
        Assert.Equal((c1, c2, bw4OnB), ($"{ligands.C1}", $"{ligands.C2}", $"{ligands.Bw4OnB}"));
    }

    [Fact]
    public void Without_sequences_of_A_nobody_knows_of_Bw4_there()
    {
        var ligands = new LigandReader(Releases.Synthetic).Read(Told.Synthetic(NoBw4OnA + "B*91:01+B*91:01"));
        Assert.Equal((Truth.False, Truth.Open, Truth.Open), (ligands.Bw4OnB, ligands.Bw4OnA, ligands.Bw4));
    }

    // What each model says when donor and recipient have or lack a ligand, and the donor its receptor.
    [Theory]
    [InlineData(true, true, true, "False", "False", "False", "False")]
    [InlineData(false, true, true, "True", "True", "True", "True")]
    [InlineData(false, true, false, "True", "False", "False", "True")]
    [InlineData(false, false, true, "False", "False", "True", "True")]
    [InlineData(true, false, true, "False", "False", "False", "False")]
    [InlineData(false, false, false, "False", "False", "False", "True")]
    public void Models_ask_different_questions(
        bool recipientHas, bool donorHas, bool receptor, string ligandLigand, string missingSelf, string receptorLigand, string missingLigand)
    {
        var (recipient, donor) = (Profile(recipientHas), Profile(donorHas));
        var has = receptor ? Truth.True : Truth.False;
        var genes = new KirGenes(has, has, Truth.False, has);
        KirModelResult[] results =
        [
            KirModels.LigandLigand(recipient, donor), KirModels.MissingSelf(recipient, donor, genes), KirModels.ReceptorLigand(recipient, genes),
            KirModels.MissingLigand(recipient),
        ];
        string[] expected = [ligandLigand, missingSelf, receptorLigand, missingLigand];
        Assert.Equal(expected, results.Select(result => $"{result.C1}"));
        Assert.Equal(expected, results.Select(result => $"{result.C2}"));
        Assert.Equal(expected, results.Select(result => $"{result.Bw4}"));
        Assert.Equal(expected, results.Select(result => $"{result.Any}"));
    }

    [Fact]
    public void What_is_not_known_stays_open()
    {
        Assert.Equal(Truth.Open, KirModels.MissingSelf(Profile(false), Profile(true), KirGenes.Untyped).Any);
        Assert.Equal(Truth.False, KirModels.MissingSelf(Profile(true), Profile(true), KirGenes.Untyped).Any);
        var unknown = new LigandReader(Releases.Synthetic).Read(HlaTyping.Untyped);
        Assert.Equal(Truth.Open, KirModels.LigandLigand(unknown, Profile(true)).Any);
        Assert.Equal(Truth.False, KirModels.LigandLigand(unknown, Profile(false)).Any);
    }

    [Theory]
    [InlineData("C*12:04", "C2")]
    [InlineData("C*12:05", "C2")]
    [InlineData("C*12:09", "C2")]
    [InlineData("C*03:07", "C2")]
    [InlineData("C*15:07", "C1")]
    [InlineData("C*16:02", "C2")]
    [InlineData("C*07:01", "C1")]
    [InlineData("C*04:01", "C2")]
    [InlineData("C*01:02", "C1")]
    [InlineData("B*46:01", "C1")]
    [InlineData("B*73:01", "C1")]
    [InlineData("B*27:05", "Bw4")]
    [InlineData("B*44:02", "Bw4")]
    [InlineData("B*07:02", "")]
    [InlineData("B*08:01", "")]
    public void Real_alleles_have_the_ligand_of_their_sequence(string allele, string ligand)
    {
        var typing = Told.Typing(new TypingReader(Releases.Real), $"{allele}+{allele}");
        var ligands = new LigandReader(Releases.Real).Read(typing);
        var atC = typing[HlaLocus.C].IsTyped;
        Assert.Equal(ligand == "C1", ligands.C1 == Truth.True || (atC && ligands.C2 == Truth.False));
        Assert.Equal(ligand == "C2", ligands.C2 == Truth.True);
        Assert.Equal(ligand == "Bw4", ligands.Bw4OnB == Truth.True);
    }

    [Fact]
    public void Nearly_every_real_protein_of_B_and_C_can_be_read_and_every_B_is_Bw4_or_Bw6_or_neither()
    {
        var reader = new LigandReader(Releases.Real);
        var (b, c) = (Releases.Real[HlaLocus.B].Proteins, Releases.Real[HlaLocus.C].Proteins);
        Assert.True(b.Count(protein => reader.HasBw4(HlaLocus.B, protein) == Truth.Open) < b.Length / 200);
        Assert.DoesNotContain(b, protein => reader.HasBw4(HlaLocus.B, protein) == Truth.True && reader.HasBw6(protein) == Truth.True);
        Assert.True(c.Count(protein => Releases.Real.Residues.Of(HlaLocus.C, protein).At80 is 'N' or 'K') > c.Length * 99 / 100);
    }

    private static LigandProfile Profile(bool has)
    {
        var truth = has ? Truth.True : Truth.False;
        return new LigandProfile(truth, truth, truth, Truth.False);
    }
}
