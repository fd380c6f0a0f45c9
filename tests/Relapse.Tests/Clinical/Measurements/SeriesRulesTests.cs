using System.Security.Cryptography;
using System.Text;
using Relapse.Clinical;
using Relapse.Tests.House;

namespace Relapse.Tests.Clinical.Measurements;

/// <summary>The numbers by which results are compared are data with a source, read as strictly as a protocol.</summary>
public sealed class SeriesRulesTests
{
    private const string File = "services/Relapse.Clinical/Library/mrd-comparison.yaml";

    private static string Shipped => Repository.Read(File);

    [Fact]
    public void The_shipped_numbers_are_those_of_the_contract_and_the_digest_is_that_of_sha256sum()
    {
        Assert.Equal((0.5m, 0.05m), (SeriesRules.Shipped.AssayErrorLog10, SeriesRules.Shipped.NotMrdFrom));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Shipped))), SeriesRules.Shipped.Reference.Digest);
        Assert.Equal(("mrd-comparison", "2026.1"), (SeriesRules.Shipped.Reference.Name, SeriesRules.Shipped.Reference.Version));
    }

    [Theory]
    [InlineData("value: \"0.5\"", "value: \"0\"", "assay_error_log10.value")]
    [InlineData("value: \"0.5\"", "value: \"0.333\"", "assay_error_log10.value")]
    [InlineData("value: \"0.5\"", "value: \"half\"", "assay_error_log10.value")]
    [InlineData("value: \"0.05\"", "value: \"5\"", "not_mrd_from.value")]
    [InlineData("because: [fuster2014.st_jude, fuster2014.table2_m1]", "because: [fuster2014.table9]", "not_mrd_from.because")]
    [InlineData("version: \"2026.1\"", "verzion: \"2026.1\"", "verzion")]
    [InlineData("id: mrd-comparison\n", "", "")]
    public void A_fault_is_refused_with_its_place(string sound, string faulty, string path)
    {
        Assert.Contains(sound, Shipped, StringComparison.Ordinal);
        var (rules, faults) = SeriesRules.Read(Encoding.UTF8.GetBytes(Shipped.Replace(sound, faulty, StringComparison.Ordinal)));
        Assert.Null(rules);
        Assert.Contains(faults, fault => fault.Path == path);
    }

    [Fact]
    public void A_number_without_a_source_says_what_it_rests_on()
    {
        var (_, faults) = SeriesRules.Read("id: a\nversion: \"1\"\nassay_error_log10: {value: \"0.5\"}\nnot_mrd_from: {value: \"0.05\", note: because}\n"u8.ToArray());
        Assert.Equal("assay_error_log10", Assert.Single(faults).Path);
    }
}
