using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>Leaders of the invented release: 91 and 95:01 as written in its sequences; 92:02 is sequenced without its leader.</summary>
public sealed class LeaderComparisonTests
{
    private static readonly LeaderComparison Comparison = new(Releases.Synthetic);

    // The families that BLEAT lists as M; every other is T, with few exceptions.
    private static readonly int[] MethionineFamilies = [7, 8, 14, 38, 39, 42, 48, 67, 73, 81];

    [Theory]
    [InlineData("91:01+92:01", "93:01+92:01", "MTT")]
    [InlineData("92:01+91:01", "91:01+93:01", "TTM")]
    [InlineData("91:01+91:01", "91:01+92:01", "MTM")]
    [InlineData("91:01+92:01", "91:02+91:01", "TMM")]
    [InlineData("92:02+91:01", "92:01+91:01", "?TM")]
    [InlineData("NEW+91:01", "92:01+91:01", "?TM")]
    public void The_status_is_recipient_donor_shared(string recipient, string donor, string status)
    {
        var result = Compare(recipient, donor);
        Assert.Equal(Truth.True, result.Applies);
        Assert.Equal(status, Assert.Single(result.Possible).ToString());
    }

    [Theory]
    [InlineData("91:01+92:01", "91:02+92:01")]
    [InlineData("91:01+91:01", "92:01+93:01")]
    public void Without_exactly_one_mismatch_it_does_not_apply(string recipient, string donor)
    {
        Assert.Equal(Truth.False, Compare(recipient, donor).Applies);
        Assert.Empty(Compare(recipient, donor).Possible);
    }

    [Fact]
    public void Every_status_that_the_typing_leaves_open_is_listed()
    {
        var result = Compare("91:01/93:01+92:01", "95:01+92:01");
        Assert.Equal(["MTT", "TTT"], result.Possible.Select(status => status.ToString()));
        var open = Compare("91:01/92:01+93:01", "92:01+93:01");
        Assert.Equal((Truth.Open, "MTT"), (open.Applies, Assert.Single(open.Possible).ToString()));
    }

    [Fact]
    public void An_untyped_locus_is_too_ambiguous_and_says_so()
    {
        var result = Comparison.Compare(LocusTyping.Untyped, B("91:01+92:01"));
        Assert.True(result.TooAmbiguous);
        Assert.Equal(Truth.Open, result.Applies);
    }

    [Fact]
    public void In_the_real_sequences_families_have_the_leader_that_BLEAT_lists()
    {
        var comparison = new LeaderComparison(Releases.Real);
        var read = Releases.Real[HlaLocus.B].Proteins.Where(protein => comparison.Of(protein) != LeaderComparison.Unread).ToList();
        var exceptions = read.Where(protein =>
            comparison.Of(protein) != (MethionineFamilies.Contains(ProteinCode.FirstField(protein)) ? 'M' : 'T')).Select(ProteinCode.Text).ToList();
        Assert.True(read.Count > 3_000);
        Assert.Contains("07:65", exceptions);
        Assert.True(exceptions.Count < 25, string.Join(' ', exceptions));
    }

    private static LeaderResult Compare(string recipient, string donor) => Comparison.Compare(B(recipient), B(donor));

    private static LocusTyping B(string text) => Told.Synthetic("B*" + text.Replace("+", "+B*", StringComparison.Ordinal))[HlaLocus.B];
}
