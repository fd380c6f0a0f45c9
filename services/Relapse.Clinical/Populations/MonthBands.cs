using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>The bands of a clock that an interval of months makes: before it, it, after it.</summary>
internal static class MonthBands
{
    public static ClockBands Around(Interval months) => new(Of(months, []));

    /// <summary>The same for the clock from the end of therapy, which a relapse on treatment has not.</summary>
    public static ClockBands WithOnTreatment(ClockBands bands) => new(Create([.. bands.Intervals.OfType<Interval>()], [FactCatalogue.OnTreatment]));

    private static Bands Of(Interval months, string[] plain)
    {
        var within = months.Intersect(TimingKnown.AnyMonths);
        return Create([.. TimingKnown.AnyMonths.Except(within).Append(within).OrderBy(interval => interval.Min).ThenBy(interval => interval.MinExclusive)], plain);
    }

    private static Bands Create(Interval[] intervals, string[] plain) =>
        Bands.Create("months", plain, intervals.Select((interval, index) => ($"BAND_{index}", interval)), TimingKnown.AnyMonths);
}
