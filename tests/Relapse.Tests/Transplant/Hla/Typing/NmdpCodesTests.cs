using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class NmdpCodesTests
{
    [Fact]
    public void Codes_are_read_with_their_kind()
    {
        var codes = NmdpCodes.Read("LAST UPDATED: 11/01/2024\r\n*\tCODE\tSUBTYPE\r\n\r\n\tAB\t01/02\r\n*\tAABJE\t01:01/36:04\r\n", out var faults)!;
        Assert.Empty(faults);
        Assert.Equal(2, codes.Count);
        Assert.True(codes.TryExpand("AB", out var members, out var isSpecific));
        Assert.Equal(("01/02", false), (members.ToString(), isSpecific));
        Assert.True(codes.TryExpand("AABJE", out members, out isSpecific));
        Assert.Equal(("01:01/36:04", true), (members.ToString(), isSpecific));
        Assert.False(codes.TryExpand("AC", out _, out _));
        Assert.False(codes.TryExpand("ab", out _, out _));
        Assert.False(codes.TryExpand(new string('A', 100), out _, out _));
        Assert.Matches("^[0-9a-f]{64}$", codes.Digest);
    }

    [Theory]
    [InlineData("", "no code")]
    [InlineData("\tAB\t01/02\n\tAB\t01/03", "Line 2 gives a code a second meaning.")]
    [InlineData("\tAB\t01/02\n*\tAB\t01/02", "Line 2 gives a code a second meaning.")]
    [InlineData("\tAB\t01/02\nnonsense", "Line 2 is not a code.")]
    [InlineData("\tA1\t01/02", "Line 1 is not a code.")]
    [InlineData("\tAB\t", "Line 1 is not a code.")]
    [InlineData("x\tAB\t01", "Line 1 is not a code.")]
    public void A_file_that_is_not_one_is_refused(string text, string fault)
    {
        Assert.Null(NmdpCodes.Read(text, out var faults));
        Assert.Contains(faults, one => one.Contains(fault, StringComparison.Ordinal));
    }
}
