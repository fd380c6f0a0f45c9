using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>A date of the timing that may be uncertain.</summary>
internal enum TimingDate
{
    Diagnosis,
    TherapyEnd,
    Relapse,
}

/// <summary>
/// What is known of the three dates, the two clocks and whether therapy had ended. Both clocks end at the same relapse
/// date, so an uncertain date moves both at once: only the pairs of bands that can really occur are enumerated.
/// </summary>
internal sealed record TimingKnown(
    DateInterval Diagnosis,
    DateInterval TherapyEnd,
    DateInterval Relapse,
    Interval MonthsFromDiagnosis,
    Interval MonthsFromTherapyEnd,
    bool MayBeOnTreatment,
    bool MayHaveEnded)
{
    /// <summary>Two month additions in a row can each be clamped by up to three days.</summary>
    private const int ClampingDays = 7;

    public DateInterval this[TimingDate date] => date switch
    {
        TimingDate.Diagnosis => Diagnosis,
        TimingDate.TherapyEnd => TherapyEnd,
        _ => Relapse,
    };

    /// <summary>The same with a date given; a given end of therapy says that therapy had ended.</summary>
    public TimingKnown With(TimingDate date, DateInterval interval) => date switch
    {
        TimingDate.Diagnosis => this with { Diagnosis = interval },
        TimingDate.TherapyEnd => this with { TherapyEnd = interval, MayBeOnTreatment = false },
        _ => this with { Relapse = interval },
    };

    public bool IsExact(TimingDate date) => this[date] is { Min: { } min, Max: { } max } && min == max;

    /// <summary>
    /// The pairs (band since diagnosis, band since therapy end) that can occur, as tuples of a joint input with these two
    /// components in this order. Empty when nothing can.
    /// </summary>
    public ValueSet Pairs(ClockBands sinceDiagnosis, ClockBands sinceEnd)
    {
        if (IsExact(TimingDate.Relapse))
        {
            return PairsAt(Relapse.Min!.Value, sinceDiagnosis, sinceEnd);
        }
        var pairs = ValueSet.Empty;
        foreach (var relapse in CriticalDates(TimingDate.Relapse, sinceDiagnosis, sinceEnd))
        {
            pairs |= PairsAt(relapse, sinceDiagnosis, sinceEnd);
        }
        return pairs;
    }

    /// <summary>
    /// Days within the interval of one date such that the pairs are the same on all days between two neighbours: the
    /// interval's ends, and where another date's ends moved by a threshold fall. With no date to go by, one day that
    /// stands for all.
    /// </summary>
    public SortedSet<DateOnly> CriticalDates(TimingDate date, ClockBands sinceDiagnosis, ClockBands sinceEnd)
    {
        var days = new CriticalDays(this[date]);
        int[] diagnosis = [.. sinceDiagnosis.Thresholds, .. ClockBands.Reached(MonthsFromDiagnosis)];
        int[] therapyEnd = [.. sinceEnd.Thresholds, .. ClockBands.Reached(MonthsFromTherapyEnd)];
        for (var other = TimingDate.Diagnosis; other <= TimingDate.Relapse; other++)
        {
            if (other == date)
            {
                continue;
            }
            foreach (var end in Ends(this[other]))
            {
                AddCritical(days, date, other, end, diagnosis, therapyEnd);
            }
        }
        return days.Complete();
    }

    private void AddCritical(CriticalDays days, TimingDate date, TimingDate other, DateOnly end, ReadOnlySpan<int> sinceDiagnosis, ReadOnlySpan<int> sinceEnd)
    {
        days.Around(end, 1);
        if (date != TimingDate.Relapse && other != TimingDate.Relapse)
        {
            // Diagnosis and end of therapy meet through the relapse date only: each a threshold away from it.
            if (!IsExact(TimingDate.Relapse))
            {
                AddDifferences(days, end, sinceDiagnosis, sinceEnd, date == TimingDate.Diagnosis ? -1 : 1);
            }
            return;
        }
        AddThresholds(days, date, end, sinceDiagnosis);
        AddThresholds(days, date, end, sinceEnd);
    }

    private static void AddThresholds(CriticalDays days, TimingDate date, DateOnly end, ReadOnlySpan<int> thresholds)
    {
        foreach (var months in thresholds)
        {
            if (date == TimingDate.Relapse)
            {
                days.Around(CalendarMonths.Add(end, months), 1);
            }
            else
            {
                days.Around(DateOnly.FromDayNumber(ClockBands.LatestStart(end, months, more: false)), 1);
                days.Around(DateOnly.FromDayNumber(ClockBands.LatestStart(end, months, more: true)), 1);
            }
        }
    }

    private static void AddDifferences(CriticalDays days, DateOnly end, ReadOnlySpan<int> sinceDiagnosis, ReadOnlySpan<int> sinceEnd, int sign)
    {
        foreach (var one in sinceDiagnosis)
        {
            days.Around(CalendarMonths.Add(end, sign * one), ClampingDays);
            foreach (var two in sinceEnd)
            {
                days.Around(CalendarMonths.Add(end, sign * (one - two)), ClampingDays);
            }
        }
        foreach (var two in sinceEnd)
        {
            days.Around(CalendarMonths.Add(end, -sign * two), ClampingDays);
        }
    }

    private ValueSet PairsAt(DateOnly relapse, ClockBands sinceDiagnosis, ClockBands sinceEnd)
    {
        Span<(int First, int Last)> ended = stackalloc (int, int)[sinceEnd.Count];
        for (var b = 0; b < sinceEnd.Count; b++)
        {
            ended[b] = EndedWithin(b, relapse, sinceEnd);
        }
        var told = ClockBands.Starts(MonthsFromDiagnosis, relapse);
        var bits = 0UL;
        for (var a = 0; a < sinceDiagnosis.Count; a++)
        {
            var months = sinceDiagnosis.Intervals[a]!.Value.Intersect(MonthsFromDiagnosis);
            var diagnosed = Cut(Diagnosis, sinceDiagnosis.Starts(a, relapse), told);
            if (months.IsEmpty || diagnosed.First > diagnosed.Last)
            {
                continue;
            }
            for (var b = 0; b < sinceEnd.Count; b++)
            {
                var possible = sinceEnd.Intervals[b] is { } band
                    ? MayHaveEnded && Math.Max(ended[b].First, diagnosed.First) <= ended[b].Last && EndsNotBefore(band, months)
                    : MayBeOnTreatment;
                bits |= possible ? 1UL << ((a * sinceEnd.Count) + b) : 0;
            }
        }
        return new ValueSet(bits);
    }

    private (int First, int Last) EndedWithin(int band, DateOnly relapse, ClockBands sinceEnd) =>
        sinceEnd.Intervals[band] is { } months && months.Overlaps(MonthsFromTherapyEnd)
            ? Cut(TherapyEnd, sinceEnd.Starts(band, relapse), ClockBands.Starts(MonthsFromTherapyEnd, relapse))
            : (1, 0);

    /// <summary>By months as by dates, therapy cannot have ended longer ago than the diagnosis was made.</summary>
    private bool EndsNotBefore(Interval band, Interval sinceDiagnosis)
    {
        var months = band.Intersect(MonthsFromTherapyEnd);
        return new Interval(months.Min, months.MinExclusive, null, false).Overlaps(sinceDiagnosis);
    }

    /// <summary>The starts that the date, the band and the months given for the same clock all allow.</summary>
    private static (int First, int Last) Cut(DateInterval interval, (int First, int Last) band, (int First, int Last) told) => (
        Math.Max(Math.Max(band.First, told.First), interval.Min?.DayNumber ?? int.MinValue),
        Math.Min(Math.Min(band.Last, told.Last), interval.Max?.DayNumber ?? int.MaxValue));

    private static IEnumerable<DateOnly> Ends(DateInterval interval)
    {
        if (interval.Min is { } min)
        {
            yield return min;
        }
        if (interval.Max is { } max && max != interval.Min)
        {
            yield return max;
        }
    }
}
