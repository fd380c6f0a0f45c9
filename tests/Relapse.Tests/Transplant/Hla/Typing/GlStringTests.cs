using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class GlStringTests
{
    private static readonly TypingReader Reader = new(Releases.Synthetic);

    [Fact]
    public void Delimiters_bind_in_their_order()
    {
        var typing = Told.Synthetic("A*91:01/A*91:04+A*92:01|A*94:01+A*95:01^B*91:01+B*92:01");
        Assert.Equal(2, typing[HlaLocus.A].Genotypes.Length);
        Assert.Equal("91:01/91:04+92:01", Text(typing[HlaLocus.A].Genotypes[0]));
        Assert.Equal("94:01+95:01", Text(typing[HlaLocus.A].Genotypes[1]));
        Assert.Equal("91:01+92:01", Text(typing[HlaLocus.B].Genotypes[0]));
        Assert.False(typing[HlaLocus.C].IsTyped);
        Assert.Empty(typing.Warnings);
    }

    [Fact]
    public void An_empty_one_is_a_typing_of_nothing() => Assert.All(HlaLoci.All, locus => Assert.False(Told.Synthetic(" ")[locus].IsTyped));

    [Fact]
    public void Phased_alleles_are_taken_locus_by_locus_with_a_warning()
    {
        var typing = Told.Synthetic("A*91:01~B*91:01+A*92:01~B*92:01|A*91:01~B*92:01+A*92:01~B*91:01");
        Assert.Equal("91:01+92:01", Text(Assert.Single(typing[HlaLocus.B].Genotypes)));
        Assert.Equal(TypingWarningKind.PhaseNotUsed, Assert.Single(typing.Warnings).Kind);
    }

    [Fact]
    public void One_copy_leaves_the_other_unknown()
    {
        var typing = Told.Synthetic("A*91:01");
        Assert.Equal(AllelePosition.Unknown, typing[HlaLocus.A].Genotypes[0].Second);
        Assert.Equal(TypingWarningKind.SecondCopyNotStated, Assert.Single(typing.Warnings).Kind);
    }

    [Theory]
    [InlineData("A*91:03N+A*94:01|A*91:01+A*94:01")]
    [InlineData("A*91:03N/A*91:01+A*94:01")]
    public void A_null_reading_beside_an_expressed_one_is_left_out_however_it_is_written(string text)
    {
        var typing = Told.Synthetic(text);
        Assert.Equal("91:01+94:01", Text(Assert.Single(typing[HlaLocus.A].Genotypes)));
        Assert.Equal(TypingWarningKind.HiddenNull, Assert.Single(typing.Warnings).Kind);
    }

    [Fact]
    public void Genotypes_that_matching_cannot_tell_apart_are_one_that_keeps_the_proteins_of_both()
    {
        var typing = Told.Synthetic("A*91:01+A*94:01|A*94:01+A*91:02");
        Assert.Equal("91:01/91:02+94:01", Text(Assert.Single(typing[HlaLocus.A].Genotypes)));
        Assert.True(typing[HlaLocus.A].IsCertain);
    }

    [Theory]
    [InlineData("DRB3*91:01+DRBX*NNNN", "91:01+-", "-+-", "-+-")]
    [InlineData("DRBX*NNNN+DRBX*NNNN", "-+-", "-+-", "-+-")]
    [InlineData("DRB3*91:01+DRB4*91:01", "91:01+-", "-+91:01", "-+-")]
    [InlineData("DRB3*91:01+DRBX*NNNN^DRB4*91:01+DRBX*NNNN", "91:01+-", "91:01+-", "-+-")]
    [InlineData("DRB3*91:01+DRB3*92:01", "91:01+92:01", "?+?", "?+?")]
    [InlineData("DRB3*91:01~DRB1*91:01+DRB1*92:01~DRBX*NNNN", "91:01+-", "-+-", "-+-")]
    public void A_chromosome_has_at_most_one_of_the_second_DR_genes(string text, string drb3, string drb4, string drb5)
    {
        var typing = Told.Synthetic(text);
        Assert.Equal(drb3, Text(typing[HlaLocus.Drb3].Genotypes[0]));
        Assert.Equal(drb4, Text(typing[HlaLocus.Drb4].Genotypes[0]));
        Assert.Equal(drb5, Text(typing[HlaLocus.Drb5].Genotypes[0]));
    }

    [Fact]
    public void Readings_of_which_gene_it_is_leave_each_gene_open()
    {
        var typing = Told.Synthetic("DRB3*91:01+DRB3*91:01?DRB4*91:01+DRB4*91:01");
        Assert.Equal(["91:01+91:01", "?+?"], typing[HlaLocus.Drb3].Genotypes.Select(Text));
        Assert.Equal(["91:01+91:01", "?+?"], typing[HlaLocus.Drb4].Genotypes.Select(Text));
    }

    [Theory]
    [InlineData("A*91:01+A*91:01+A*91:01", "TooManyCopies", 16, "A*91:01")]
    [InlineData("A*91:01+", "Empty", 8, "")]
    [InlineData("A*91:01+A*91:01^", "Empty", 16, "")]
    [InlineData("A*91:01+A*91:01|", "Empty", 16, "")]
    [InlineData("/A*91:01+A*91:01", "Empty", 0, "")]
    [InlineData("A*91:01+A*91:01^A*91:01+A*91:01", "RepeatedLocus", 16, "A")]
    [InlineData("A*91:01~A*91:02+A*91:01", "RepeatedLocus", 8, "A*91:02")]
    [InlineData("A*91:01+B*91:01", "WrongLocus", 0, "A*91:01+B*91:01")]
    [InlineData("A*91:01/B*91:01+A*91:01", "WrongLocus", 8, "B*91:01")]
    [InlineData("  A*91:01+A*9:01", "Malformed", 10, "A*9:01")]
    [InlineData("91:01+91:01", "Malformed", 0, "91:01")]
    [InlineData("A*91:01 +A*91:01", "Malformed", 0, "A*91:01 ")]
    [InlineData("NEW+A*91:01", "Malformed", 0, "NEW")]
    [InlineData("A*91:01+DRBX*NNNN/A*91:01", "WrongLocus", 8, "DRBX*NNNN/A*91:01")]
    public void What_does_not_follow_the_grammar_is_refused_with_its_place(string text, string kind, int offset, string token)
    {
        var result = Reader.ReadGlString(text);
        Assert.Null(result.Typing);
        var fault = result.Faults[0];
        Assert.Equal((Enum.Parse<TypingFaultKind>(kind), offset, token, ""), (fault.Kind, fault.Offset, fault.Token, fault.Part));
    }

    [Fact]
    public void A_megabyte_of_genotypes_is_read_and_its_ambiguity_bounded_with_a_warning()
    {
        var genotypes =
            from a in Alleles from b in Alleles from c in Alleles from d in Alleles
            select $"A*{a}/A*{b}+A*{c}/A*{d}";
        var text = string.Join('|', Enumerable.Repeat(genotypes, 9).SelectMany(all => all));
        Assert.True(text.Length > 1_000_000);
        var typing = Told.Synthetic(text);
        Assert.True(typing[HlaLocus.A].IsWidened);
        Assert.Single(typing[HlaLocus.A].Genotypes);
        Assert.Contains(typing.Warnings, warning => warning.Kind == TypingWarningKind.AmbiguityWidened);
        Assert.Equal(new Bounds(0, 2), new MatchCounter().Count(typing[HlaLocus.A], typing[HlaLocus.A]).Matches);
    }

    [Fact]
    public void A_megabyte_of_different_genotypes_is_read()
    {
        var genotypes = Enumerable.Range(100, 40_000).Select(code => $"A*{code / 900 + 1:00}:{code % 900 + 100}+A*01:{code % 1000 + 100}");
        var typing = Told.Typing(new TypingReader(null), string.Join('|', genotypes));
        Assert.True(typing[HlaLocus.A].IsWidened);
        Assert.True(typing[HlaLocus.A].Genotypes[0].First.Classes.Length > 30_000);
    }

    [Theory]
    [InlineData("A90", '/')]
    [InlineData("A90+A*91:01", '|')]
    public void More_alleles_than_any_true_typing_stands_for_are_refused_at_once(string piece, char delimiter)
    {
        var result = Reader.ReadGlString(string.Join(delimiter, Enumerable.Repeat(piece, TypingReader.MostCharacters / (piece.Length + 1))));
        Assert.Equal(TypingFaultKind.TooAmbiguous, Assert.Single(result.Faults).Kind);
        Assert.Equal(1, result.FaultCount);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('/')]
    [InlineData('^')]
    [InlineData('|')]
    [InlineData('+')]
    [InlineData('~')]
    [InlineData('?')]
    [InlineData(':')]
    [InlineData('*')]
    [InlineData('9')]
    [InlineData('A')]
    public void A_megabyte_of_one_character_is_refused_with_a_few_faults_and_their_number(char letter)
    {
        var result = Reader.ReadGlString(new string(letter, 1_000_000));
        Assert.Null(result.Typing);
        Assert.InRange(result.Faults.Length, 1, TypingResult.MostFaults);
        Assert.True(result.FaultCount >= result.Faults.Length);
        Assert.All(result.Faults, fault => Assert.True(fault.Token.Length <= TypingFault.LongestToken));
    }

    [Fact]
    public void What_is_longer_than_is_read_is_refused() => Assert.Equal(
        TypingFaultKind.TooLong, Assert.Single(Reader.ReadGlString(new string('A', TypingReader.MostCharacters + 1)).Faults).Kind);

    private static readonly string[] Alleles = ["91:01", "91:04", "92:01", "92:02", "94:01", "95:01", "93:01L", "94:02Q"];

    private static string Text(Genotype genotype) => $"{Text(genotype.First)}+{Text(genotype.Second)}";

    private static string Text(AllelePosition position) => position.Kind switch
    {
        PositionKind.Expressed => string.Join('/', position.Proteins.Select(ProteinCode.Text)),
        PositionKind.Unknown => "?",
        PositionKind.Absent => "-",
        _ => "N",
    };
}
