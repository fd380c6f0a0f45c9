using System.Globalization;
using Relapse.Tests.House;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>The consensus tables of the WMDA, 2016 (Bochtler, HLA 2016;87:439) and 2010.</summary>
public sealed class WmdaTableTests
{
    public static TheoryData<string, string, int, int, int> Rows2016 =>
    [
        .. Repository.Read("tests/Relapse.Tests/Transplant/Hla/wmda_mismatch_table_2016.csv")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Trim().Split(','))
            .Select(cells => (cells[0], cells[1], int.Parse(cells[2], CultureInfo.InvariantCulture), int.Parse(cells[3], CultureInfo.InvariantCulture), int.Parse(cells[4], CultureInfo.InvariantCulture))),
    ];

    // Max of 2010 where donors.md prints it.
    public static TheoryData<string, string, int> Rows2010 => new()
    {
        { "AB", "AB", 0 },
        { "AA", "AB", 1 },
        { "AB", "AA", 1 },
        { "AB", "AC", 1 },
        { "AA", "BB", 1 },
        { "AA", "BC", 2 },
        { "AB", "CC", 2 },
        { "NA", "AA", 0 },
        { "NA", "BB", 1 },
        { "NA", "NB", 1 },
        { "NN", "AA", 1 },
        { "AA", "NN", 1 },
    };

    [Fact]
    public void The_table_has_its_26_rows() => Assert.Equal(26, Rows2016.Count);

    [Theory]
    [MemberData(nameof(Rows2016))]
    public void Every_row_of_2016_is_counted_as_printed_and_the_swapped_row_swapped(string recipient, string donor, int gvh, int hvg, int max)
    {
        foreach (var (r, d) in Orders(recipient, donor))
        {
            var printed = new LocusCount(Bounds.Of(gvh), Bounds.Of(hvg), Bounds.Of(max));
            Assert.Equal(printed, new MatchCounter().Count(Told.Locus(r), Told.Locus(d)));
            Assert.Equal(printed.Swapped, new MatchCounter().Count(Told.Locus(d), Told.Locus(r)));
            Assert.Equal(printed, Ambiguous(r, d));
        }
    }

    [Theory]
    [MemberData(nameof(Rows2010))]
    public void The_rows_of_2010_are_counted_once_for_a_homozygous_mismatch(string recipient, string donor, int max) =>
        Assert.All(Orders(recipient, donor), pair =>
            Assert.Equal(Bounds.Of(max), new MatchCounter(WmdaTable.Consensus2010).Count(Told.Locus(pair.R), Told.Locus(pair.D)).Max));

    [Fact]
    public void In_2010_AB_against_CC_is_two_one_two()
    {
        var count = new MatchCounter(WmdaTable.Consensus2010).Count(Told.Locus("AB"), Told.Locus("CC"));
        Assert.Equal(new LocusCount(Bounds.Of(2), Bounds.Of(1), Bounds.Of(2)), count);
    }

    [Fact]
    public void A_missing_gene_counts_as_a_null_allele()
    {
        var missing = LocusTyping.Of(AllelePosition.Absent, Told.Copy('A'));
        Assert.Equal(new MatchCounter().Count(Told.Locus("NA"), Told.Locus("BB")), new MatchCounter().Count(missing, Told.Locus("BB")));
    }

    [Fact]
    public void A_new_allele_matches_nothing_not_even_a_new_one()
    {
        var typing = LocusTyping.Of(AllelePosition.New, Told.Copy('A'));
        Assert.Equal(Bounds.Of(1), new MatchCounter().Count(typing, typing).Matches);
        var twice = LocusTyping.Of(AllelePosition.New, AllelePosition.New);
        Assert.Equal(Bounds.Of(0), new MatchCounter().Count(twice, twice).Matches);
    }

    // The same through the way that ambiguous typings go.
    private static LocusCount Ambiguous(string recipient, string donor)
    {
        var range = new CountRange();
        AmbiguousLocus.Reach(WmdaTable.Consensus2016, Told.Locus(recipient).Genotypes[0], Told.Locus(donor).Genotypes[0], ref range);
        return range.Count;
    }

    private static IEnumerable<(string R, string D)> Orders(string recipient, string donor) =>
        from r in new[] { recipient, $"{recipient[1]}{recipient[0]}" }
        from d in new[] { donor, $"{donor[1]}{donor[0]}" }
        select (r, d);
}
