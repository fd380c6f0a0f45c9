using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A value that every side with the input knows; -1 stands for a side without the input.</summary>
internal readonly record struct CommonValue(string Label, Interval? Interval, ImmutableArray<int> Indices)
{
    public int Index(int side) => Indices[side];
}

/// <summary>An input or component of one side or several, with the values common to them.</summary>
internal sealed record CommonInput(string Name, ImmutableArray<CommonValue> Values)
{
    /// <summary>Thousands of regions say the same few things of an input.</summary>
    private readonly ConcurrentDictionary<ValueSet, RegionCondition> _conditions = new();

    /// <summary>The values as labels, plain or of intervals.</summary>
    public Domain Domain { get; } = new(Name, Values.Select(value => value.Label));

    /// <summary>What the inputs of one name have in common; null when that is nothing or too much.</summary>
    /// <param name="domains">For each side its domain; null for a side without the input. At least one has it.</param>
    public static CommonInput? Of(IReadOnlyList<Domain?> domains)
    {
        var known = domains.OfType<Domain>().ToList();
        if (known.Any(domain => domain.Bands is null) && known.Any(domain => domain.Bands is not null))
        {
            return null;
        }

        ImmutableArray<CommonValue> values = [.. Labels(domains, known), .. Intervals(domains)];
        return values.Length is 0 or > Domain.MaximumValues ? null : new CommonInput(known[0].Name, values);
    }

    /// <summary>The values of an input that one side knows and another, which has the input too, does not.</summary>
    public static IEnumerable<OneSidedValue> OneSided(Domain a, Domain b) =>
        OneSided(a, b, ComparedSide.A).Concat(OneSided(b, a, ComparedSide.B));

    public RegionCondition Condition(ValueSet values) => _conditions.GetOrAdd(values, MakeCondition);

    private RegionCondition MakeCondition(ValueSet values)
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

    private static IEnumerable<CommonValue> Labels(IReadOnlyList<Domain?> domains, List<Domain> known) =>
        known.Skip(1).Aggregate(PlainLabels(known[0]), (labels, domain) => labels.Intersect(PlainLabels(domain), StringComparer.Ordinal))
            .Select(label => new CommonValue(label, null, [.. domains.Select(domain => domain?.IndexOf(label) ?? -1)]));

    /// <summary>The common refinement, ascending: every interval in which each side has one band.</summary>
    private static IEnumerable<CommonValue> Intervals(IReadOnlyList<Domain?> domains)
    {
        if (domains.All(domain => domain?.Bands is null))
        {
            return [];
        }

        IEnumerable<(Interval Interval, ImmutableArray<int> Indices)> parts = [(Interval.Everything, [])];
        foreach (var domain in domains)
        {
            parts = domain is null
                ? parts.Select(part => (part.Interval, part.Indices.Add(-1)))
                : (from part in parts
                   from band in Banded(domain)
                   let shared = part.Interval.Intersect(band.Interval)
                   where !shared.IsEmpty
                   select (shared, part.Indices.Add(band.Index))).ToList();
        }

        return parts.Select(part => new CommonValue(part.Interval.ToString(), part.Interval, part.Indices));
    }

    private static IEnumerable<OneSidedValue> OneSided(Domain domain, Domain other, ComparedSide side)
    {
        var labels = PlainLabels(domain).Except(PlainLabels(other), StringComparer.Ordinal);
        var parts = domain.Bands is { } bands && other.Bands is { } others ? bands.Range.Except(others.Range) : [];
        return labels.Concat(parts.Select(part => part.ToString())).Select(label => new OneSidedValue(domain.Name, label, side));
    }
}
