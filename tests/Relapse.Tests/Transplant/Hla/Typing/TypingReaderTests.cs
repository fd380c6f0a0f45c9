using System.Collections.Immutable;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>Every form in which an allele is written, over the invented release; SyntheticRelease/*.txt says what it stands for.</summary>
public sealed class TypingReaderTests
{
    private static readonly NmdpCodes Codes = NmdpCodes.Read(
        "LAST UPDATED: 01/01/2001\n*\tCODE\tSUBTYPE\n\n\tAB\t01/02\n\tAC\t77/88\n\tAD\t01/05/88\n\tAN\t02/03N\n*\tABJE\t91:01/91:02/92:01\n*\tABJF\t92:01\n",
        out _)!;

    private static readonly TypingReader Reader = new(Releases.Synthetic, Codes);

    [Theory]
    [InlineData("91:01", "91:01")]
    [InlineData("91:01:01", "91:01")]
    [InlineData("91:01:01:01", "91:01")]
    [InlineData("A*91:02", "91:02")]
    [InlineData("HLA-A*91:02", "91:02")]
    [InlineData("93:01L", "93:01")]
    [InlineData("94:02Q", "94:02")]
    [InlineData("91:01:01G", "91:01 91:02")]
    [InlineData("92:02:01G", "92:02 92:03")]
    [InlineData("91:01P", "91:01 91:02")]
    [InlineData("91:02g", "91:01 91:02")]
    [InlineData("91:02lg", "91:01 91:02")]
    [InlineData("91:XX", "91:01 91:02 91:04")]
    [InlineData("92", "92:01 92:02 92:03")]
    [InlineData("91:01/94:01", "91:01 94:01")]
    [InlineData("91:AB", "91:01 91:02")]
    [InlineData("91:AD", "91:01 91:02")]
    [InlineData("91:ABJE", "91:01 91:02 92:01")]
    [InlineData("91:AN", "91:02")]
    [InlineData("A9103", "91:04")]
    [InlineData("A91", "91:01 91:02 91:04")]
    [InlineData("A90", "91:01 91:02 91:04 92:01 92:02 92:03 95:01")]
    [InlineData("A93", "92:03 93:01 94:01")]
    [InlineData("91:05", "91:02")]
    [InlineData("91:06", "91:02")]
    [InlineData("96:01:08", "91:04")]
    [InlineData("96:01", "91:04")]
    public void An_allele_in_any_form_is_the_set_of_proteins_that_it_may_be(string text, string proteins)
    {
        var position = Read(text);
        Assert.Equal(PositionKind.Expressed, position.Kind);
        Assert.Equal(proteins, string.Join(' ', position.Proteins.Select(ProteinCode.Text)));
        Assert.False(position.MayBeNew);
    }

    [Theory]
    [InlineData("91:03N")]
    [InlineData("91:01:01:02N")]
    [InlineData("91:01N")]
    [InlineData("91:01:01N")]
    public void A_null_allele_is_one_in_every_length(string text) => Assert.Equal(PositionKind.Null, Read(text).Kind);

    [Theory]
    [InlineData("NEW")]
    [InlineData("A*NEW")]
    [InlineData("A*91:NEW")]
    public void A_new_allele_is_new(string text) => Assert.Equal(AllelePosition.New, Read(text));

    [Fact]
    public void Classes_are_the_P_groups()
    {
        Assert.Equal([ProteinCode.Of(91, 1)], Read("91:02").Classes);
        Assert.Equal([ProteinCode.Of(92, 1), ProteinCode.Of(92, 2)], Read("92:XX").Classes);
        Assert.Equal("A*91:01P", Releases.Synthetic.ClassName(HlaLocus.A, ProteinCode.Of(91, 1)));
        Assert.Equal("A*92:01", Releases.Synthetic.ClassName(HlaLocus.A, ProteinCode.Of(92, 1)));
    }

    [Theory]
    [InlineData("91:01:01G", "HiddenNull", "A*91:01:01:02N, A*91:03N")]
    [InlineData("91:02g", "HiddenNull", "A*91:01:01:02N, A*91:03N")]
    [InlineData("91:AN", "HiddenNull", "A*91:03N")]
    [InlineData("91:01/91:03N", "HiddenNull", "A*91:03N")]
    [InlineData("91:06", "Renamed", "A*91:02")]
    [InlineData("94:02Q", "ExpressionToReview", "")]
    public void What_should_be_known_of_an_allele_is_a_warning(string text, string kind, string detail)
    {
        var warning = Assert.Single(Reader.ReadPositions(new LocusText(HlaLocus.A, text, "94:01")).Typing!.Warnings);
        Assert.Equal(new TypingWarning(Enum.Parse<TypingWarningKind>(kind), HlaLocus.A, text, detail), warning);
    }

    [Theory]
    [InlineData("91:07", "UnknownName", "A*91:01 A*91:02 A*91:04")]
    [InlineData("91:03", "UnknownName", "A*91:03N")]
    [InlineData("94:02", "UnknownName", "A*94:02Q")]
    [InlineData("91:01:09", "UnknownName", "A*91:01")]
    [InlineData("9102", "UnknownName", "A*91:02")]
    [InlineData("97:XX", "UnknownName", "A*91:01 A*92:01 A*94:01")]
    [InlineData("97", "UnknownName", "A*91:01 A*92:01 A*94:01")]
    [InlineData("91:02G", "UnknownName", "A*91:02")]
    [InlineData("91:02P", "UnknownName", "A*91:02")]
    [InlineData("91:1", "Malformed", "A*91:01")]
    [InlineData("HLA-", "Malformed", "")]
    [InlineData("91:02X", "Malformed", "A*91:02")]
    [InlineData("91:*", "UnknownLocus", "")]
    [InlineData("-", "Malformed", "")]
    [InlineData("92:77", "DeletedName", "")]
    [InlineData("91:ZZ", "UnknownCode", "")]
    [InlineData("91:AC", "EmptyCode", "")]
    [InlineData("95:ABJF", "EmptyCode", "")]
    [InlineData("94:NNNN", "UnknownCode", "")]
    [InlineData("NNNN", "Malformed", "")]
    [InlineData("A99", "UnknownName", "A90 A91 A92")]
    [InlineData("B91", "WrongLocus", "")]
    [InlineData("Bw4", "Malformed", "")]
    [InlineData("B*91:01", "WrongLocus", "")]
    [InlineData("DRB2*91:01", "UnknownLocus", "DRB1 DRB3 DRB4")]
    [InlineData("DRBX*NNNN", "UnknownLocus", "DRB1 DRB3 DRB4")]
    public void What_is_no_allele_is_refused_with_what_is_near(string text, string kind, string nearest)
    {
        var result = Reader.ReadPositions(new LocusText(HlaLocus.A, "91:01", "94:01/" + text));
        Assert.Null(result.Typing);
        var fault = Assert.Single(result.Faults);
        Assert.Equal(("A[2]", 6, text, Enum.Parse<TypingFaultKind>(kind)), (fault.Part, fault.Offset, fault.Token, fault.Kind));
        foreach (var name in nearest.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Contains(name, fault.Nearest);
        }
    }

    [Theory]
    [InlineData("91:01", "")]
    [InlineData("", "91:01")]
    [InlineData("91:01", " ")]
    [InlineData("91:01", "92:01/")]
    public void A_position_that_is_not_given_is_not_made_up(string first, string second) =>
        Assert.Equal(TypingFaultKind.Empty, Assert.Single(Reader.ReadPositions(new LocusText(HlaLocus.A, first, second)).Faults).Kind);

    [Fact]
    public void A_locus_that_is_given_twice_is_refused_and_one_without_positions_is_untyped()
    {
        var text = new LocusText(HlaLocus.A, "91:01", "91:01");
        Assert.Equal(TypingFaultKind.RepeatedLocus, Assert.Single(Reader.ReadPositions(text, text).Faults).Kind);
        Assert.False(Reader.ReadPositions(new LocusText(HlaLocus.A, "", "")).Typing![HlaLocus.A].IsTyped);
    }

    [Fact]
    public void The_genes_that_a_chromosome_may_lack_can_be_missing()
    {
        var typing = Reader.ReadPositions(new LocusText(HlaLocus.Drb3, "NNNN", "DRB3*91:01"), new LocusText(HlaLocus.Drb4, "DRBX*NNNN", "DRB4*NNNN")).Typing!;
        Assert.Equal(AllelePosition.Absent, typing[HlaLocus.Drb3].Genotypes[0].First);
        Assert.True(typing[HlaLocus.Drb4].IsCertain);
    }

    [Fact]
    public void Antigens_of_the_second_DR_loci_belong_there()
    {
        Assert.True(Told.Synthetic("DR52+DR52")[HlaLocus.Drb3].IsTyped);
        Assert.True(Told.Synthetic("DR92+DR92")[HlaLocus.Drb1].IsTyped);
    }

    [Fact]
    public void Every_fault_is_found_in_one_reading()
    {
        var result = Reader.ReadPositions(new LocusText(HlaLocus.A, "91:09", "91:99/x"), new LocusText(HlaLocus.B, "91:99", "91:01"));
        Assert.Equal(["A[1]", "A[2]", "A[2]", "B[1]"], result.Faults.Select(fault => fault.Part));
        Assert.Equal([0, 0, 6, 0], result.Faults.Select(fault => fault.Offset));
    }

    [Fact]
    public void Without_a_code_file_every_code_is_unknown() => Assert.Equal(
        TypingFaultKind.UnknownCode,
        Assert.Single(new TypingReader(Releases.Synthetic).ReadGlString("A*91:AB+A*91:01").Faults).Kind);

    [Fact]
    public void Without_reference_data_names_are_compared_by_two_fields_and_the_typing_says_so()
    {
        var reader = new TypingReader(null, Codes);
        var typing = Told.Typing(reader, "A*02:01:01:01+A*02:01:01G^B*07:AB+B*07:02P^C*04:09N+C*04:01");
        Assert.Equal(new TypingWarning(TypingWarningKind.PGroupsNotLoaded, null, "", ""), Assert.Single(typing.Warnings));
        Assert.True(typing[HlaLocus.A].IsCertain);
        Assert.Equal(typing[HlaLocus.A].FirstCode, typing[HlaLocus.A].SecondCode);
        Assert.Equal([ProteinCode.Of(7, 1), ProteinCode.Of(7, 2)], typing[HlaLocus.B].Genotypes[0].First.Classes);
        Assert.Equal(PositionKind.Null, typing[HlaLocus.C].Genotypes[0].First.Kind);
    }

    [Theory]
    [InlineData("A*02:XX")]
    [InlineData("A*02")]
    [InlineData("A2")]
    public void Without_reference_data_what_needs_it_counts_as_untyped(string text)
    {
        var typing = Told.Typing(new TypingReader(null), $"{text}+A*01:01");
        Assert.Contains(new TypingWarning(TypingWarningKind.NeedsRelease, HlaLocus.A, text, ""), typing.Warnings);
        Assert.Equal(PositionKind.Unknown, typing[HlaLocus.A].Genotypes[0].First.Kind);
    }

    private static AllelePosition Read(string text)
    {
        var result = Reader.ReadPositions(new LocusText(HlaLocus.A, text, "91:01"));
        Assert.Equal(ImmutableArray<TypingFault>.Empty, result.Faults);
        return result.Typing![HlaLocus.A].Genotypes[0].First;
    }
}
