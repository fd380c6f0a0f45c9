using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>A name over which differing regions are stated; <paramref name="Input"/> is null for a decision that both share.</summary>
internal sealed record PairName(Feed Feed, CommonInput? Input, bool ByRules);

/// <summary>A differing region: its values by name, and its raw cases.</summary>
internal sealed record PairRegion(ImmutableArray<ValueSet> Box, int Cases);

/// <summary>
/// Two decisions compared, to be asked about single cases. A case is given as the union of boxes over <see cref="Inputs"/>: for each input
/// the values that it may have; uncertainty that inputs share takes several boxes. Answers are exact under all completions. Immutable and
/// safe for concurrent use.
/// </summary>
public sealed class DecisionPair
{
    /// <summary>Cells of what a case leaves open that are looked at one by one.</summary>
    private const int MostCells = 4096;

    private readonly ImmutableArray<PairName> _names = [];
    private readonly ImmutableArray<PairRegion> _regions = [];
    private readonly ImmutableArray<Diagram?> _differingValues = [];
    private readonly ImmutableArray<Diagram?> _allValues = [];
    private readonly Diagram? _diagram;

    /// <summary>Two decisions that cannot be compared.</summary>
    internal DecisionPair(ComparisonResult result) => Result = result;

    internal DecisionPair(
        ComparisonResult result, ImmutableArray<CommonInput> inputs, DiagramStore store, ImmutableArray<PairName> names, ImmutableArray<PairRegion> regions)
    {
        Result = result;
        Inputs = [.. inputs.Select(ComparedInput.Of)];
        (_names, _regions) = (names, regions);
        var (which, differ) = (~0, DiagramStore.False);
        for (var region = 0; region < regions.Length; region++)
        {
            which = store.Select(regions[region].Cases, [which, ~(region + 1)]);
            differ = store.Or(differ, regions[region].Cases);
        }

        _diagram = new Diagram(store, which, regions.Length + 1);
        _differingValues = [.. names.Select((name, position) => IsNamed(position) ? ValuesWhere(store, differ, name.Feed) : null)];
        _allValues = [.. names.Select((name, position) => IsNamed(position) ? ValuesWhere(store, DiagramStore.True, name.Feed) : null)];
    }

    /// <summary>What the comparison found, whatever the case.</summary>
    public ComparisonResult Result { get; }

    /// <summary>Whether the two are compared in full: every input has the same values on both sides. Without it nothing can be asked.</summary>
    public bool IsComplete => Result.Incomparable.IsEmpty && Result.OneSided.IsEmpty && !Result.IsTooLarge;

    /// <summary>The inputs, in the order in which boxes give them; none when the two cannot be compared.</summary>
    public ImmutableArray<ComparedInput> Inputs { get; } = [];

    /// <summary>Whether the two may conclude alike, and whether they may differ; neither when no box holds a case.</summary>
    /// <exception cref="InvalidOperationException">The two are not compared in full.</exception>
    /// <exception cref="ArgumentException">A box has a value that an input has not.</exception>
    public (bool Alike, bool Differ) May(IReadOnlyList<ValueSet[]> boxes)
    {
        var (alike, differ) = (false, false);
        foreach (var terminal in Terminals(Whole, boxes))
        {
            alike |= terminal == 0;
            differ |= terminal > 0;
        }

        return (alike, differ);
    }

    /// <summary>The regions in which some completion of the case lies, and what holds there.</summary>
    /// <exception cref="InvalidOperationException">The two are not compared in full.</exception>
    /// <exception cref="ArgumentException">A box has a value that an input has not.</exception>
    public DifferingCase Differing(IReadOnlyList<ValueSet[]> boxes)
    {
        ImmutableArray<int> reached = [.. Terminals(Whole, boxes).Where(terminal => terminal > 0).Select(terminal => terminal - 1)];
        ImmutableArray<ValueSet> values = [.. _names.Select((name, position) => _differingValues[position] is { } diagram && reached.Any(region => Narrows(_regions[region], position))
            ? Values(diagram, boxes)
            : ValueSet.Empty)];
        ImmutableArray<ValueSet> anyway = [.. values.Select((differing, position) => differing.IsEmpty ? ValueSet.Empty : Values(_allValues[position]!, boxes))];
        return new DifferingCase(
            [.. reached.Select(region => Result.Regions[region])],
            [
                .. Enumerable.Range(0, _names.Length)
                    .Where(position => !values[position].IsEmpty)
                    .OrderByDescending(position => Deciding(position, values))
                    .ThenBy(position => _names[position].Input is null ? 0 : 1)
                    .ThenByDescending(position => position)
                    .Select(position => Condition(_names[position], values[position])),
            ],
            [.. Hanging(anyway).Select(position => _names[position].Feed.Name)]);
    }

    private Diagram Whole => IsComplete && _diagram is { } diagram
        ? diagram
        : throw new InvalidOperationException("The two decisions are not compared in full.");

    private bool IsNamed(int position) => _names[position].ByRules && _regions.Any(region => Narrows(region, position));

    private bool Narrows(PairRegion region, int position) => region.Box[position] != _names[position].Feed.Shown.All;

    /// <summary>In the cases given, the value of a name; elsewhere the last terminal.</summary>
    private static Diagram ValuesWhere(DiagramStore store, int cases, Feed name)
    {
        var shown = name.Shown.Count;
        var value = store.Select(name.Function, [.. Enumerable.Range(0, name.TerminalCount).Select(terminal => terminal < name.NoValue ? ~Math.Min(terminal, name.Values.Count) : ~shown)]);
        return new Diagram(store, store.Select(cases, [~shown, value]), shown + 1);
    }

    private static ValueSet Values(Diagram diagram, IReadOnlyList<ValueSet[]> boxes)
    {
        var values = ValueSet.Empty;
        foreach (var terminal in Terminals(diagram, boxes).Where(terminal => terminal < diagram.TerminalCount - 1))
        {
            values |= ValueSet.Of(terminal);
        }

        return values;
    }

    /// <summary>The share of a name's other values with which the two would not differ, all else as it is here.</summary>
    private double Deciding(int position, ImmutableArray<ValueSet> values)
    {
        var others = _names[position].Feed.Values.All.Except(values[position]);
        var still = ValueSet.Empty;
        foreach (var region in _regions)
        {
            var fits = Enumerable.Range(0, _names.Length)
                .All(other => other == position || values[other].IsEmpty || values[other].Overlaps(region.Box[other]));
            still |= fits ? region.Box[position] & others : ValueSet.Empty;
        }

        return others.IsEmpty ? 0 : 1 - ((double)still.Count / others.Count);
    }

    /// <summary>Those of the names of which a case leaves several values on whose value it hangs, all else the same, whether the two differ.</summary>
    private IEnumerable<int> Hanging(ImmutableArray<ValueSet> left)
    {
        int[] open = [.. Enumerable.Range(0, left.Length).Where(position => left[position].Count > 1)];
        if (open.Aggregate(1L, (product, position) => Math.Min(product * left[position].Count, int.MaxValue)) > MostCells)
        {
            return open;
        }

        var cells = open.Aggregate<int, IEnumerable<ImmutableArray<ValueSet>>>(
            [left], (known, position) => known.SelectMany(cell => Enumerable.Range(0, _names[position].Feed.Shown.Count).Where(left[position].Contains).Select(value => cell.SetItem(position, ValueSet.Of(value)))));
        var differing = cells.Where(cell => _regions.Any(region => Enumerable.Range(0, _names.Length)
            .All(position => cell[position].IsEmpty || cell[position].Overlaps(region.Box[position])))).ToList();
        // Where a name does not matter, the cells that differ come in whole rows along it.
        return open.Where(position => differing
            .GroupBy(cell => string.Join(' ', cell.SetItem(position, ValueSet.Empty).Select(values => values.Bits)), StringComparer.Ordinal)
            .Any(row => row.Count() < left[position].Count));
    }

    private static RegionCondition Condition(PairName name, ValueSet values) =>
        name.Input?.Condition(values) ?? new RegionCondition(name.Feed.Name, name.Feed.Shown.Labels(values), []);

    private static List<int> Terminals(Diagram diagram, IReadOnlyList<ValueSet[]> boxes)
    {
        Span<ulong> bits = stackalloc ulong[(diagram.TerminalCount + 63) / 64];
        bits.Clear();
        foreach (var box in boxes)
        {
            if (!box.Contains(ValueSet.Empty))
            {
                diagram.Reach(box, bits);
            }
        }

        List<int> terminals = [];
        for (var word = 0; word < bits.Length; word++)
        {
            foreach (var bit in new ValueSet(bits[word]))
            {
                terminals.Add((word * 64) + bit);
            }
        }

        return terminals;
    }
}

/// <summary>Where two decisions differ for one case.</summary>
/// <param name="Regions">The regions in which some completion lies.</param>
/// <param name="Conditions">For each name that bounds one of them, what it is in the completions in which the two differ; those that decide
/// most first: with most of their other values the two would not differ. Decisions that both share come before inputs.</param>
/// <param name="Open">Of the names of the conditions, those of which the case leaves several values and on whose value it hangs, all else the
/// same, whether the two differ. May be empty although they may go either way: when only several values together decide it.</param>
public sealed record DifferingCase(ImmutableArray<DifferingRegion> Regions, ImmutableArray<RegionCondition> Conditions, ImmutableArray<string> Open);
