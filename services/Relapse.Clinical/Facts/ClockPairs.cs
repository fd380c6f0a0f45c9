using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// The pairs (band since diagnosis, band since therapy end) that dates leave under what is told in months. What the months
/// alone decide is worked out once; dates then only compare day numbers. Immutable.
/// </summary>
internal sealed class ClockPairs
{
    private readonly ulong _ended;
    private readonly ulong _onTreatment;
    private readonly (int From, int? Before) _toldOfDiagnosis;
    private readonly (int From, int? Before) _toldOfEnd;

    public ClockPairs(ClockBands sinceDiagnosis, ClockBands sinceEnd, Interval monthsFromDiagnosis, Interval monthsFromTherapyEnd)
    {
        (SinceDiagnosis, SinceEnd) = (sinceDiagnosis, sinceEnd);
        (_toldOfDiagnosis, _toldOfEnd) = (ClockBands.Reach(monthsFromDiagnosis), ClockBands.Reach(monthsFromTherapyEnd));
        for (var a = 0; a < sinceDiagnosis.Count; a++)
        {
            var months = sinceDiagnosis.Intervals[a]!.Value.Intersect(monthsFromDiagnosis);
            for (var b = 0; b < sinceEnd.Count && !months.IsEmpty; b++)
            {
                if (sinceEnd.Intervals[b] is not { } band)
                {
                    _onTreatment |= Bit(a, b);
                }
                else if (EndsNotBefore(band.Intersect(monthsFromTherapyEnd), months))
                {
                    _ended |= Bit(a, b);
                }
            }
        }
    }

    public ClockBands SinceDiagnosis { get; }

    public ClockBands SinceEnd { get; }

    /// <summary>What all dates that are not exact could leave: once it is reached, no day adds to it.</summary>
    public ValueSet Most(TimingKnown known) => new((known.MayHaveEnded ? _ended : 0) | (known.MayBeOnTreatment ? _onTreatment : 0));

    /// <summary>The starts, for each band, that lead to a relapse on this day.</summary>
    public StartsOfDay Starts(DateOnly relapse)
    {
        var diagnosed = new (int, int)[SinceDiagnosis.Count];
        var told = ClockBands.Starts(_toldOfDiagnosis, relapse);
        for (var a = 0; a < diagnosed.Length; a++)
        {
            diagnosed[a] = Both(SinceDiagnosis.Starts(a, relapse), told);
        }
        var ended = new (int, int)[SinceEnd.Count];
        told = ClockBands.Starts(_toldOfEnd, relapse);
        for (var b = 0; b < ended.Length; b++)
        {
            ended[b] = SinceEnd.Intervals[b] is null ? (1, 0) : Both(SinceEnd.Starts(b, relapse), told);
        }
        return new StartsOfDay(diagnosed, ended);
    }

    /// <summary>The pairs of a relapse on the day that the starts belong to.</summary>
    public ValueSet At(StartsOfDay starts, TimingKnown known) => At(starts, DayNumbers(known.Diagnosis), DayNumbers(known.TherapyEnd), Most(known));

    /// <summary>The same, for a diagnosis and an end of therapy within these day numbers.</summary>
    public ValueSet At(StartsOfDay starts, (int First, int Last) diagnosis, (int First, int Last) therapyEnd, ValueSet most)
    {
        var (ended, onTreatment) = (_ended & most.Bits, _onTreatment & most.Bits);
        var pairs = 0UL;
        for (var a = 0; a < starts.Diagnosed.Length; a++)
        {
            var diagnosed = Both(starts.Diagnosed[a], diagnosis);
            if (diagnosed.First > diagnosed.Last)
            {
                continue;
            }
            for (var b = 0; b < starts.Ended.Length; b++)
            {
                var bit = Bit(a, b);
                if ((onTreatment & bit) != 0)
                {
                    pairs |= bit;
                }
                else if ((ended & bit) != 0)
                {
                    // Therapy ends on the day of the diagnosis at the earliest.
                    var (first, last) = Both(starts.Ended[b], therapyEnd);
                    pairs |= Math.Max(first, diagnosed.First) <= last ? bit : 0;
                }
            }
        }
        return new ValueSet(pairs);
    }

    public ValueSet Pair(int sinceDiagnosis, int sinceEnd) => new(Bit(sinceDiagnosis, sinceEnd));

    /// <summary>By months as by dates, therapy cannot have ended longer ago than the diagnosis was made.</summary>
    private static bool EndsNotBefore(Interval sinceEnd, Interval sinceDiagnosis) =>
        !sinceEnd.IsEmpty && new Interval(sinceEnd.Min, sinceEnd.MinExclusive, null, false).Overlaps(sinceDiagnosis);

    private ulong Bit(int a, int b) => 1UL << ((a * SinceEnd.Count) + b);

    public static (int First, int Last) DayNumbers(DateInterval days) => (days.Min?.DayNumber ?? int.MinValue, days.Max?.DayNumber ?? int.MaxValue);

    private static (int First, int Last) Both((int First, int Last) one, (int First, int Last) other) =>
        (Math.Max(one.First, other.First), Math.Min(one.Last, other.Last));
}

/// <summary>For one day of relapse and each band, the days from which that band has elapsed; none when the first is after the last.</summary>
internal sealed record StartsOfDay((int First, int Last)[] Diagnosed, (int First, int Last)[] Ended);
