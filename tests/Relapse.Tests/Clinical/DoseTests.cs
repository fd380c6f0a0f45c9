using Relapse.Clinical.Documents;

namespace Relapse.Tests.Clinical;

/// <summary>No text of a document or of its cases holds the dose of a drug; gray of radiation and counts of cells are no such dose.</summary>
public sealed class DoseTests
{
    private static readonly string[] _files = ["protocol.yaml", "cases.yaml"];

    public static TheoryData<string> Versions => [.. Shipped.Library.Versions.Select(Shipped.Of)];

    [Theory]
    [InlineData("15 mg/m2 per day")]
    [InlineData("1.3 mg/m²")]
    [InlineData("15 microgram/m2/day")]
    [InlineData("2,500 units/m2")]
    [InlineData("2500 IU per m2")]
    [InlineData("1 g/m2 over 36 h")]
    [InlineData("5 µg")]
    [InlineData("10 U/kg")]
    [InlineData("360mg")]
    [InlineData("a 0.5-mg tablet")]
    [InlineData("30 micrograms")]
    public void A_number_with_a_unit_of_mass_is_a_dose(string text) => Assert.True(DocumentChecker.HoldsDose(text));

    [Theory]
    [InlineData("24 Gy to the cranium and 15 Gy to the spine")]
    [InlineData("1e-4, or 1 in 10,000 cells")]
    [InlineData("5 cells per microlitre, 50 x10^9/L")]
    [InlineData("2 cord units")]
    [InlineData("from 18 months; 4-year EFS 78 %; grade 3 and 4")]
    [InlineData("0.01 % of 100,000/uL")]
    [InlineData("Table 6, L1115-1136 [29]")]
    public void What_is_no_dose_is_none(string text) => Assert.False(DocumentChecker.HoldsDose(text));

    [Theory]
    [MemberData(nameof(Versions))]
    public void No_shipped_text_holds_one(string version) => Assert.All(
        _files,
        file => Assert.DoesNotContain(Shipped.Text($"{version}/{file}").Split("\n\n"), DocumentChecker.HoldsDose));
}
