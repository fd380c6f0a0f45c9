using CsCheck;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>Whatever is written, there is a typing or there are faults; nothing is thrown.</summary>
public sealed class TypingFuzzTests
{
    private static readonly string[] Pieces =
    [
        "A*", "B*", "DRB3*", "DRBX*NNNN", "HLA-", "91:01", "91", ":", "XX", "AB", "ZZ", "NEW", "N", "G", "P", "g", "lg", "Q", "91:01:01:02N",
        "/", "+", "|", "^", "~", "?", "*", "A91", "DR52", " ", "9999:9999", "00:00", "\0", "é", "𝟙", "-",
    ];

    private static readonly NmdpCodes Codes = NmdpCodes.Read("\tAB\t01/02/03N\n*\tZY\t91:01/99:99\n", out _)!;

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOfConst(Pieces).Array[0, 24].Select(pieces => string.Concat(pieces)),
        Gen.String[0, 40],
        Gen.Select(Gen.OneOfConst("A", "B", "DRB1"), Gen.OneOfConst(Pieces), (locus, piece) => $"{locus}*{piece}+{locus}*91:01"));

    [Fact]
    public void A_GL_String_is_read_or_refused() => Check(20_000, (reader, text) => reader.ReadGlString(text));

    [Fact]
    public void Positions_are_read_or_refused() =>
        Check(20_000, (reader, text) => reader.ReadPositions(new LocusText(HlaLocus.A, text, "91:01"), new LocusText(HlaLocus.Drb3, "91:01", text)));

    [Fact]
    [Trait("Long", "true")]
    public void A_GL_String_is_read_or_refused_millions_of_times() => Check(3_000_000, (reader, text) => reader.ReadGlString(text));

    private static void Check(long iterations, Func<TypingReader, string, TypingResult> read)
    {
        TypingReader[] readers = [new(Releases.Synthetic, Codes), new(null, Codes), new(Releases.Synthetic)];
        Gen.Select(Gen.OneOfConst(readers), Text).Sample(
            (reader, text) =>
            {
                var result = read(reader, text);
                Assert.Equal(result.Typing is null, result.FaultCount > 0);
                Assert.Equal(Math.Min(result.FaultCount, TypingResult.MostFaults), result.Faults.Length);
                Assert.All(result.Faults, fault => Assert.InRange(fault.Offset, 0, text.Length));
                if (result.Typing is { } typing)
                {
                    var count = new MatchCounter().Count(typing, typing, CountScheme.Twelve);
                    Assert.True(count.PerLocus.Min <= count.PerLocus.Max && count.PerLocus.Max <= count.OutOf);
                }
            },
            iter: iterations,
            // Texts cannot be shrunk or printed usefully by the default way when they hold control characters.
            print: one => string.Join(' ', one.Item2.Select(letter => ((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture))));
    }
}
