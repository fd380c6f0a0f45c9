using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Days on which a date would leave the same pairs of clocks.</summary>
/// <param name="Days">The days; open where nothing changes any more.</param>
/// <param name="Pairs">What each of them leaves.</param>
internal readonly record struct PairsOfDays(DateInterval Days, ValueSet Pairs);

/// <summary>
/// The stretches of one date when every other date is exact and nothing is told in months: the days on which they change
/// follow from the thresholds directly, where <see cref="ClockAnswers"/> otherwise looks at each day that could be one.
/// </summary>
internal static class ExactStretches
{
    /// <summary>The stretches, earliest first; null when another date is not exact or months are told.</summary>
    public static PairsOfDays[]? Find(TimingDate date, TimingKnown known, ClocksInput clocks)
    {
        if (known.TellsMonths || !IsSettled(known, date))
        {
            return null;
        }
        var changes = new List<int>((2 * (clocks.SinceDiagnosis.Count + clocks.SinceTherapyEnd.Count)) + 1);
        var open = known.With(date, DateInterval.Everything);
        return date == TimingDate.Relapse ? OfRelapse(open, clocks, changes) : OfStart(date, open, clocks, changes);
    }

    /// <summary>An end of therapy that is still to come is not there to be uncertain of.</summary>
    private static bool IsSettled(TimingKnown known, TimingDate but)
    {
        for (var date = TimingDate.Diagnosis; date <= TimingDate.Relapse; date++)
        {
            if (date != but && !known.IsExact(date) && (date != TimingDate.TherapyEnd || known.MayHaveEnded))
            {
                return false;
            }
        }
        return true;
    }

    private static PairsOfDays[] OfStart(TimingDate date, TimingKnown open, ClocksInput clocks, List<int> changes)
    {
        var starts = clocks.Scales.ByDates.Starts(open.Relapse.Min!.Value);
        foreach (var (first, last) in date == TimingDate.Diagnosis ? starts.Diagnosed : starts.Ended)
        {
            AddEdges(changes, first, last);
        }
        // Therapy ends on the day of the diagnosis at the earliest.
        if (date == TimingDate.Diagnosis && open.TherapyEnd.Min is { } ended)
        {
            changes.Add(ended.DayNumber + 1);
        }
        else if (date == TimingDate.TherapyEnd)
        {
            changes.Add(open.Diagnosis.Min!.Value.DayNumber);
        }
        return Between(changes, day => clocks.Scales.ByDates.At(starts, open.With(date, DateInterval.Point(day))));
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
        foreach (var change in changes)
        {
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
