using CsCheck;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>DPB1 of the invented release: 91:01 is of group 1, 92:01 and 96:01 of 2, 93:01 and 93:02 (one P group) of 3, 94:01 of none.</summary>
public sealed class TceComparisonTests
{
    private static readonly TceComparison Comparison = new(Releases.Synthetic);

    [Theory]
    [InlineData("93:01+93:01", "93:02+93:01", "Matched")]
    [InlineData("91:01+94:01", "91:01+94:01", "Matched")]
    [InlineData("92:01+93:01", "96:01+93:01", "Permissive")]
    [InlineData("91:01+93:01", "91:01+92:01", "Permissive")]
    [InlineData("91:01+93:01", "92:01+93:01", "NonPermissiveGvH")]
    [InlineData("93:01+93:01", "92:01+93:01", "NonPermissiveHvG")]
    // A null allele has no group: the partner's is the person's.
    [InlineData("95:01N+92:01", "96:01+96:01", "Permissive")]
    [InlineData("95:01N+92:01", "92:01+92:01", "Matched")]
    [InlineData("95:01N+93:01", "92:01+92:01", "NonPermissiveHvG")]
    [InlineData("95:01N+95:01N", "92:01+92:01", "Unknown")]
    [InlineData("94:01+91:01", "92:01+92:01", "Unknown")]
    [InlineData("NEW+91:01", "NEW+91:01", "Unknown")]
    // Every combination is looked at.
    [InlineData("91:01/92:01+93:01", "96:01+93:01", "Permissive, NonPermissiveGvH")]
    [InlineData("92:01/96:01+93:01", "92:01+93:01", "Matched, Permissive")]
    [InlineData("92:01/96:01+93:01", "91:01+93:01", "NonPermissiveHvG")]
    [InlineData("91:01/94:01+93:01", "92:01+93:01", "NonPermissiveGvH, Unknown")]
    public void The_lowest_groups_decide(string recipient, string donor, string verdicts)
    {
        var (one, other) = (Dpb1(recipient), Dpb1(donor));
        Assert.Equal(Enum.Parse<TceVerdicts>(verdicts), Comparison.Compare(one, other));
        Assert.Equal(Swapped(Enum.Parse<TceVerdicts>(verdicts)), Comparison.Compare(other, one));
    }

    [Fact]
    public void Verdicts_are_those_of_every_combination_when_each_is_judged()
    {
        var copy = Gen.Frequency(
            (6, Gen.OneOfConst("91:01", "92:01", "93:01", "93:02", "94:01", "96:01").HashSet[1, 3].Select(set => string.Join("/DPB1*", set))),
            (1, Gen.Const("95:01N")),
            (1, Gen.Const("NEW")));
        var typing = Gen.Select(copy, copy, (one, other) => $"{one}+{other}").Array[1, 3].Select(genotypes => string.Join("|DPB1*", genotypes));
        Gen.Select(typing, typing).Sample(
            (recipient, donor) => Assert.Equal(Naively(Dpb1(recipient), Dpb1(donor)), Comparison.Compare(Dpb1(recipient), Dpb1(donor))),
            iter: 3_000);
    }

    [Fact]
    public void An_untyped_DPB1_leaves_everything_open()
    {
        const TceVerdicts All = TceVerdicts.Matched | TceVerdicts.Permissive | TceVerdicts.NonPermissiveGvH | TceVerdicts.NonPermissiveHvG | TceVerdicts.Unknown;
        Assert.Equal(All & ~TceVerdicts.NonPermissiveGvH, Comparison.Compare(Dpb1("93:01+93:01"), LocusTyping.Untyped));
        Assert.Equal(All, Comparison.Compare(LocusTyping.Untyped, LocusTyping.Untyped));
    }

    [Fact]
    public void Without_the_file_of_groups_a_mismatch_is_unknown()
    {
        var comparison = new TceComparison(Releases.SyntheticWithout("dpb_tce.csv").Release!);
        Assert.Equal(TceVerdicts.Unknown, comparison.Compare(Dpb1("91:01+91:01"), Dpb1("92:01+92:01")));
        Assert.Equal(TceVerdicts.Matched, comparison.Compare(Dpb1("91:01+91:01"), Dpb1("91:01+91:01")));
    }

    [Theory]
    // Common alleles of the three groups: 09:01 and 17:01; 03:01 and 14:01; 04:01 and 02:01.
    [InlineData("09:01+04:01", "17:01+04:01", "Permissive")]
    [InlineData("09:01+04:01", "03:01+04:01", "NonPermissiveGvH")]
    [InlineData("02:01+04:01", "14:01+04:01", "NonPermissiveHvG")]
    [InlineData("02:01+04:01", "05:01+04:02", "Permissive")]
    [InlineData("03:01+04:01", "104:01+04:01", "Matched")]
    [InlineData("04:01:01G+04:01:01G", "02:01:02G+02:01:02G", "Permissive")]
    public void Common_alleles_are_judged_by_the_real_groups(string recipient, string donor, string verdicts)
    {
        var reader = new TypingReader(Releases.Real);
        LocusTyping Real(string text) => Told.Typing(reader, "DPB1*" + text.Replace("+", "+DPB1*", StringComparison.Ordinal))[HlaLocus.Dpb1];
        Assert.Equal(Enum.Parse<TceVerdicts>(verdicts), new TceComparison(Releases.Real).Compare(Real(recipient), Real(donor)));
    }

    // One combination after another: a match by the counting rule, otherwise the lowest group of each, null alleles left aside.
    private static TceVerdicts Naively(LocusTyping recipient, LocusTyping donor)
    {
        var combinations =
            from r in recipient.Genotypes
            from d in donor.Genotypes
            from r1 in Codes(r.First, -1)
            from r2 in Codes(r.Second, -2)
            from d1 in Codes(d.First, -3)
            from d2 in Codes(d.Second, -4)
            select MismatchRule.Count(WmdaTable.Consensus2016, r1, r2, d1, d2) == (0, 0)
                ? TceVerdicts.Matched
                : (Lowest(r1, r2), Lowest(d1, d2)) switch
                {
                    (0, _) or (_, 0) => TceVerdicts.Unknown,
                    var (one, other) when one < other => TceVerdicts.NonPermissiveGvH,
                    var (one, other) when one > other => TceVerdicts.NonPermissiveHvG,
                    _ => TceVerdicts.Permissive,
                };
        return combinations.Aggregate(TceVerdicts.None, (all, one) => all | one);
    }

    private static IEnumerable<int> Codes(AllelePosition copy, int novel) =>
        copy.IsSilent ? [MismatchRule.Silent] : copy.MayBeNew ? copy.Classes.Append(novel) : copy.Classes;

    private static int Lowest(int one, int other) =>
        new[] { one, other }.Where(code => code != MismatchRule.Silent).Select(Releases.Synthetic.Tce!.Of).DefaultIfEmpty(0).Min();

    private static TceVerdicts Swapped(TceVerdicts verdicts) =>
        (verdicts & ~(TceVerdicts.NonPermissiveGvH | TceVerdicts.NonPermissiveHvG))
        | (verdicts.HasFlag(TceVerdicts.NonPermissiveGvH) ? TceVerdicts.NonPermissiveHvG : TceVerdicts.None)
        | (verdicts.HasFlag(TceVerdicts.NonPermissiveHvG) ? TceVerdicts.NonPermissiveGvH : TceVerdicts.None);

    private static LocusTyping Dpb1(string text) =>
        Told.Synthetic("DPB1*" + text.Replace("+", "+DPB1*", StringComparison.Ordinal))[HlaLocus.Dpb1];
}
