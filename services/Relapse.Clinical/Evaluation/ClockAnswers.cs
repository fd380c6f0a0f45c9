using System.Globalization;
using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>A stretch of days on which an open date would leave the same pairs of clocks.</summary>
/// <param name="Days">The days; open where the date is.</param>
/// <param name="First">Its first critical day.</param>
/// <param name="Last">Its last critical day.</param>
/// <param name="Pairs">What each of its days leaves.</param>
internal sealed record Stretch(DateInterval Days, DateOnly First, DateOnly Last, ValueSet Pairs)
{
    public override string ToString() => Describe(Days);

    public static string Describe(DateInterval days) => days switch
    {
        { Min: null, Max: null } => "any date",
        { Min: null, Max: { } last } => $"up to {Iso(last)}",
        { Min: { } first, Max: null } => $"from {Iso(first)}",
        { Min: { } first, Max: { } last } => first == last ? Iso(first) : $"{Iso(first)} to {Iso(last)}",
    };

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>What each day of a date would leave of the clocks; worked out once for all decisions of a protocol.</summary>
internal sealed class ClockAnswers(TimingKnown known, ClocksInput clocks)
{
    private readonly Dictionary<(TimingDate Date, bool Anywhere), Stretch[]> _stretches = [];

    public TimingKnown Known => known;

    public ClocksInput Clocks => clocks;

    public ValueSet Pairs(TimingKnown given) => given.Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd);

    /// <summary>The stretches of an open date, earliest first; days that no order of the dates allows are left out.</summary>
    public Stretch[] Stretches(TimingDate date) => Find(date, anywhere: false);

    /// <summary>The stretches that a known date would have were it not known.</summary>
    public Stretch[] StretchesAround(TimingDate date) => Find(date, anywhere: true);

    private Stretch[] Find(TimingDate date, bool anywhere)
    {
        if (!_stretches.TryGetValue((date, anywhere), out var stretches))
        {
            _stretches[(date, anywhere)] = stretches = [.. Merge(date, anywhere ? known.With(date, DateInterval.Everything) : known)];
        }
        return stretches;
    }

    private IEnumerable<Stretch> Merge(TimingDate date, TimingKnown open)
    {
        var own = open[date];
        (DateOnly Day, ValueSet Pairs)[] days =
        [
            .. open.CriticalDates(date, clocks.SinceDiagnosis, clocks.SinceTherapyEnd).Select(day => (day, Pairs(open.With(date, DateInterval.Point(day))))),
        ];
        for (var first = 0; first < days.Length;)
        {
            var last = first;
            while (last + 1 < days.Length && days[last + 1].Pairs == days[first].Pairs)
            {
                last++;
            }
            if (!days[first].Pairs.IsEmpty)
            {
                // Up to the next critical day: a month end can be one on its own, where no day lies exactly so many months before.
                var (min, max) = (first == 0 ? own.Min : days[first].Day, last == days.Length - 1 ? own.Max : days[last + 1].Day.AddDays(-1));
                yield return new Stretch(new DateInterval(min, max), days[first].Day, days[last].Day, days[first].Pairs);
            }
            first = last + 1;
        }
    }
}
