using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Two decisions compared, to be asked about single cases. A case is given as the union of boxes over <see cref="Inputs"/>: for each input
/// the values that it may have; uncertainty that inputs share takes several boxes. Answers are exact under all completions. In which regions
/// the two differ is worked out when it is first asked for: that takes longer than all else together. Immutable and safe for concurrent use.
/// </summary>
public sealed class DecisionPair
{
    /// <summary>Cells of what a case leaves open that are looked at one by one.</summary>
    private const int MostCells = 4096;

    private readonly Lazy<PairRegions> _regions;
    private readonly Lazy<ConclusionPairs>? _conclusions;
    private readonly Diagram? _differ;

    /// <summary>Two decisions that cannot be compared, or only in part.</summary>
    internal DecisionPair(Func<PairRegions> regions) => _regions = new Lazy<PairRegions>(regions);

    /// <summary>Two decisions that are compared in full.</summary>
    /// <param name="inputs">The common inputs.</param>
    /// <param name="differ">Over them, 1 where the two conclude differently, else 0.</param>
    /// <param name="apartWords">The words by which they differ anywhere.</param>
    /// <param name="regions">Works out where they do.</param>
    /// <param name="conclusions">Works out which conclusions go together; throws where that is too much work.</param>
    internal DecisionPair(ImmutableArray<CommonInput> inputs, Diagram differ, IReadOnlySet<string> apartWords, Func<PairRegions> regions, Func<ConclusionPairs> conclusions)
    {
        Inputs = [.. inputs.Select(ComparedInput.Of)];
        _conclusions = new Lazy<ConclusionPairs>(conclusions);
        (_differ, ApartWords, IsComplete, _regions) = (differ, apartWords, true, new Lazy<PairRegions>(regions));
    }

    /// <summary>What the comparison found, whatever the case.</summary>
    public ComparisonResult Result => Regions.Result;

    /// <summary>Whether the two are compared in full: every input has the same values on both sides. Without it nothing can be asked. They may still
    /// be too large together for the regions in which they differ.</summary>
    public bool IsComplete { get; }

    /// <summary>The conclusions that do not stand for the same cases on both sides; none when the two are not compared in full.</summary>
    public IReadOnlySet<string> ApartWords { get; } = ImmutableHashSet<string>.Empty;

    /// <summary>Whether the two are compared in full, and are one function of the facts, whatever the case.</summary>
    public bool IsOne => IsComplete && ApartWords.Count == 0;

    /// <summary>The inputs, in the order in which boxes give them; none when the two are not compared in full.</summary>
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
        _ = Whole;
        var found = Regions;
        ImmutableArray<int> reached = [.. found.Which is { } which ? Terminals(which, boxes).Where(terminal => terminal > 0).Select(terminal => terminal - 1) : []];
        ImmutableArray<ValueSet> values = [.. found.DifferingValues.Select((differing, position) => differing is not null && reached.Any(region => found.Narrows(region, position))
            ? Values(differing, boxes)
            : ValueSet.Empty)];
        ImmutableArray<ValueSet> anyway = [.. values.Select((differing, position) => differing.IsEmpty ? ValueSet.Empty : Values(found.AllValues[position]!, boxes))];
        return new DifferingCase(
            [.. reached.Select(region => Result.Regions[region])],
            [
                .. Enumerable.Range(0, found.Names.Length)
                    .Where(position => !values[position].IsEmpty)
                    .OrderByDescending(position => Deciding(position, values))
                    .ThenBy(position => found.Names[position].Input is null ? 0 : 1)
                    .ThenByDescending(position => position)
                    .Select(position => Condition(found.Names[position], values[position])),
            ],
            [.. Hanging(anyway).Select(position => found.Names[position].Feed.Name)]);
    }

    /// <summary>
    /// Whether the two divide cases apart here, and not by words alone: of some conclusion that is possible within the first boxes the cases within the
    /// second have several conclusions of the other decision, or the other way round.
    /// </summary>
    /// <param name="here">What is known of a case.</param>
    /// <param name="among">The cases that conclusions divide; they hold those of <paramref name="here"/>. Null for all there are.</param>
    /// <returns>False also where it is too much work to say: what is not shown is not said.</returns>
    /// <exception cref="InvalidOperationException">The two are not compared in full.</exception>
    public bool DivideApart(IReadOnlyList<ValueSet[]>? here, IReadOnlyList<ValueSet[]>? among)
    {
        _ = Whole;
        try
        {
            var possible = Conclusions(here).ToList();
            return Conclusions(among).Any(other => possible.Any(pair => (other.A == pair.A) != (other.B == pair.B)));
        }
        catch (TooMuchWorkException)
        {
            return false;
        }
    }

    private IEnumerable<(int A, int B)> Conclusions(IReadOnlyList<ValueSet[]>? boxes)
    {
        var pairs = _conclusions!.Value;
        return Terminals(pairs.Together, boxes ?? [[.. Inputs.Select(input => ValueSet.All(input.Values.Length))]]).Select(terminal => (terminal / pairs.OfB, terminal % pairs.OfB));
    }

    private PairRegions Regions => _regions.Value;

    private Diagram Whole => _differ ?? throw new InvalidOperationException("The two decisions are not compared in full.");

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
        var others = Regions.Names[position].Feed.Values.All.Except(values[position]);
        var still = ValueSet.Empty;
        foreach (var region in Regions.Regions)
        {
            var fits = Enumerable.Range(0, Regions.Names.Length)
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
            [left], (known, position) => known.SelectMany(cell => Enumerable.Range(0, Regions.Names[position].Feed.Shown.Count).Where(left[position].Contains).Select(value => cell.SetItem(position, ValueSet.Of(value)))));
        var differing = cells.Where(cell => Regions.Regions.Any(region => Enumerable.Range(0, Regions.Names.Length)
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

/// <summary>Which conclusions of two decisions go together.</summary>
/// <param name="Together">Over the common inputs, the conclusion of the first times <paramref name="OfB"/> and that of the second.</param>
/// <param name="OfB">How many conclusions the second has, out of scope among them.</param>
internal sealed record ConclusionPairs(Diagram Together, int OfB);

/// <summary>Where two decisions differ for one case.</summary>
/// <param name="Regions">The regions in which some completion lies; none when the two are too large together for that.</param>
/// <param name="Conditions">For each name that bounds one of them, what it is in the completions in which the two differ; those that decide
/// most first: with most of their other values the two would not differ. Decisions that both share come before inputs.</param>
/// <param name="Open">Of the names of the conditions, those of which the case leaves several values and on whose value it hangs, all else the
/// same, whether the two differ. May be empty although they may go either way: when only several values together decide it.</param>
public sealed record DifferingCase(ImmutableArray<DifferingRegion> Regions, ImmutableArray<RegionCondition> Conditions, ImmutableArray<string> Open);
