using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class AlleleNameTests
{
    [Theory]
    [InlineData("01:01", 2, "None")]
    [InlineData("01:01:01", 3, "None")]
    [InlineData("01:01:01:02N", 4, "Null")]
    [InlineData("24:09N", 2, "Null")]
    [InlineData("30:14L", 2, "Low")]
    [InlineData("44:02:01:02S", 4, "Secreted")]
    [InlineData("01:01C", 2, "Cytoplasm")]
    [InlineData("01:01A", 2, "Aberrant")]
    [InlineData("1713:01Q", 2, "Questionable")]
    [InlineData("02:1040", 2, "None")]
    public void A_name_of_the_WHO_is_read_and_written_the_same(string text, int fields, string suffix)
    {
        Assert.True(AlleleName.TryParse(text, out var name));
        Assert.Equal(text, name.ToString());
        Assert.Equal(fields, name.FieldCount);
        Assert.Equal(suffix, name.Suffix.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("N")]
    [InlineData("0101")]
    [InlineData("1:01")]
    [InlineData("001:01")]
    [InlineData("01:00")]
    [InlineData("01:01:")]
    [InlineData(":01:01")]
    [InlineData("01:01:01:01:01")]
    [InlineData("01:01NN")]
    [InlineData("01:01X")]
    [InlineData("01:01n")]
    [InlineData("01:12345")]
    [InlineData("01:+1")]
    [InlineData("01: 1")]
    [InlineData("01:٠١")]
    public void What_is_none_is_not_read(string text) => Assert.False(AlleleName.TryParse(text, out _));

    [Fact]
    public void Shortening_carries_the_suffix_on()
    {
        Assert.True(AlleleName.TryParse("01:03:01:02N", out var name));
        Assert.Equal("01:03N", name.Shortened(2).ToString());
        Assert.Equal("01:03:01N", name.Shortened(3).ToString());
        Assert.Equal("01:03:01:02", name.With(ExpressionSuffix.None).ToString());
    }

    [Fact]
    public void A_protein_is_written_as_two_fields()
    {
        Assert.True(AlleleName.TryParse("1713:01", out var name));
        Assert.Equal("1713:01", ProteinCode.Text(name.Protein));
        Assert.Equal(1713, ProteinCode.FirstField(name.Protein));
    }
}
