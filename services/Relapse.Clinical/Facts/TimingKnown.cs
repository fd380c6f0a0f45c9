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
    /// <summary>A short month moves a clamped threshold by up to three days; one more on either side steps over it.</summary>
    private const int ClampingDays = 4;

    public DateInterval this[TimingDate date] => date switch
    {
        TimingDate.Diagnosis => Diagnosis,
        TimingDate.TherapyEnd => TherapyEnd,
        _ => Relapse,
    };

    public TimingKnown With(TimingDate date, DateInterval interval) => date switch
    {
        TimingDate.Diagnosis => this with { Diagnosis = interval },
        TimingDate.TherapyEnd => this with { TherapyEnd = interval },
        _ => this with { Relapse = interval },
    };

    /// <summary>
    /// The pairs (band since diagnosis, band since therapy end) that can occur, as tuples of a joint input with these two
    /// components in this order. Empty when nothing can.
    /// </summary>
    public ValueSet Pairs(Bands sinceDiagnosis, Bands sinceEnd)
    {
        var pairs = ValueSet.Empty;
        foreach (var relapse in RelapseDates(sinceDiagnosis, sinceEnd))
        {
            pairs |= PairsAt(relapse, sinceDiagnosis, sinceEnd);
        }
        return pairs;
    }

    /// <summary>
    /// Dates within the interval of one date between which the pairs cannot change: its ends, and around every other date's
    /// ends moved by every threshold.
    /// </summary>
    public IReadOnlyList<DateOnly> CriticalDates(TimingDate date, Bands sinceDiagnosis, Bands sinceEnd)
    {
        var own = this[date];
        int[] months = [0, .. sinceDiagnosis.Thresholds.Concat(sinceEnd.Thresholds).Select(threshold => (int)threshold)];
        var dates = new SortedSet<DateOnly>();
        foreach (var other in Enum.GetValues<TimingDate>().Where(other => other != date))
        {
            foreach (var end in Ends(this[other]))
            {
                foreach (var shift in Shifts(date, other, months))
                {
                    AddAround(CalendarMonths.Add(end, shift));
                }
            }
        }
        foreach (var end in Ends(own))
        {
            dates.Add(end);
        }
        return [.. dates];

        void AddAround(DateOnly center)
        {
            for (var days = -ClampingDays; days <= ClampingDays; days++)
            {
                if (Shift(center, days) is { } day && own.Contains(day))
                {
                    dates.Add(day);
                }
            }
        }
    }

    /// <summary>By how many months another date's end must be moved to meet a threshold of this date.</summary>
    private IEnumerable<int> Shifts(TimingDate date, TimingDate other, int[] months)
    {
        if (date == TimingDate.Relapse)
        {
            return months;
        }
        if (other == TimingDate.Relapse)
        {
            return months.Select(threshold => -threshold);
        }
        // Diagnosis and end of therapy meet through the relapse date only: each a threshold away from it.
        return Relapse.Min is { } relapse && relapse == Relapse.Max
            ? [0]
            : months.SelectMany(one => months.Select(two => one - two)).Distinct();
    }

    private IEnumerable<DateOnly> RelapseDates(Bands sinceDiagnosis, Bands sinceEnd)
    {
        if (Relapse.Min is { } only && only == Relapse.Max)
        {
            return [only];
        }
        var dates = CriticalDates(TimingDate.Relapse, sinceDiagnosis, sinceEnd);
        // With no date at all any relapse date serves: the clocks alone carry what is known.
        return dates.Count > 0 ? dates : [new DateOnly(2000, 1, 15)];
    }

    private ValueSet PairsAt(DateOnly relapse, Bands sinceDiagnosis, Bands sinceEnd)
    {
        var bits = 0UL;
        var started = Cut(Diagnosis, null, relapse);
        for (var a = 0; a < sinceDiagnosis.Domain.Count; a++)
        {
            var diagnosisBand = sinceDiagnosis.IntervalOf(a)!.Value.Intersect(MonthsFromDiagnosis);
            var diagnosed = Starts(started, relapse, sinceDiagnosis.IntervalOf(a)!.Value);
            if (diagnosisBand.IsEmpty || diagnosed.IsEmpty)
            {
                continue;
            }
            for (var b = 0; b < sinceEnd.Domain.Count; b++)
            {
                var possible = sinceEnd.IntervalOf(b) is { } endBand
                    ? MayHaveEnded && CanHaveEnded(relapse, diagnosed, diagnosisBand, endBand)
                    : MayBeOnTreatment;
                bits |= possible ? 1UL << ((a * sinceEnd.Domain.Count) + b) : 0;
            }
        }
        return new ValueSet(bits);
    }

    /// <summary>Therapy cannot have ended before it began, neither by dates nor by months.</summary>
    private bool CanHaveEnded(DateOnly relapse, DateInterval diagnosed, Interval diagnosisBand, Interval band)
    {
        var endBand = band.Intersect(MonthsFromTherapyEnd);
        return !endBand.IsEmpty
            && !Starts(Cut(TherapyEnd, diagnosed.Min, relapse), relapse, band).IsEmpty
            && !new Interval(endBand.Min, endBand.MinExclusive, null, false).Intersect(diagnosisBand).IsEmpty;
    }

    /// <summary>The starts within the interval from which the months elapsed until <paramref name="to"/> lie in the band.</summary>
    private static DateInterval Starts(DateInterval within, DateOnly to, Interval months)
    {
        DateOnly? latest = months.Min is { } min and > 0 ? LatestStart(to, (int)min, months.MinExclusive)
            : months is { Min: not null, MinExclusive: true } ? Shift(to, -1) : to;
        DateOnly? earliest = months.Max is { } max ? Shift(LatestStart(to, (int)max, !months.MaxExclusive), 1) : null;
        return Cut(within, earliest, latest);
    }

    /// <summary>The latest start that is at least (more than, when <paramref name="more"/>) so many calendar months before.</summary>
    private static DateOnly LatestStart(DateOnly to, int months, bool more)
    {
        var target = more ? Shift(to, -1)!.Value : to;
        var start = CalendarMonths.Add(target, -months);
        while (CalendarMonths.Add(start.AddDays(1), months) <= target)
        {
            start = start.AddDays(1);
        }
        return start;
    }

    private static DateInterval Cut(DateInterval interval, DateOnly? min, DateOnly? max) => new(
        interval.Min is { } low && (min is null || low > min) ? low : min,
        interval.Max is { } high && (max is null || high < max) ? high : max);

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

    private static DateOnly? Shift(DateOnly date, int days)
    {
        var number = date.DayNumber + days;
        return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(number) : null;
    }
}
