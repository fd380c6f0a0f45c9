using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Labels with intervals, ascending, disjoint, without a gap between them, together exactly a range. Some labels in front may be plain
/// values without an interval. Immutable.
/// </summary>
public sealed class Bands
{
    private readonly ImmutableArray<Interval> _intervals;
    private readonly int _plain;

    private Bands(string name, ImmutableArray<string> plainValues, ImmutableArray<(string Label, Interval Interval)> bands, Interval range)
    {
        _plain = plainValues.Length;
        _intervals = [.. bands.Select(band => band.Interval)];
        Range = range;
        Domain = new Domain(name, [.. plainValues, .. bands.Select(band => band.Label)], this);
    }

    /// <summary>The labels: the plain values, then the bands in ascending order.</summary>
    public Domain Domain { get; }

    /// <summary>What the bands together cover.</summary>
    public Interval Range { get; }

    /// <summary>The labels without an interval.</summary>
    public ValueSet PlainValues => ValueSet.All(_plain);

    /// <summary>The finite ends between bands and at the ends of the range, ascending, each once.</summary>
    public IEnumerable<decimal> Thresholds =>
        _intervals.SelectMany(interval => new[] { interval.Min, interval.Max }).OfType<decimal>().Distinct().Order();

    /// <summary>Bands, checked.</summary>
    /// <param name="name">The name of the domain.</param>
    /// <param name="plainValues">Labels without an interval; may be none.</param>
    /// <param name="bands">At least one label with its interval, ascending.</param>
    /// <param name="range">What the bands must cover exactly.</param>
    /// <exception cref="BandsException">There is a gap, an overlap, a band outside the range, empty or out of order, or a bad label; all
    /// are listed.</exception>
    public static Bands Create(
        string name, IEnumerable<string> plainValues, IEnumerable<(string Label, Interval Interval)> bands, Interval range)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ImmutableArray<string> plain = [.. plainValues];
        ImmutableArray<(string Label, Interval Interval)> banded = [.. bands];
        ImmutableArray<BandFault> faults =
        [
            .. LabelFaults([.. plain, .. banded.Select(band => band.Label)], banded.Length),
            .. ShapeFaults(banded, range),
            .. PairFaults(banded),
            .. GapFaults(banded, range),
        ];
        return faults.IsEmpty ? new Bands(name, plain, banded, range) : throw new BandsException(name, faults);
    }

    /// <summary>The interval of the value at <paramref name="index"/>; null for a plain value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The domain has no such index.</exception>
    public Interval? IntervalOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Domain.Count);
        return index < _plain ? null : _intervals[index - _plain];
    }

    /// <summary>The index of the band that holds <paramref name="value"/>; -1 outside the range.</summary>
    public int IndexOf(decimal value)
    {
        for (var band = 0; band < _intervals.Length; band++)
        {
            if (_intervals[band].Contains(value))
            {
                return band + _plain;
            }
        }

        return -1;
    }

    /// <summary>Every band that meets <paramref name="uncertain"/>; empty when it lies outside the range or is empty. Never a plain
    /// value.</summary>
    public ValueSet Cover(Interval uncertain) => uncertain.IsPoint
        ? IndexOf(uncertain.Min!.Value) is >= 0 and var band ? ValueSet.Of(band) : ValueSet.Empty
        : uncertain == Range ? Domain.All.Except(PlainValues)
        : Meeting(uncertain);

    /// <summary>
    /// Every band, in calendar months, in which the time elapsed from a date of <paramref name="from"/> to a date of <paramref name="to"/>
    /// can lie (see <see cref="CalendarMonths"/>). Never a plain value.
    /// </summary>
    /// <exception cref="ArgumentException">A threshold is not a whole number of months.</exception>
    public ValueSet Cover(DateInterval from, DateInterval to) => Where(interval => CalendarMonths.CanBeWithin(from, to, interval));

    private ValueSet Meeting(Interval uncertain)
    {
        var bits = 0UL;
        for (var band = 0; band < _intervals.Length; band++)
        {
            bits |= _intervals[band].Overlaps(uncertain) ? 1UL << (band + _plain) : 0;
        }

        return new ValueSet(bits);
    }

    private ValueSet Where(Predicate<Interval> predicate)
    {
        var bits = 0UL;
        for (var band = 0; band < _intervals.Length; band++)
        {
            bits |= predicate(_intervals[band]) ? 1UL << (band + _plain) : 0;
        }

        return new ValueSet(bits);
    }

    private static IEnumerable<BandFault> LabelFaults(ImmutableArray<string> labels, int bands)
    {
        if (bands == 0 || labels.Length > Domain.MaximumValues)
        {
            yield return new BandFault(
                BandFaultKind.Count,
                $"There are {bands} bands and {labels.Length} labels; there must be a band and at most {Domain.MaximumValues} labels.");
        }

        foreach (var group in labels.GroupBy(label => label, StringComparer.Ordinal))
        {
            if (string.IsNullOrEmpty(group.Key) || group.Count() > 1)
            {
                yield return new BandFault(BandFaultKind.Label, $"The label '{group.Key}' is empty or given {group.Count()} times.");
            }
        }
    }

    private static IEnumerable<BandFault> ShapeFaults(ImmutableArray<(string Label, Interval Interval)> bands, Interval range)
    {
        foreach (var (label, interval) in bands)
        {
            if (interval.IsEmpty)
            {
                yield return new BandFault(BandFaultKind.Empty, $"'{label}' {interval} holds no value.");
            }
            else if (!interval.IsWithin(range))
            {
                yield return new BandFault(BandFaultKind.OutsideRange, $"'{label}' {interval} reaches outside the range {range}.");
            }
        }
    }

    private static IEnumerable<BandFault> PairFaults(ImmutableArray<(string Label, Interval Interval)> bands)
    {
        for (var later = 1; later < bands.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var (low, high) = (bands[earlier], bands[later]);
                if (low.Interval.Overlaps(high.Interval))
                {
                    yield return new BandFault(
                        BandFaultKind.Overlap,
                        $"'{low.Label}' and '{high.Label}' share {low.Interval.Intersect(high.Interval)}.");
                }
                else if (later == earlier + 1 && !low.Interval.IsEmpty && !high.Interval.IsEmpty
                    && StartsBefore(high.Interval, low.Interval))
                {
                    yield return new BandFault(
                        BandFaultKind.OutOfOrder,
                        $"'{low.Label}' {low.Interval} is written before '{high.Label}' {high.Interval}, which lies below it.");
                }
            }
        }
    }

    private static IEnumerable<BandFault> GapFaults(ImmutableArray<(string Label, Interval Interval)> bands, Interval range)
    {
        // What is left of the range after each band has taken its part away.
        List<Interval> left = [range];
        foreach (var (_, interval) in bands.Where(band => !band.Interval.IsEmpty))
        {
            left = [.. left.SelectMany(part => part.Except(interval))];
        }

        return left.Select(part => new BandFault(BandFaultKind.Gap, $"No band covers {part}."));
    }

    private static bool StartsBefore(Interval one, Interval other) =>
        other.Min is { } otherMin
            && (one.Min is not { } min || min < otherMin || (min == otherMin && !one.MinExclusive && other.MinExclusive));
}
