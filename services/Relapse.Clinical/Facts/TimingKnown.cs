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

    /// <summary>Months that say nothing.</summary>
    public static Interval AnyMonths { get; } = new(0, false, null, false);

    public bool TellsMonths => MonthsFromDiagnosis != AnyMonths || MonthsFromTherapyEnd != AnyMonths;

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
    public ValueSet Pairs(ClockBands sinceDiagnosis, ClockBands sinceEnd) =>
        Pairs(new ClockPairs(sinceDiagnosis, sinceEnd, MonthsFromDiagnosis, MonthsFromTherapyEnd));

    /// <summary>The same, with what the months of this timing leave worked out already.</summary>
    public ValueSet Pairs(ClockPairs clocks) => Pairs(clocks, clocks.Starts);

    /// <summary>The same, with the starts of a day looked up where they are known already.</summary>
    public ValueSet Pairs(ClockPairs clocks, Func<DateOnly, StartsOfDay> starts)
    {
        if (IsExact(TimingDate.Relapse))
        {
            return clocks.At(starts(Relapse.Min!.Value), this);
        }
        var (pairs, most) = (ValueSet.Empty, clocks.Most(this));
        foreach (var relapse in CriticalDates(TimingDate.Relapse, clocks.SinceDiagnosis, clocks.SinceEnd))
        {
            pairs |= clocks.At(starts(relapse), this);
            if (pairs == most)
            {
                break;
            }
        }
        return pairs;
    }

    /// <summary>
    /// Days within the interval of one date such that the pairs are the same on all days between two neighbours: the
    /// interval's ends, and where another date's ends moved by a threshold fall. With no date to go by, one day that
    /// stands for all. Left aside is the end of a month for a clock whose start is not known at all: that no day lies
    /// exactly six months before a 31st of March.
    /// </summary>
    public List<DateOnly> CriticalDates(TimingDate date, ClockBands sinceDiagnosis, ClockBands sinceEnd)
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
