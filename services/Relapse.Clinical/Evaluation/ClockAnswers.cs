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
internal sealed class ClockAnswers
{
    /// <summary>Dates that are wide open ask for more days than are worth keeping.</summary>
    private const int MostDaysKept = 512;

    private readonly ClockPairs _underMonths;
    private Stretch[]?[]? _stretches;
    private PairsOfDays[]?[]? _around;
    private (DateOnly Day, StartsOfDay? Starts) _first;
    private Dictionary<DateOnly, StartsOfDay>? _starts;
    private readonly Func<DateOnly, StartsOfDay> _startsOf;

    public ClockAnswers(TimingKnown known, ClocksInput clocks)
    {
        (Known, Clocks) = (known, clocks);
        _underMonths = clocks.Scales.Under(known);
        _startsOf = StartsOf;
    }

    public TimingKnown Known { get; }

    public ClocksInput Clocks { get; }

    public ValueSet Pairs(TimingKnown given) =>
        given.MonthsFromDiagnosis == Known.MonthsFromDiagnosis && given.MonthsFromTherapyEnd == Known.MonthsFromTherapyEnd
            ? given.Pairs(_underMonths, _startsOf)
            : given.Pairs(Clocks.Scales.Under(given));

    /// <summary>The stretches of an open date, earliest first; days that no order of the dates allows are left out.</summary>
    public Stretch[] Stretches(TimingDate date) => (_stretches ??= new Stretch[3][])[(int)date] ??= Merge(date, Known);

    /// <summary>The stretches that a known date would have were it not known.</summary>
    public PairsOfDays[] StretchesAround(TimingDate date) => (_around ??= new PairsOfDays[3][])[(int)date] ??= ExactStretches.Find(date, Known, Clocks, _startsOf)
        ?? [.. Merge(date, Known.With(date, DateInterval.Everything)).Select(stretch => new PairsOfDays(stretch.Days, stretch.Pairs))];

    private Stretch[] Merge(TimingDate date, TimingKnown open)
    {
        var own = open[date];
        var days = open.CriticalDates(date, Clocks.SinceDiagnosis, Clocks.SinceTherapyEnd);
        var pairs = days.ConvertAll(day => open.With(date, DateInterval.Point(day)).Pairs(_underMonths, _startsOf));
        var stretches = new List<Stretch>();
        for (var first = 0; first < days.Count;)
        {
            var last = first;
            while (last + 1 < days.Count && pairs[last + 1] == pairs[first])
            {
                last++;
            }
            if (!pairs[first].IsEmpty)
            {
                // Up to the next critical day: a month end can be one on its own, where no day lies exactly so many months before.
                var (min, max) = (first == 0 ? own.Min : days[first], last == days.Count - 1 ? own.Max : days[last + 1].AddDays(-1));
                stretches.Add(new Stretch(new DateInterval(min, max), days[first], days[last], pairs[first]));
            }
            first = last + 1;
        }
        return [.. stretches];
    }

    private StartsOfDay StartsOf(DateOnly relapse)
    {
        // Most cases know the day of the relapse and ask for no other.
        if (_first.Starts is null)
        {
            _first = (relapse, _underMonths.Starts(relapse));
        }
        if (_first.Day == relapse)
        {
            return _first.Starts!;
        }
        _starts ??= [];
        if (!_starts.TryGetValue(relapse, out var starts))
        {
            starts = _underMonths.Starts(relapse);
            if (_starts.Count < MostDaysKept)
            {
                _starts.Add(relapse, starts);
            }
        }
        return starts;
    }
}
