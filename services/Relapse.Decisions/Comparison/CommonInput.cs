using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A value which both sides know, or the one side that has the input; -1 stands for the side without.</summary>
internal readonly record struct CommonValue(string Label, Interval? Interval, int IndexA, int IndexB)
{
    public int Index(ComparedSide side) => side == ComparedSide.A ? IndexA : IndexB;
}

/// <summary>An input or component of one side or both, with the values common to them.</summary>
internal sealed record CommonInput(string Name, ImmutableArray<CommonValue> Values)
{
    /// <summary>The values as labels, plain or of intervals.</summary>
    public Domain Domain { get; } = new(Name, Values.Select(value => value.Label));

    /// <summary>An input which one side only has.</summary>
    public static CommonInput Of(Domain domain, ComparedSide side) => new(domain.Name,
    [
        .. domain.Values.Select((label, index) => (interval: domain.Bands?.IntervalOf(index), label, index))
            .Select(value => new CommonValue(
            value.interval?.ToString() ?? value.label,
            value.interval,
            side == ComparedSide.A ? value.index : -1,
            side == ComparedSide.B ? value.index : -1)),
    ]);

    /// <summary>What two inputs of one name have in common; null when that is nothing or too much.</summary>
    public static CommonInput? Of(Domain a, Domain b, List<OneSidedValue> oneSided)
    {
        if (a.Bands is null != b.Bands is null)
        {
            return null;
        }

        ImmutableArray<CommonValue> values = [.. Labels(a, b), .. Intervals(a, b)];
        if (values.Length is 0 or > Domain.MaximumValues)
        {
            return null;
        }

        oneSided.AddRange(OneSided(a, b, ComparedSide.A));
        oneSided.AddRange(OneSided(b, a, ComparedSide.B));
        return new CommonInput(a.Name, values);
    }

    public RegionCondition Condition(ValueSet values)
    {
        var labels = ImmutableArray.CreateBuilder<string>();
        List<Interval> intervals = [];
        foreach (var value in values)
        {
            if (Values[value].Interval is not { } interval)
            {
                labels.Add(Values[value].Label);
            }
            else if (intervals.Count > 0 && intervals[^1].Max is { } end && end == interval.Min
                && intervals[^1].MaxExclusive != interval.MinExclusive)
            {
                intervals[^1] = new Interval(intervals[^1].Min, intervals[^1].MinExclusive, interval.Max, interval.MaxExclusive);
            }
            else
            {
                intervals.Add(interval);
            }
        }

        return new RegionCondition(Name, labels.ToImmutable(), [.. intervals]);
    }

    private static IEnumerable<string> PlainLabels(Domain domain) =>
        domain.Values.Where((_, index) => domain.Bands is null || domain.Bands.PlainValues.Contains(index));

    private static IEnumerable<(Interval Interval, int Index)> Banded(Domain domain) =>
        domain.Values.Select((_, index) => (domain.Bands?.IntervalOf(index), index)).Where(band => band.Item1 is not null)
            .Select(band => (band.Item1!.Value, band.index));

    private static IEnumerable<CommonValue> Labels(Domain a, Domain b) =>
        PlainLabels(a).Intersect(PlainLabels(b), StringComparer.Ordinal)
            .Select(label => new CommonValue(label, null, a.IndexOf(label), b.IndexOf(label)));

    private static IEnumerable<CommonValue> Intervals(Domain a, Domain b) =>
        from inA in Banded(a)
        from inB in Banded(b)
        let shared = inA.Interval.Intersect(inB.Interval)
        where !shared.IsEmpty
        select new CommonValue(shared.ToString(), shared, inA.Index, inB.Index);

    private static IEnumerable<OneSidedValue> OneSided(Domain domain, Domain other, ComparedSide side)
    {
        var labels = PlainLabels(domain).Except(PlainLabels(other), StringComparer.Ordinal);
        var parts = domain.Bands is { } bands && other.Bands is { } others ? bands.Range.Except(others.Range) : [];
        return labels.Concat(parts.Select(part => part.ToString())).Select(label => new OneSidedValue(domain.Name, label, side));
    }
}
