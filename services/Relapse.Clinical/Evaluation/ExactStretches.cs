using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Days on which a date would leave the same pairs of clocks.</summary>
/// <param name="Days">The days; open where nothing changes any more.</param>
/// <param name="Pairs">What each of them leaves.</param>
internal readonly record struct PairsOfDays(DateInterval Days, ValueSet Pairs);

/// <summary>
/// The stretches of one date when nothing is told in months and enough of the other dates is exact: the days on which they
/// change follow from the thresholds directly, where <see cref="ClockAnswers"/> otherwise looks at each day that could be one.
/// </summary>
internal static class ExactStretches
{
    /// <summary>The stretches, earliest first; null when they do not follow directly.</summary>
    /// <param name="date">The date.</param>
    /// <param name="known">What is known.</param>
    /// <param name="clocks">The clocks.</param>
    /// <param name="startsOf">The starts of a day of relapse.</param>
    public static PairsOfDays[]? Find(TimingDate date, TimingKnown known, ClocksInput clocks, Func<DateOnly, StartsOfDay> startsOf)
    {
        if (known.TellsMonths)
        {
            return null;
        }
        var changes = new Changes(stackalloc int[(2 * clocks.SinceDiagnosis.Count * clocks.SinceTherapyEnd.Count) + (2 * (clocks.SinceDiagnosis.Count + clocks.SinceTherapyEnd.Count)) + 1]);
        var open = known.With(date, DateInterval.Everything);
        return date switch
        {
            TimingDate.Relapse => IsSettled(known, TimingDate.Diagnosis) && IsSettled(known, TimingDate.TherapyEnd) ? OfRelapse(open, clocks, changes) : null,
            _ when known.IsExact(TimingDate.Relapse) => OfStart(date, open, clocks, changes, startsOf(known.Relapse.Min!.Value)),
            _ when known.Relapse is { Min: { } first, Max: { } last } && IsSettled(known, Other(date)) =>
                OfStart(date, open, clocks, changes, (first.DayNumber, last.DayNumber)),
            _ => null,
        };
    }

    /// <summary>An end of therapy that is still to come is not there to be uncertain of.</summary>
    private static bool IsSettled(TimingKnown known, TimingDate date) => known.IsExact(date) || (date == TimingDate.TherapyEnd && !known.MayHaveEnded);

    private static TimingDate Other(TimingDate start) => start == TimingDate.Diagnosis ? TimingDate.TherapyEnd : TimingDate.Diagnosis;

    /// <summary>The relapse is exact: each band of a clock has its starts, and the other start only bounds them.</summary>
    private static PairsOfDays[] OfStart(TimingDate date, TimingKnown open, ClocksInput clocks, Changes changes, StartsOfDay starts)
    {
        var (diagnosis, therapyEnd, most) = (ClockPairs.DayNumbers(open.Diagnosis), ClockPairs.DayNumbers(open.TherapyEnd), clocks.Scales.ByDates.Most(open));
        foreach (var (first, last) in date == TimingDate.Diagnosis ? starts.Diagnosed : starts.Ended)
        {
            changes.AddEdges(first, last);
        }
        // Therapy ends on the day of the diagnosis at the earliest.
        if (date == TimingDate.Diagnosis)
        {
            foreach (var (first, last) in starts.Ended)
            {
                changes.AddEdges(first, Math.Min(last, therapyEnd.Last));
            }
        }
        else
        {
            foreach (var (first, last) in starts.Diagnosed)
            {
                changes.AddEdges(Math.Max(first, diagnosis.First), last);
            }
        }
        var days = changes.Complete();
        Span<ValueSet> pairs = stackalloc ValueSet[days.Length];
        for (var at = 0; at < days.Length; at++)
        {
            (int, int) day = (days[at], days[at]);
            pairs[at] = date == TimingDate.Diagnosis ? clocks.Scales.ByDates.At(starts, day, therapyEnd, most) : clocks.Scales.ByDates.At(starts, diagnosis, day, most);
        }
        return Between(days, pairs);
    }

    /// <summary>
    /// The relapse lies between two days and the other start is exact: each band of the other clock leaves some of those
    /// days, and a band of this clock goes with it when its own days meet them.
    /// </summary>
    private static PairsOfDays[] OfStart(TimingDate date, TimingKnown open, ClocksInput clocks, Changes changes, (int First, int Last) relapse)
    {
        var isDiagnosis = date == TimingDate.Diagnosis;
        var (mine, theirs) = isDiagnosis ? (clocks.SinceDiagnosis, clocks.SinceTherapyEnd) : (clocks.SinceTherapyEnd, clocks.SinceDiagnosis);
        var other = open[Other(date)].Min;
        var left = new (int First, int Last)[theirs.Count];
        for (var band = 0; band < left.Length; band++)
        {
            (int First, int Last) within = theirs.Intervals[band] is null ? relapse : other is { } start ? theirs.Relapses(band, start) : (1, 0);
            left[band] = (Math.Max(relapse.First, within.First), Math.Min(relapse.Last, within.Last));
            if (left[band].First <= left[band].Last)
            {
                AddStarts(ref changes, mine, left[band]);
            }
        }
        if (other is { } bound)
        {
            changes.Add(bound.DayNumber + (isDiagnosis ? 1 : 0));
        }
        var most = clocks.Scales.ByDates.Most(open.With(date, DateInterval.Point(DateOnly.FromDayNumber(relapse.First))));
        var days = changes.Complete();
        Span<ValueSet> pairs = stackalloc ValueSet[days.Length];
        for (var at = 0; at < days.Length; at++)
        {
            pairs[at] = PairsOn(DateOnly.FromDayNumber(days[at]));
        }
        return Between(days, pairs);

        ValueSet PairsOn(DateOnly day)
        {
            var pairs = ValueSet.Empty;
            // Therapy ends on the day of the diagnosis at the earliest.
            var inOrder = other is not { } start || (isDiagnosis ? day <= start : day >= start);
            for (var band = 0; band < mine.Count; band++)
            {
                var (first, last) = mine.Intervals[band] is null ? (1, 0) : mine.Relapses(band, day);
                for (var with = 0; with < left.Length && first <= last; with++)
                {
                    if (Math.Max(first, left[with].First) <= Math.Min(last, left[with].Last) && (inOrder || theirs.Intervals[with] is null))
                    {
                        pairs |= isDiagnosis ? clocks.Scales.ByDates.Pair(band, with) : clocks.Scales.ByDates.Pair(with, band);
                    }
                }
            }
            return pairs & most;
        }
    }

    /// <summary>The days on which a start begins or ceases to lead, by some band, to one of some days of relapse.</summary>
    private static void AddStarts(ref Changes changes, ClockBands clock, (int First, int Last) relapses)
    {
        for (var band = 0; band < clock.Count; band++)
        {
            if (clock.Intervals[band] is not null)
            {
                changes.AddEdges(
                    clock.Starts(band, DateOnly.FromDayNumber(relapses.First)).First,
                    clock.Starts(band, DateOnly.FromDayNumber(relapses.Last)).Last);
            }
        }
    }

    private static PairsOfDays[] OfRelapse(TimingKnown open, ClocksInput clocks, Changes changes)
    {
        Span<(int First, int Last)> sinceDiagnosis = stackalloc (int, int)[clocks.SinceDiagnosis.Count];
        changes.AddRelapses(clocks.SinceDiagnosis, open.Diagnosis.Min!.Value, sinceDiagnosis);
        Span<(int First, int Last)> sinceEnd = stackalloc (int, int)[clocks.SinceTherapyEnd.Count];
        sinceEnd.Fill((1, 0));
        if (open is { MayHaveEnded: true, TherapyEnd.Min: { } ended })
        {
            changes.AddRelapses(clocks.SinceTherapyEnd, ended, sinceEnd);
        }
        var days = changes.Complete();
        var most = clocks.Scales.ByDates.Most(open);
        Span<ValueSet> pairs = stackalloc ValueSet[days.Length];
        for (var at = 0; at < days.Length; at++)
        {
            pairs[at] = PairsOn(days[at], sinceDiagnosis, sinceEnd, clocks) & most;
        }
        return Between(days, pairs);
    }

    private static ValueSet PairsOn(int day, ReadOnlySpan<(int First, int Last)> sinceDiagnosis, ReadOnlySpan<(int First, int Last)> sinceEnd, ClocksInput clocks)
    {
        var pairs = ValueSet.Empty;
        for (var a = 0; a < sinceDiagnosis.Length; a++)
        {
            for (var b = 0; b < sinceEnd.Length && Holds(sinceDiagnosis[a], day); b++)
            {
                pairs |= clocks.SinceTherapyEnd.Intervals[b] is null || Holds(sinceEnd[b], day) ? clocks.Scales.ByDates.Pair(a, b) : ValueSet.Empty;
            }
        }
        return pairs;
    }

    private static bool Holds((int First, int Last) days, int day) => days.First <= day && day <= days.Last;

    /// <summary>Joins parts of the days that leave the same, and leaves out those that no order of the dates allows.</summary>
    /// <param name="days">A day before the first change, then the changes, ascending, each once.</param>
    /// <param name="pairs">What each of them leaves, and those after it until the next.</param>
    private static PairsOfDays[] Between(ReadOnlySpan<int> days, ReadOnlySpan<ValueSet> pairs)
    {
        var count = 0;
        for (var at = 0; at < days.Length; at++)
        {
            count += !pairs[at].IsEmpty && (at == 0 || pairs[at] != pairs[at - 1]) ? 1 : 0;
        }
        var (stretches, next) = (new PairsOfDays[count], 0);
        for (int first = 0, last; first < days.Length; first = last + 1)
        {
            for (last = first; last + 1 < days.Length && pairs[last + 1] == pairs[first]; last++)
            {
            }
            if (!pairs[first].IsEmpty)
            {
                stretches[next++] = new PairsOfDays(
                    new DateInterval(first == 0 ? null : DateOnly.FromDayNumber(days[first]), last + 1 == days.Length ? null : DateOnly.FromDayNumber(days[last + 1] - 1)), pairs[first]);
            }
        }
        return stretches;
    }

    /// <summary>Collects the days on which something may change.</summary>
    private ref struct Changes(Span<int> days)
    {
        private readonly Span<int> _days = days;

        /// <summary>The first place is for a day before all of them.</summary>
        private int _count = 1;

        public void Add(int day) => _days[_count++] = day;

        /// <summary>The days at which some days begin and cease.</summary>
        public void AddEdges(int first, int last)
        {
            if (first > last)
            {
                return;
            }
            if (first > int.MinValue)
            {
                Add(first);
            }
            if (last < int.MaxValue)
            {
                Add(last + 1);
            }
        }

        /// <summary>The days of relapse of each band of a clock that started on a day; both ends of each are changes.</summary>
        public void AddRelapses(ClockBands clock, DateOnly start, scoped Span<(int First, int Last)> relapses)
        {
            for (var band = 0; band < relapses.Length; band++)
            {
                relapses[band] = (0, 0);
                if (clock.Intervals[band] is not null)
                {
                    relapses[band] = clock.Relapses(band, start);
                    AddEdges(relapses[band].First, relapses[band].Last);
                }
            }
        }

        /// <summary>A day before the first, then all of them, ascending, each once.</summary>
        public readonly ReadOnlySpan<int> Complete()
        {
            var found = _days[1.._count];
            found.Sort();
            var count = 1;
            foreach (var day in found)
            {
                if (count == 1 || _days[count - 1] != day)
                {
                    _days[count++] = day;
                }
            }
            _days[0] = _days[1] - 1;
            return _days[..count];
        }
    }
}
