using CsCheck;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

public sealed class MatchBoundsTests
{
    private const int NewAllele = -1;

    // Small sets over few classes, so that every way of being equal occurs; a null allele, a new one and an untyped copy among them.
    private static readonly Gen<AllelePosition> Copy = Gen.Frequency(
        (8, Gen.Int[1, 5].HashSet[1, 4].Select(set => AllelePosition.Expressed(set, protein => protein))),
        (2, Gen.Int[1, 5].HashSet[1, 2].Select(set => AllelePosition.Expressed(set, protein => protein, mayBeNew: true))),
        (1, Gen.Const(AllelePosition.New)),
        (1, Gen.Const(AllelePosition.Unknown)),
        (2, Gen.Const(AllelePosition.Null)),
        (1, Gen.Const(AllelePosition.Absent)));

    private static readonly Gen<LocusTyping> Locus =
        Gen.Select(Copy, Copy, (one, other) => new Genotype(one, other)).Array[1, 3].Select(genotypes => LocusTyping.Of(genotypes));

    private static readonly Gen<WmdaTable> Table = Gen.OneOfConst(WmdaTable.Consensus2016, WmdaTable.Consensus2010);

    [Fact]
    public void Bounds_are_what_every_choice_gives_when_each_is_counted() => Gen.Select(Table, Locus, Locus).Sample(
        (table, recipient, donor) => Assert.Equal(Naively(table, recipient, donor), new MatchCounter(table).Count(recipient, donor)),
        iter: 20_000);

    [Fact]
    public void Recipient_and_donor_exchanged_exchange_the_directions() => Gen.Select(Table, Locus, Locus).Sample(
        (table, one, other) => Assert.Equal(
            new MatchCounter(table).Count(one, other).Swapped, new MatchCounter(table).Count(other, one)),
        iter: 5_000);

    [Fact]
    public void The_order_of_copies_and_genotypes_does_not_matter() => Gen.Select(Locus, Locus).Sample(
        (one, other) => Assert.Equal(
            new MatchCounter().Count(one, other),
            new MatchCounter().Count(LocusTyping.Of(one.Genotypes.Reverse().Select(genotype => new Genotype(genotype.Second, genotype.First))), other)),
        iter: 5_000);

    [Fact]
    public void What_is_left_open_never_narrows_the_bounds() => Gen.Select(Locus, Locus, Locus).Sample(
        (one, more, other) =>
        {
            var count = new MatchCounter().Count(one, other);
            var wider = new MatchCounter().Count(LocusTyping.Of(one.Genotypes.Concat(more.Genotypes)), other);
            Assert.True(wider.Matches.Min <= count.Matches.Min && wider.Matches.Max >= count.Matches.Max);
        },
        iter: 5_000);

    [Fact]
    public void An_untyped_locus_is_possible_and_never_guaranteed()
    {
        var typed = Told.Locus("AB");
        Assert.Equal(new Bounds(0, 2), new MatchCounter().Count(typed, LocusTyping.Untyped).Matches);
        Assert.Equal(new Bounds(0, 2), new MatchCounter().Count(LocusTyping.Untyped, LocusTyping.Untyped).Matches);
        Assert.Equal(new Bounds(1, 2), new MatchCounter().Count(typed, LocusTyping.Of(Told.Copy('A'), AllelePosition.Unknown)).Matches);
    }

    [Fact]
    public void What_nobody_typed_is_no_guaranteed_mismatch_beside_a_missing_gene_or_two_null_alleles()
    {
        var none = LocusTyping.Of(AllelePosition.Absent, AllelePosition.Absent);
        var count = new MatchCounter().Count(none, LocusTyping.Untyped);
        Assert.Equal((new Bounds(0, 2), new Bounds(0, 2)), (count.HvG, count.Matches));
        Assert.Equal(new Bounds(0, 2), new MatchCounter().Count(LocusTyping.Untyped, Told.Locus("NN")).GvH);
    }

    [Fact]
    public void Genotypes_of_very_many_classes_are_not_kept_apart()
    {
        Genotype Wide(int from) => new(AllelePosition.Expressed(Enumerable.Range(from, LocusTyping.MostClasses / 2), code => code), Protein(1));
        Assert.True(LocusTyping.Of([Wide(10), Wide(20)]).IsWidened);
        Assert.False(LocusTyping.Of([Wide(10)]).IsWidened);
        Assert.False(LocusTyping.Of([Wide(10), new Genotype(Protein(2), Protein(3))]).IsWidened);
    }

    [Fact]
    public void More_genotypes_than_are_kept_apart_become_bounds_that_cover_them_all_and_say_so()
    {
        var genotypes = Enumerable.Range(1, LocusTyping.MostGenotypes + 1).Select(code => new Genotype(Protein(code), Protein(code + 100))).ToArray();
        var widened = LocusTyping.Of(genotypes);
        Assert.True(widened.IsWidened);
        Assert.False(LocusTyping.Of(genotypes.Skip(1)).IsWidened);
        foreach (var genotype in genotypes)
        {
            var matches = new MatchCounter().Count(widened, LocusTyping.Of(genotype.First, genotype.Second)).Matches;
            Assert.Equal(new Bounds(0, 2), matches);
        }
    }

    [Fact]
    public void The_three_totals_of_the_worked_example_differ()
    {
        // donors.md B3.7. C*06:01 is only a token there and no allele: two-field names are compared.
        var reader = new TypingReader(null);
        var recipient = Told.Typing(reader, "A*29:02+A*29:02^C*06:02+C*07:01^B*08:01+B*13:02^DRB1*04:01+DRB1*07:01^DQB1*02:02+DQB1*03:02");
        var donor = Told.Typing(reader, "A*02:01+A*29:02^C*06:01+C*07:02^B*08:01+B*13:03^DRB1*04:01+DRB1*07:01^DQB1*02:02+DQB1*03:02");
        var eight = new MatchCounter().Count(recipient, donor, CountScheme.Eight);
        Assert.Equal((4, 5, 4), (eight.HvG.Min, eight.GvH.Min, eight.PerLocus.Min));
        Assert.True(eight.PerLocus.IsCertain);
        var ten = new MatchCounter().Count(recipient, donor, CountScheme.Ten);
        Assert.Equal((6, 7, 6), (ten.HvG.Min, ten.GvH.Min, ten.PerLocus.Min));
        Assert.Equal((10, 5), (ten.OutOf, ten.LociTyped));
        Assert.Equal(new Bounds(6, 8), new MatchCounter().Count(recipient, donor, CountScheme.Twelve).PerLocus);
        Assert.Equal(6, new MatchCounter().Count(recipient, donor, CountScheme.Six).OutOf);
    }

    private static AllelePosition Protein(int code) => AllelePosition.Expressed([code], protein => protein);

    // Every choice of one allele for each copy, counted by the rule for known ones. New and unknown alleles are numbers of their own;
    // an unknown one may also be any of the classes that occur.
    private static LocusCount Naively(WmdaTable table, LocusTyping recipient, LocusTyping donor)
    {
        var range = new CountRange();
        var choices =
            from one in recipient.Genotypes
            from other in donor.Genotypes
            from r1 in Choices(one.First, 1)
            from r2 in Choices(one.Second, 2)
            from d1 in Choices(other.First, 3)
            from d2 in Choices(other.Second, 4)
            select MismatchRule.Count(table, r1, r2, d1, d2);
        foreach (var (gvh, hvg) in choices)
        {
            range.Reach(gvh, hvg);
        }

        return range.Count;
    }

    // 11 to 14 are what only unknown copies may be: any of them, the same or not. They may make no protein as well.
    private static IEnumerable<int> Choices(AllelePosition copy, int place) => copy.Kind switch
    {
        PositionKind.Expressed => copy.MayBeNew ? copy.Classes.Append(NewAllele - place) : copy.Classes,
        PositionKind.Unknown => [MismatchRule.Silent, 1, 2, 3, 4, 5, 11, 12, 13, 14],
        _ => [MismatchRule.Silent],
    };
}
