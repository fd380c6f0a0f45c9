using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// The bands of one clock, made ready for comparing dates: thresholds as whole months. A start is so many months before a
/// relapse when start + months, clamped to the end of a short month, is not after it.
/// </summary>
internal sealed class ClockBands
{
    private readonly (int? Min, bool MinExclusive, int? Max, bool MaxExclusive)[] _months;

    public ClockBands(Bands bands)
    {
        Bands = bands;
        Count = bands.Domain.Count;
        Intervals = [.. Enumerable.Range(0, Count).Select(bands.IntervalOf)];
        _months = [.. Intervals.Select(band => ((int?)band?.Min, band?.MinExclusive ?? false, (int?)band?.Max, band?.MaxExclusive ?? false))];
        Thresholds = [.. bands.Thresholds.Select(threshold => (int)threshold)];
    }

    public Bands Bands { get; }

    public int Count { get; }

    /// <summary>For each band its months; null for a state beside the bands.</summary>
    public ImmutableArray<Interval?> Intervals { get; }

    public ImmutableArray<int> Thresholds { get; }

    /// <summary>The day numbers of the starts from which the months elapsed until a relapse lie in the band; First after Last when none.</summary>
    public (int First, int Last) Starts(int band, DateOnly relapse)
    {
        var (min, minExclusive, max, maxExclusive) = _months[band];
        var last = min is { } low ? LatestStart(relapse, low, minExclusive) : relapse.DayNumber;
        var first = max is { } high ? LatestStart(relapse, high, !maxExclusive) + 1 : int.MinValue;
        return (first, last);
    }

    /// <summary>The day numbers of the relapses until which the months elapsed from a start lie in the band.</summary>
    public (int First, int Last) Relapses(int band, DateOnly start)
    {
        var (min, minExclusive, max, maxExclusive) = _months[band];
        return (
            min is { } low ? CalendarMonths.Add(start, low).DayNumber + (minExclusive ? 1 : 0) : start.DayNumber,
            max is { } high ? CalendarMonths.Add(start, high).DayNumber - (maxExclusive ? 1 : 0) : int.MaxValue);
    }

    /// <summary>
    /// The starts from which the calendar months elapsed until a relapse are among those that a number of months reaches
    /// into: half past seven and seven completed months are both from 7 to before 8.
    /// </summary>
    public static (int First, int Last) Starts((int From, int? Before) reach, DateOnly relapse) =>
        (reach.Before is { } high ? LatestStart(relapse, high, more: false) + 1 : int.MinValue, LatestStart(relapse, reach.From, more: false));

    /// <summary>The ends of the calendar months that a number of months reaches into; none when it says nothing.</summary>
    public static int[] Reached(Interval months)
    {
        var (from, before) = Reach(months);
        return before is { } high ? [from, high] : from > 0 ? [from] : [];
    }

    public static (int From, int? Before) Reach(Interval months) => (
        (int)decimal.Floor(months.Min ?? 0),
        months.Max is { } max ? (int)decimal.Floor(max) + (months.MaxExclusive && decimal.IsInteger(max) ? 0 : 1) : null);

    /// <summary>Day number of the latest start at least, or more than, so many months before.</summary>
    public static int LatestStart(DateOnly relapse, int months, bool more)
    {
        var target = more ? relapse.AddDays(-1) : relapse;
        var start = target.AddMonths(-months);
        var (year, month, day) = target;
        // The last day of a month is reached from every later day of a longer month too.
        return day < DateTime.DaysInMonth(year, month)
            ? start.DayNumber
            : start.DayNumber + DateTime.DaysInMonth(start.Year, start.Month) - start.Day;
    }
}
