using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

public sealed class BandsTests
{
    private static readonly Bands Months = Create(["STILL"], "[0, inf)", ("early", "[0, 6)"), ("middle", "[6, 18)"), ("late", "[18, inf)"));

    [Fact]
    public void Plain_values_come_first_and_have_no_interval()
    {
        Assert.Equal(["STILL", "early", "middle", "late"], Months.Domain.Values);
        Assert.Same(Months, Months.Domain.Bands);
        Assert.Null(Months.IntervalOf(0));
        Assert.Equal("[6, 18)", Months.IntervalOf(2).ToString());
        Assert.Equal([0m, 6m, 18m], Months.Thresholds);
        Assert.Throws<ArgumentOutOfRangeException>(() => Months.IntervalOf(4));
    }

    [Fact]
    public void A_number_is_in_one_band_and_an_interval_in_all_it_meets()
    {
        Assert.Equal(1, Months.IndexOf(5.99m));
        Assert.Equal(2, Months.IndexOf(6));
        Assert.Equal(-1, Months.IndexOf(-1));
        Assert.Equal(ValueSet.Of(1, 2), Months.Cover(IntervalTests.Parse("(5, 6]")));
        Assert.Equal(ValueSet.Of(1), Months.Cover(IntervalTests.Parse("(5, 6)")));
        Assert.Equal(ValueSet.Of(1, 2, 3), Months.Cover(Interval.Everything));
        Assert.Equal(ValueSet.Empty, Months.Cover(IntervalTests.Parse("[-5, -1]")));
    }

    [Fact]
    public void Every_fault_is_listed_at_once()
    {
        var exception = Assert.Throws<BandsException>(() => Create(
            ["a"], "[0, 100]", ("a", "[0, 5)"), ("b", "[4, 6)"), ("c", "(6, 7)"), ("", "(7, 7)"), ("e", "[90, 101)"), ("f", "[80, 85]")));
        Assert.Equal(
            [
                BandFaultKind.Label, BandFaultKind.Label, BandFaultKind.Empty, BandFaultKind.OutsideRange, BandFaultKind.Overlap,
                    BandFaultKind.OutOfOrder,
                BandFaultKind.Gap, BandFaultKind.Gap, BandFaultKind.Gap,
            ],
            exception.Faults.Select(fault => fault.Kind));
        Assert.Contains("[6, 6]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("[7, 80)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("(85, 90)", exception.Message, StringComparison.Ordinal);
        Assert.Equal(BandFaultKind.Count, Assert.Throws<BandsException>(() => Create([], "(5, 5)")).Faults[0].Kind);
    }

    [Fact]
    public void Bands_of_elapsed_months_are_those_of_every_pair_of_dates()
    {
        var random = new Random(20);
        for (var round = 0; round < 300; round++)
        {
            var from = Dates(random, new DateOnly(2023 + random.Next(2), 12, 20).AddDays(random.Next(80)));
            var to = Dates(random, from.Min!.Value.AddMonths(random.Next(25)).AddDays(random.Next(-40, 40)));
            var expected = ValueSet.Empty;
            foreach (var (first, last) in Pairs(from, to))
            {
                expected |= last < first ? ValueSet.Empty : ValueSet.Of(last < first.AddMonths(6) ? 1 : last < first.AddMonths(18) ? 2 : 3);
            }

            Assert.True(expected == Months.Cover(from, to), $"{from} {to}");
        }
    }

    [Fact]
    public void Open_dates_and_exclusive_ends_are_exact()
    {
        var day = new DateOnly(2024, 1, 31);
        Assert.Equal(ValueSet.Of(1, 2, 3), Months.Cover(DateInterval.Everything, DateInterval.Point(day)));
        Assert.Equal(ValueSet.Of(2, 3), Months.Cover(DateInterval.Point(day), new DateInterval(new DateOnly(2024, 7, 31), null)));
        var inverse = Create([], "[0, inf)", ("upto", "[0, 1]"), ("beyond", "(1, inf)"));
        Assert.Equal(ValueSet.Of(0), inverse.Cover(DateInterval.Point(day), DateInterval.Point(new DateOnly(2024, 2, 29))));
        Assert.Equal(ValueSet.Of(1), inverse.Cover(DateInterval.Point(day), DateInterval.Point(new DateOnly(2024, 3, 1))));
        var fine = Create([], "[0, inf)", ("a", "[0, 0.5)"), ("b", "[0.5, inf)"));
        Assert.Throws<ArgumentException>(() => fine.Cover(DateInterval.Point(day), DateInterval.Point(day)));
    }

    private static DateInterval Dates(Random random, DateOnly first) =>
        new(first, first.AddDays(random.Next(3) == 0 ? random.Next(45) : 0));

    private static IEnumerable<(DateOnly From, DateOnly To)> Pairs(DateInterval from, DateInterval to)
    {
        for (var first = from.Min!.Value; first <= from.Max; first = first.AddDays(1))
        {
            for (var last = to.Min!.Value; last <= to.Max; last = last.AddDays(1))
            {
                yield return (first, last);
            }
        }
    }

    private static Bands Create(string[] plain, string range, params (string Label, string Interval)[] bands) =>
        Bands.Create("months", plain, bands.Select(band => (band.Label, IntervalTests.Parse(band.Interval))), IntervalTests.Parse(range));
}
