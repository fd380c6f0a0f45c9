using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>The cases in which two decisions differ, with what no fact says taken as open.</summary>
public sealed partial class DecisionComparison
{
    /// <summary>Boxes made, before they are joined, for each region that is asked for.</summary>
    private const int BoxesForRegion = 16;

    /// <summary>Finds the cases in which two decisions leave different conclusions possible though every fact is known.</summary>
    /// <exception cref="ArgumentException">A model has no such decision.</exception>
    public static DecisionDifferences Differences(ComparedDecision a, ComparedDecision b, DifferenceOptions? options = null)
    {
        options ??= new DifferenceOptions();
        try
        {
            var (comparison, oneSided, incomparable) = Match(a, b, new ComparisonOptions(options.Conclusions));
            return comparison is null || !oneSided.IsEmpty
                ? new DecisionDifferences([], [], false, oneSided, incomparable, [], [])
                : comparison.Differences(options) with { Steps = comparison._common.Budget!.Spent };
        }
        catch (TooMuchWorkException)
        {
            return new DecisionDifferences([], [], false, [], [], [], []) { IsTooLarge = true };
        }
    }

    private DecisionDifferences Differences(DifferenceOptions options)
    {
        ImmutableArray<ComparedInput> inputs = [.. _inputs.Select(ComparedInput.Of)];
        var byRules = _a.CutByRules(SharedNames).Concat(_b.CutByRules(SharedNames)).ToImmutableHashSet(StringComparer.Ordinal);
        if (options.Conclusions is null && AreAlike(_a.Top, _b.Top))
        {
            return new DecisionDifferences(inputs, [], false, [], [], [], byRules);
        }

        var universe = options.Possible is { } possible ? Union(possible(inputs)) : DiagramStore.True;
        // What no fact says comes last, so that the cells without it are the same cells.
        List<string> names = [.. _a.Cut(SharedNames).Union(_b.Cut(SharedNames), StringComparer.Ordinal).OrderBy(name => IsOpenEnded(name) ? 1 : 0)];
        List<string> visible = [.. names.Where(name => !IsOpenEnded(name))];
        var all = new ReachableCells(_common, [.. names.Select(name => FeedOf(name, SharedNames))]);
        var pairs = all.Restrict(Product(all.Store, names, PairOf), universe, unreachable: ~Alike);
        var (function, kinds) = Kinds(all.Store, pairs, visible.Count);
        var cells = new ReachableCells(_common, [.. visible.Select(name => FeedOf(name, SharedNames))]);
        var differences = cells.Restrict(Carry(all.Store, function, cells.Store, []), universe, unreachable: null);
        var (boxes, truncated) = BoxesOf(cells, differences, universe, options.MostRegions);
        bool[] cut = [.. visible.Select(name => byRules.Contains(name) && !_inputs.Any(input => input.Name == name && input.Values.Any(value => value.Interval is not null)))];
        var parted = Parted(cells, boxes, cut, universe, options.MostCells);
        var regions = parted.Take(options.MostRegions)
            .Select(each => Differing(cells, visible, each.Box, kinds[each.Kind], universe))
            .OrderByDescending(region => region.Share);
        return new DecisionDifferences(inputs, [.. regions], truncated || parted.Count > options.MostRegions, [], [], [.. visible], byRules);
    }

    private bool IsOpenEnded(string name) => _a.IsOpenEnded(name) || _b.IsOpenEnded(name);

    private int Union(IReadOnlyList<ValueSet[]> boxes) => boxes.Aggregate(DiagramStore.False, (union, box) => _common.Or(union, Raw(box)));

    private int Raw(ValueSet[] box) => Enumerable.Range(0, _inputs.Length).Aggregate(DiagramStore.True, (cases, level) =>
        _common.And(cases, _common.Where(_common.Literal(level), _inputs[level].Values.Length, box[level].Contains)));

    /// <summary>
    /// Over the cells: for each of them the kind, which is what either side may conclude there whatever the variables from
    /// <paramref name="hidden"/> on are; kind 0 for cells in which both may conclude the same, or that no case reaches.
    /// </summary>
    private (int Function, List<(UInt128 A, UInt128 B)> Kinds) Kinds(DiagramStore cells, int pairs, int hidden)
    {
        List<(UInt128 A, UInt128 B)> kinds = [(0, 0)];
        int With((UInt128 A, UInt128 B) kind, int inA, int inB)
        {
            kind = (kind.A | UInt128.One << inA, kind.B | UInt128.One << inB);
            if (!kinds.Contains(kind))
            {
                kinds.Add(kind);
            }

            return ~kinds.IndexOf(kind);
        }

        var (function, count) = (~0, Labels(_b.Top).Length);
        foreach (var pair in cells.Terminals(pairs).Where(terminal => terminal != Alike))
        {
            var reached = cells.Forget(cells.Where(pairs, cells.Terminals(pairs)[^1] + 1, terminal => terminal == pair), level => level >= hidden);
            int[] joined = [.. kinds.ToArray().Select(kind => With(kind, (pair - 1) / count, (pair - 1) % count))];
            function = cells.Select(reached, [function, cells.Select(function, joined)]);
        }

        return (cells.Select(function, [.. kinds.Select((kind, index) => ~(IsAlike(kind) ? Alike : index))]), kinds);
    }

    private bool IsAlike((UInt128 A, UInt128 B) kind) =>
        In(_a, kind.A).Select(AsInB).ToHashSet(StringComparer.Ordinal).SetEquals(In(_b, kind.B));

    private static IEnumerable<string> In(SideFunctions side, UInt128 conclusions) =>
        Labels(side.Top).Where((_, index) => (conclusions >> index & UInt128.One) != 0);

    /// <summary>The same function in a store that has the same first variables and no others.</summary>
    private static int Carry(DiagramStore from, int reference, DiagramStore to, Dictionary<int, int> done)
    {
        if (reference < 0)
        {
            return reference;
        }

        if (!done.TryGetValue(reference, out var carried))
        {
            int[] children = [.. from.Children(reference).ToArray().Select(child => Carry(from, child, to, done))];
            done.Add(reference, carried = to.Make(from.Level(reference), children));
        }

        return carried;
    }

    private static (List<(ImmutableArray<ValueSet> Box, int Kind)> Boxes, bool HasMore) BoxesOf(ReachableCells cells, int differences, int universe, int most)
    {
        List<(ImmutableArray<ValueSet>, int)> all = [];
        var hasMore = false;
        foreach (var kind in cells.Store.Terminals(differences).Where(terminal => terminal != Alike))
        {
            var (boxes, more) = Boxes.First(cells.Store, differences, terminal => terminal == kind, most * BoxesForRegion);
            hasMore |= more;
            // A path of don't-cares may lead through cells that no case reaches, and nowhere else.
            all.AddRange(boxes.Where(box => cells.CasesIn(box, universe) != DiagramStore.False).Select(box => (Reached(cells, box, universe), kind)));
        }

        return (all, hasMore);
    }

    /// <summary>The boxes cut into single cells of the plain names that rules look at and that bound any of them, when those are few.</summary>
    private static List<(ImmutableArray<ValueSet> Box, int Kind)> Parted(
        ReachableCells cells, List<(ImmutableArray<ValueSet> Box, int Kind)> boxes, bool[] cuts, int universe, int most)
    {
        int[] cut =
        [
            .. Enumerable.Range(0, cuts.Length).Where(level => cuts[level] && boxes.Exists(each => each.Box[level] != ValueSet.All(cells.Store.ValueCount(level)))),
        ];
        // Beyond this many there are too many to look whether cases reach them.
        if (boxes.Sum(each => cut.Aggregate(1L, (product, level) => Math.Min(product * each.Box[level].Count, int.MaxValue))) > most * 4L)
        {
            return boxes;
        }

        List<(ImmutableArray<ValueSet> Box, int Kind)> single = [.. boxes.SelectMany(each => cut
            .Aggregate<int, IEnumerable<ImmutableArray<ValueSet>>>([each.Box], (known, level) => known.SelectMany(box => Singles(box, level)))
            .Where(box => cells.CasesIn(box, universe) != DiagramStore.False)
            .Select(box => (box, each.Kind)))];
        return single.Count > most ? boxes : single;
    }

    private static IEnumerable<ImmutableArray<ValueSet>> Singles(ImmutableArray<ValueSet> box, int level)
    {
        foreach (var value in box[level])
        {
            yield return box.SetItem(level, ValueSet.Of(value));
        }
    }

    private DifferingCases Differing(ReachableCells cells, List<string> names, ImmutableArray<ValueSet> box, (UInt128 A, UInt128 B) kind, int universe)
    {
        var cases = cells.CasesIn(box, universe);
        HashSet<int> hidden = [.. _inputs.Select((input, level) => (input.Name, level)).Where(each => IsOpenEnded(each.Name)).Select(each => each.level)];
        return new DifferingCases
        {
            Conditions =
            [
                .. names.Select((name, level) => (name, level))
                    .Where(each => box[each.level] != ValueSet.All(cells.Store.ValueCount(each.level)))
                    .Select(each => ConditionOn(each.name, box[each.level])),
            ],
            ConclusionsA = [.. In(_a, kind.A)],
            RulesA = Rules(_a, cases),
            ConclusionsB = [.. In(_b, kind.B)],
            RulesB = Rules(_b, cases),
            Share = Enumerable.Range(0, names.Count).Aggregate(1.0, (share, level) => share * box[level].Count / cells.Store.ValueCount(level)),
            Examples = Boxes.Paths(_common, Always(cases, universe, hidden)),
        };
    }

    /// <summary>Where <paramref name="cases"/> holds whatever the hidden variables are that <paramref name="universe"/> lets them be.</summary>
    private int Always(int cases, int universe, HashSet<int> hidden) => _common.And(
        _common.Forget(universe, hidden.Contains), Not(_common.Forget(_common.And(universe, Not(cases)), hidden.Contains)));

    private int Not(int truth) => _common.Select(truth, [DiagramStore.True, DiagramStore.False]);
}
