using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>
/// The pairs of clocks by trying days: a relapse day, an earlier start of each clock, the end of therapy not before the
/// diagnosis. Nothing here looks at thresholds: months are counted forward from each start.
/// </summary>
internal static class DaysNaively
{
    public static ValueSet Pairs(TimingKnown known, ClocksInput clocks, DateInterval window)
    {
        var pairs = ValueSet.Empty;
        // Whatever no date ties down can lie anywhere, so that one day stands for the relapse.
        var free = known.Diagnosis == DateInterval.Everything && known.TherapyEnd == DateInterval.Everything && known.Relapse == DateInterval.Everything;
        var relapses = free ? DateInterval.Point(new DateOnly(2013, 3, 31)) : known.Relapse;
        foreach (var relapse in Days(relapses, window, new DateOnly(2014, 12, 31)))
        {
            pairs |= At(known, clocks, relapse);
        }
        return pairs;
    }

    private static ValueSet At(TimingKnown known, ClocksInput clocks, DateOnly relapse)
    {
        var reaches = new DateInterval(relapse.AddMonths(-50), relapse);
        // For each band of the clock since diagnosis the earliest start, for the other the latest: the order of the two asks for no more.
        var diagnosed = Starts(known.Diagnosis, known.MonthsFromDiagnosis, clocks.SinceDiagnosis, reaches, relapse);
        var ended = Starts(known.TherapyEnd, known.MonthsFromTherapyEnd, clocks.SinceTherapyEnd, reaches, relapse);
        var pairs = ValueSet.Empty;
        foreach (var (a, starts) in diagnosed)
        {
            for (var b = 0; b < clocks.SinceTherapyEnd.Count; b++)
            {
                var possible = clocks.SinceTherapyEnd.Intervals[b] is null
                    ? known.MayBeOnTreatment
                    : known.MayHaveEnded && ended.TryGetValue(b, out var ends) && ends.Last >= starts.First && MonthsKeepOrder(known, clocks, a, b);
                pairs |= possible ? ValueSet.Of(clocks.Clocks.IndexOf(a, b)) : ValueSet.Empty;
            }
        }
        return pairs;
    }

    private static Dictionary<int, (DateOnly First, DateOnly Last)> Starts(DateInterval date, Interval months, ClockBands bands, DateInterval reaches, DateOnly relapse)
    {
        var starts = new Dictionary<int, (DateOnly First, DateOnly Last)>();
        foreach (var start in Days(date, reaches, relapse).Where(start => start <= relapse))
        {
            for (var band = 0; band < bands.Count; band++)
            {
                if (bands.Intervals[band] is { } interval && Elapsed(start, relapse, interval) && Reaches(start, relapse, months) && !interval.Intersect(months).IsEmpty)
                {
                    starts[band] = starts.TryGetValue(band, out var known) ? (known.First, start) : (start, start);
                }
            }
        }
        return starts;
    }

    /// <summary>Whether the months elapsed lie in the interval, whose ends are whole: start + n months is compared with the relapse.</summary>
    private static bool Elapsed(DateOnly start, DateOnly relapse, Interval months) =>
        (months.Min is not { } min || (months.MinExclusive ? start.AddMonths((int)min) < relapse : start.AddMonths((int)min) <= relapse))
        && (months.Max is not { } max || (months.MaxExclusive ? start.AddMonths((int)max) > relapse : start.AddMonths((int)max) >= relapse));

    /// <summary>Whether some moment within the calendar month elapsed is one of the months given.</summary>
    private static bool Reaches(DateOnly start, DateOnly relapse, Interval months)
    {
        var completed = ((relapse.Year - start.Year) * 12) + relapse.Month - start.Month;
        completed -= start.AddMonths(completed) > relapse ? 1 : 0;
        var upTo = months.Max is { } max ? decimal.Floor(max) - (months.MaxExclusive && decimal.IsInteger(max) ? 1 : 0) : decimal.MaxValue;
        return completed >= decimal.Floor(months.Min ?? 0) && completed <= upTo;
    }

    private static bool MonthsKeepOrder(TimingKnown known, ClocksInput clocks, int a, int b)
    {
        var since = clocks.SinceDiagnosis.Intervals[a]!.Value.Intersect(known.MonthsFromDiagnosis);
        var ago = clocks.SinceTherapyEnd.Intervals[b]!.Value.Intersect(known.MonthsFromTherapyEnd);
        return since.Max is not { } most || ago.Min < most || (ago.Min == most && !ago.MinExclusive && !since.MaxExclusive);
    }

    private static IEnumerable<DateOnly> Days(DateInterval interval, DateInterval window, DateOnly end)
    {
        for (var day = interval.Min ?? window.Min!.Value; day <= (interval.Max ?? end); day = day.AddDays(1))
        {
            yield return day;
        }
    }
}
