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
    public static PairsOfDays[]? Find(TimingDate date, TimingKnown known, ClocksInput clocks)
    {
        if (known.TellsMonths)
        {
            return null;
        }
        var changes = new List<int>((2 * clocks.SinceDiagnosis.Count * clocks.SinceTherapyEnd.Count) + 1);
        var open = known.With(date, DateInterval.Everything);
        return date switch
        {
            TimingDate.Relapse => IsSettled(known, TimingDate.Diagnosis) && IsSettled(known, TimingDate.TherapyEnd) ? OfRelapse(open, clocks, changes) : null,
            _ when known.IsExact(TimingDate.Relapse) => OfStart(date, open, clocks, changes),
            _ when known.Relapse is { Min: { } first, Max: { } last } && IsSettled(known, Other(date)) =>
                OfStart(date, open, clocks, changes, (first.DayNumber, last.DayNumber)),
            _ => null,
        };
    }

    /// <summary>An end of therapy that is still to come is not there to be uncertain of.</summary>
    private static bool IsSettled(TimingKnown known, TimingDate date) => known.IsExact(date) || (date == TimingDate.TherapyEnd && !known.MayHaveEnded);

    private static TimingDate Other(TimingDate start) => start == TimingDate.Diagnosis ? TimingDate.TherapyEnd : TimingDate.Diagnosis;

    /// <summary>The relapse is exact: each band of a clock has its starts, and the other start only bounds them.</summary>
    private static PairsOfDays[] OfStart(TimingDate date, TimingKnown open, ClocksInput clocks, List<int> changes)
    {
        var starts = clocks.Scales.ByDates.Starts(open.Relapse.Min!.Value);
        foreach (var (first, last) in date == TimingDate.Diagnosis ? starts.Diagnosed : starts.Ended)
        {
            AddEdges(changes, first, last);
        }
        // Therapy ends on the day of the diagnosis at the earliest.
        if (date == TimingDate.Diagnosis)
        {
            foreach (var (first, last) in starts.Ended)
            {
                AddEdges(changes, first, Math.Min(last, open.TherapyEnd.Max?.DayNumber ?? int.MaxValue));
            }
        }
        else
        {
            foreach (var (first, last) in starts.Diagnosed)
            {
                AddEdges(changes, Math.Max(first, open.Diagnosis.Min?.DayNumber ?? int.MinValue), last);
            }
        }
        return Between(changes, day => clocks.Scales.ByDates.At(starts, open.With(date, DateInterval.Point(day))));
    }

    /// <summary>
    /// The relapse lies between two days and the other start is exact: each band of the other clock leaves some of those
    /// days, and a band of this clock goes with it when its own days meet them.
    /// </summary>
    private static PairsOfDays[] OfStart(TimingDate date, TimingKnown open, ClocksInput clocks, List<int> changes, (int First, int Last) relapse)
    {
        var isDiagnosis = date == TimingDate.Diagnosis;
        var (mine, theirs) = isDiagnosis ? (clocks.SinceDiagnosis, clocks.SinceTherapyEnd) : (clocks.SinceTherapyEnd, clocks.SinceDiagnosis);
        var other = open[Other(date)].Min;
        var left = new (int First, int Last)[theirs.Count];
        for (var band = 0; band < left.Length; band++)
        {
            (int First, int Last) days = theirs.Intervals[band] is null ? relapse : other is { } start ? theirs.Relapses(band, start) : (1, 0);
            left[band] = (Math.Max(relapse.First, days.First), Math.Min(relapse.Last, days.Last));
            if (left[band].First <= left[band].Last)
            {
                AddStarts(changes, mine, left[band]);
            }
        }
        if (other is { } bound)
        {
            changes.Add(bound.DayNumber + (isDiagnosis ? 1 : 0));
        }
        var most = clocks.Scales.ByDates.Most(open.With(date, DateInterval.Point(DateOnly.FromDayNumber(relapse.First))));
        return Between(changes, PairsOn);

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
    private static void AddStarts(List<int> changes, ClockBands clock, (int First, int Last) relapses)
    {
        for (var band = 0; band < clock.Count; band++)
        {
            if (clock.Intervals[band] is not null)
            {
                AddEdges(
                    changes,
                    clock.Starts(band, DateOnly.FromDayNumber(relapses.First)).First,
                    clock.Starts(band, DateOnly.FromDayNumber(relapses.Last)).Last);
            }
        }
    }

    private static PairsOfDays[] OfRelapse(TimingKnown open, ClocksInput clocks, List<int> changes)
    {
        var sinceDiagnosis = Relapses(clocks.SinceDiagnosis, open.Diagnosis.Min!.Value, changes);
        var sinceEnd = open is { MayHaveEnded: true, TherapyEnd.Min: { } ended } ? Relapses(clocks.SinceTherapyEnd, ended, changes) : [];
        var most = clocks.Scales.ByDates.Most(open);
        return Between(changes, day =>
        {
            var pairs = ValueSet.Empty;
            for (var a = 0; a < sinceDiagnosis.Length; a++)
            {
                for (var b = 0; b < clocks.SinceTherapyEnd.Count && Holds(sinceDiagnosis[a], day); b++)
                {
                    var state = clocks.SinceTherapyEnd.Intervals[b] is null;
                    pairs |= state || (b < sinceEnd.Length && Holds(sinceEnd[b], day)) ? clocks.Scales.ByDates.Pair(a, b) & most : ValueSet.Empty;
                }
            }
            return pairs;
        });
    }

    private static (int First, int Last)[] Relapses(ClockBands clock, DateOnly start, List<int> changes)
    {
        var relapses = new (int First, int Last)[clock.Count];
        for (var band = 0; band < relapses.Length; band++)
        {
            if (clock.Intervals[band] is not null)
            {
                relapses[band] = clock.Relapses(band, start);
                AddEdges(changes, relapses[band].First, relapses[band].Last);
            }
        }
        return relapses;
    }

    private static bool Holds((int First, int Last) days, DateOnly day) => days.First <= day.DayNumber && day.DayNumber <= days.Last;

    private static void AddEdges(List<int> changes, int first, int last)
    {
        if (first > last)
        {
            return;
        }
        if (first > int.MinValue)
        {
            changes.Add(first);
        }
        if (last < int.MaxValue)
        {
            changes.Add(last + 1);
        }
    }

    /// <summary>Parts the days at the changes, joins parts that leave the same, and leaves out those that no order of the dates allows.</summary>
    private static PairsOfDays[] Between(List<int> changes, Func<DateOnly, ValueSet> pairsOn)
    {
        changes.Sort();
        var stretches = new List<PairsOfDays>(changes.Count + 1);
        var (first, here) = ((DateOnly?)null, pairsOn(DateOnly.FromDayNumber(changes[0] - 1)));
        var previous = int.MinValue;
        foreach (var change in changes)
        {
            if (change == previous)
            {
                continue;
            }
            previous = change;
            var day = DateOnly.FromDayNumber(change);
            if (pairsOn(day) is var there && there != here)
            {
                Add(day.AddDays(-1));
                (first, here) = (day, there);
            }
        }
        Add(null);
        return [.. stretches];

        void Add(DateOnly? last)
        {
            if (!here.IsEmpty)
            {
                stretches.Add(new PairsOfDays(new DateInterval(first, last), here));
            }
        }
    }
}
