using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>IPD-IMGT/HLA 3.58.0 itself. What is asserted was counted in its files by other means (donors.md, B1, B6, B8).</summary>
public sealed class RealReleaseTests
{
    [Fact]
    public void It_passes_its_self_test_and_counts_as_others_have_counted_it()
    {
        var release = Releases.Real;
        Assert.Equal("IPD-IMGT/HLA 3.58.0", release.Version);
        Assert.Equal(new ReleaseFigures(24_876, 1_234, 1_743, 411), release.Figures);
    }

    [Theory]
    [InlineData("DQB1*02:01", "DQB1*02:02")]
    [InlineData("DRB1*14:01", "DRB1*14:54")]
    [InlineData("DRB1*12:01", "DRB1*12:10")]
    [InlineData("A*74:01", "A*74:02")]
    [InlineData("C*07:01", "C*07:18")]
    [InlineData("C*17:01", "C*17:03")]
    [InlineData("B*07:02", "B*07:61")]
    [InlineData("A*02:01", "A*02:66")]
    [InlineData("C*03:04", "C*03:100")]
    [InlineData("DPB1*03:01", "DPB1*104:01")]
    [InlineData("DPB1*04:02", "DPB1*105:01")]
    [InlineData("DPB1*02:01", "DPB1*416:01")]
    public void Some_proteins_of_different_name_are_one_to_matching(string one, string other)
    {
        var reader = new TypingReader(Releases.Real);
        var locus = Enum.Parse<HlaLocus>(one.Split('*')[0], ignoreCase: true);
        var (left, right) = (Told.Typing(reader, $"{one}+{one}"), Told.Typing(reader, $"{other}+{other}"));
        Assert.Equal(Bounds.Of(2), new MatchCounter().Count(left[locus], right[locus]).Matches);
    }

    [Theory]
    [InlineData("A*24:02:01G", "A*24:09N")]
    [InlineData("C*04:01:01G", "C*04:09N")]
    [InlineData("B*51:01:01G", "B*51:11N")]
    public void A_G_group_that_hides_a_null_allele_says_so(string group, string hidden)
    {
        var result = new TypingReader(Releases.Real).ReadGlString($"{group}+{group}");
        var warning = Assert.Single(result.Typing!.Warnings);
        Assert.Equal(TypingWarningKind.HiddenNull, warning.Kind);
        Assert.Contains(Releases.Real[Enum.Parse<HlaLocus>(group[..1])].GGroups.Values, one =>
            one.Nulls.Select(silent => $"{group[..2]}{silent}").Contains(hidden, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("A", "02:65", 2, 19)]
    [InlineData("B", "15:271", 15, 70)]
    [InlineData("B", "38:09", 16, 16)]
    [InlineData("A", "02:03", 203, 203)]
    public void Antigens_are_those_of_the_file(string locus, string protein, int one, int other)
    {
        Assert.True(AlleleName.TryParse(protein, out var name));
        Assert.Equal(new[] { one, other }.Distinct(), Releases.Real.Serology.Of(Enum.Parse<HlaLocus>(locus), name.Protein));
    }

    [Theory]
    [InlineData(1, "09:01 10:01 17:01 30:01 131:01")]
    [InlineData(2, "03:01 06:01 08:01 14:01 19:01 21:01 45:01 55:01 104:01 124:01")]
    [InlineData(3, "01:01 02:01 02:02 04:01 04:02 05:01 11:01 13:01 15:01 16:01 18:01 20:01 28:01 40:01 85:01 105:01")]
    public void Epitope_groups_are_those_of_the_second_version(int group, string proteins)
    {
        var groups = Releases.Real.Tce!;
        Assert.All(proteins.Split(' '), text =>
        {
            Assert.True(AlleleName.TryParse(text, out var name));
            Assert.Equal(group, groups.Of(name.Protein));
        });
    }

    [Theory]
    [InlineData("A*02:XX", '/')]
    [InlineData("A*02:XX+A*01:XX", '|')]
    [InlineData("A*01:01:01G", '/')]
    [InlineData("A*01:01P", '/')]
    [InlineData("A*01:01lg", '/')]
    [InlineData("B15", '/')]
    public void More_alleles_than_any_true_typing_stands_for_are_refused_at_once(string piece, char delimiter)
    {
        var text = string.Join(delimiter, Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var result = new TypingReader(Releases.Real).ReadGlString(text);
        Assert.Equal((TypingFaultKind.TooAmbiguous, 1), (Assert.Single(result.Faults).Kind, result.FaultCount));
    }

    [Fact]
    public void A_whole_first_field_and_an_old_name_are_read()
    {
        var result = new TypingReader(Releases.Real).ReadGlString("A*01:34N+A*02:XX");
        Assert.Equal(TypingWarningKind.Renamed, result.Typing!.Warnings[0].Kind);
        Assert.Equal("A*01:01:38L", result.Typing.Warnings[0].Detail);
        Assert.True(result.Typing[HlaLocus.A].Genotypes[0].Second.Classes.Length > 500);
    }
}
