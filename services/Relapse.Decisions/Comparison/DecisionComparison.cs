using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Finds the cases in which two decisions conclude differently. Inputs and components are matched by name: banded ones over the common
/// refinement of their bands, others by label. Overrides are held at derived, readings at their defaults. Exact; the cost grows with the
/// product of the two diagrams, and two that are too large together are not compared.
/// </summary>
public sealed partial class DecisionComparison
{
    private const int Alike = 0;

    private readonly SideFunctions _a;
    private readonly SideFunctions _b;
    private readonly ComparisonOptions _options;
    private readonly ImmutableArray<CommonInput> _inputs;
    private readonly DiagramStore _common;

    private DecisionComparison(SideFunctions a, SideFunctions b, ComparisonOptions options, ImmutableArray<CommonInput> inputs)
    {
        (_a, _b, _options, _inputs) = (a, b, options, inputs);
        _common = new DiagramStore([.. inputs.Select(input => input.Values.Length)], budget: new WorkBudget(WorkBudget.OfComparison));
        a.Use(_common, inputs);
        b.Use(_common, inputs);
    }

    /// <summary>Compares <paramref name="decisionA"/> of one model with <paramref name="decisionB"/> of another, or of the same.</summary>
    /// <exception cref="ArgumentException">A model has no such decision.</exception>
    public static ComparisonResult Compare(
        CompiledModel a, string decisionA, CompiledModel b, string decisionB, ComparisonOptions? options = null) =>
        Regions(new ComparedDecision(a, decisionA), new ComparedDecision(b, decisionB), options ?? new ComparisonOptions()).Result;

    /// <summary>Compares two decisions, readings at their defaults and overrides at derived unless they are held otherwise, and makes the
    /// result ready to be asked about cases.</summary>
    /// <exception cref="ArgumentException">A model has no such decision.</exception>
    public static DecisionPair Compare(ComparedDecision a, ComparedDecision b)
    {
        var options = new ComparisonOptions();
        try
        {
            var (comparison, oneSided, _) = Match(a, b, options);
            return comparison is not null && oneSided.IsEmpty
                ? comparison.Outline(() => Regions(a, b, options), () => Match(a, b, options).Comparison!.Together())
                : new DecisionPair(() => Regions(a, b, options));
        }
        catch (TooMuchWorkException)
        {
            return new DecisionPair(() => TooLarge);
        }
    }

    private static PairRegions TooLarge => new(new ComparisonResult([], [], [], []) { IsTooLarge = true });

    private static PairRegions Regions(ComparedDecision a, ComparedDecision b, ComparisonOptions options)
    {
        try
        {
            var (comparison, oneSided, incomparable) = Match(a, b, options);
            return comparison?.Run(oneSided) ?? new PairRegions(new ComparisonResult([], oneSided, incomparable, []));
        }
        catch (TooMuchWorkException)
        {
            return TooLarge;
        }
    }

    /// <summary>The two over their common inputs; no comparison when some have nothing in common.</summary>
    private static (DecisionComparison? Comparison, ImmutableArray<OneSidedValue> OneSided, ImmutableArray<string> Incomparable) Match(
        ComparedDecision a, ComparedDecision b, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var sideA = new SideFunctions(a, 0, options.ReadingsFree);
        var sideB = new SideFunctions(b, 1, options.ReadingsFree);
        var inputsA = sideA.FreeInputs.ToList();
        var inputsB = sideB.FreeInputs.ToDictionary(domain => domain.Name, StringComparer.Ordinal);
        List<OneSidedValue> oneSided = [];
        List<(string Name, CommonInput? Input)> matched = [];
        foreach (var domain in inputsA)
        {
            var other = inputsB.Remove(domain.Name, out var same) ? same : null;
            var common = CommonInput.Of([domain, other]);
            matched.Add((domain.Name, common));
            oneSided.AddRange(common is null || other is null ? [] : CommonInput.OneSided(domain, other));
        }

        ImmutableArray<string> incomparable = [.. matched.Where(match => match.Input is null).Select(match => match.Name)];
        if (!incomparable.IsEmpty)
        {
            return (null, [.. oneSided], incomparable);
        }

        ImmutableArray<CommonInput> inputs =
        [
            .. matched.Select(match => match.Input!),
            .. inputsB.Values.Select(domain => CommonInput.Of([null, domain])!),
        ];
        return (new DecisionComparison(sideA, sideB, options, inputs), [.. oneSided], []);
    }

    /// <summary>Whether they differ, for which words and in which cases, without the regions.</summary>
    private DecisionPair Outline(Func<PairRegions> regions, Func<ConclusionPairs> conclusions)
    {
        if (AreAlike(_a.Top, _b.Top))
        {
            return new DecisionPair(_inputs, new Diagram(_common, ~Alike, 2), ImmutableHashSet<string>.Empty, () => new PairRegions(new ComparisonResult([], [], [], [])), conclusions);
        }

        var (conclusionsA, conclusionsB) = (Labels(_a.Top), Labels(_b.Top));
        var pairs = OverInputs(ApartOf);
        var apart = _common.Terminals(pairs).Where(terminal => terminal != Alike)
            .SelectMany(pair => new[] { conclusionsA[(pair - 1) / conclusionsB.Length], conclusionsB[(pair - 1) % conclusionsB.Length] });
        var differ = _common.Where(pairs, 1 + (conclusionsA.Length * conclusionsB.Length), terminal => terminal != Alike);
        return new DecisionPair(_inputs, new Diagram(_common, differ, 2), apart.ToImmutableHashSet(StringComparer.Ordinal), regions, conclusions);
    }

    private ConclusionPairs Together()
    {
        var (ofA, ofB) = (Labels(_a.Top).Length, Labels(_b.Top).Length);
        return new ConclusionPairs(new Diagram(_common, OverInputs((inA, inB) => (inA * ofB) + inB), ofA * ofB), ofB);
    }

    /// <summary>Over the common inputs: what is made of the conclusions of both.</summary>
    private int OverInputs(Func<int, int, int> pair) => Product(
        _common,
        _common.Select(_a.Outcome(_a.Top), _a.Top.Conclusions(reasonsApart: false)),
        _common.Select(_b.Outcome(_b.Top), _b.Top.Conclusions(reasonsApart: false)),
        pair);

    private PairRegions Run(ImmutableArray<OneSidedValue> oneSided)
    {
        if (_options.Conclusions is null && AreAlike(_a.Top, _b.Top))
        {
            return new PairRegions(new ComparisonResult([], oneSided, [], []));
        }

        var names = _a.Cut(SharedNames).Union(_b.Cut(SharedNames), StringComparer.Ordinal).ToList();
        var cells = new ReachableCells(_common, [.. names.Select(name => FeedOf(name, SharedNames))]);
        var differences = cells.Restrict(Product(cells.Store, names), DiagramStore.True, unreachable: null);
        var boxes = cells.Store.Terminals(differences).Where(terminal => terminal != Alike)
            .SelectMany(terminal => Boxes.Of(cells.Store, differences, each => each == terminal).Select(box => (Box: Reached(cells, box), Terminal: terminal)))
            .ToList();
        var result = new ComparisonResult(
            [.. boxes.Select(each => Region(cells, names, each.Box, each.Terminal))], oneSided, [], [.. names.Where(SharedNames.Contains)]);
        var byRules = _a.CutByRules(SharedNames).Union(_b.CutByRules(SharedNames), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        return new PairRegions(
            result,
            _common,
            [.. names.Select(name => new PairName(FeedOf(name, SharedNames), SharedNames.Contains(name) ? null : _inputs[LevelOf(name)], byRules.Contains(name)))],
            [.. boxes.Select(each => new PairRegion(each.Box, cells.CasesIn(each.Box, DiagramStore.True)))]);
    }

    /// <summary>The names of <see cref="Shared"/>. Two that are one function have no region, whatever they share.</summary>
    private HashSet<string> SharedNames => field ??= AreAlike(_a.Top, _b.Top) ? [] : Shared();

    /// <summary>
    /// The decisions that are one function on both sides, so that regions may be stated over them. One that a single side looks at, while
    /// the
    /// other looks past it at its inputs, would say the same thing twice, so it is opened.
    /// </summary>
    private HashSet<string> Shared()
    {
        var shared = _a.Names.Intersect(_b.Names, StringComparer.Ordinal).Where(AreAlike).ToHashSet(StringComparer.Ordinal);
        shared.Remove(_a.Top.Table.Name);
        shared.Remove(_b.Top.Table.Name);
        while (true)
        {
            var (cutA, cutB) = (_a.Cut(shared).ToList(), _b.Cut(shared).ToList());
            var opened = shared.Where(name => Crosses(name, cutA, cutB, shared) || Crosses(name, cutB, cutA, shared)).ToList();
            if (opened.Count == 0)
            {
                return shared;
            }

            shared.ExceptWith(opened);
        }
    }

    private bool Crosses(string name, List<string> own, List<string> others, HashSet<string> shared)
    {
        if (!own.Contains(name) || others.Contains(name))
        {
            return false;
        }

        var support = _common.Support(FeedOf(name, shared).Function);
        return others.Any(other => support.Overlaps(_common.Support(FeedOf(other, shared).Function)));
    }

    private bool AreAlike(string name) => _a.Table(name) is { } inA && _b.Table(name) is { } inB && AreAlike(inA, inB);

    private bool AreAlike(CompiledTable inA, CompiledTable inB) =>
        inA.Table.Conclusions.Values.ToHashSet(StringComparer.Ordinal).SetEquals(inB.Table.Conclusions.Values)
        && _a.Conclusion(inA) == _common.Select(_b.Conclusion(inB), [.. OrderedAs(inB, inA).Select(value => ~value)]);

    /// <summary>For each conclusion of <paramref name="table"/>, and out of scope and none, the index it has in
    /// <paramref name="other"/>.</summary>
    private static IEnumerable<int> OrderedAs(CompiledTable table, CompiledTable other)
    {
        var count = table.Table.Conclusions.Count;
        return table.Table.Conclusions.Values.Select(other.Table.Conclusions.IndexOf).Append(count).Append(count + 1);
    }

    /// <summary>A name over which regions may be stated, as a function of the common inputs; a shared decision in the first side's
    /// order.</summary>
    private Feed FeedOf(string name, HashSet<string> shared)
    {
        if (!shared.Contains(name))
        {
            var level = LevelOf(name);
            return new Feed(name, _inputs[level].Domain, [], _common.Literal(level));
        }

        var table = _a.Table(name)!;
        var conclusion = _a.Conclusion(table);
        var outOfScope = _common.Terminals(conclusion).Contains(table.Table.Conclusions.Count);
        return new Feed(name, table.Table.Conclusions, outOfScope ? [CompiledDecision.OutOfScope] : [], conclusion);
    }

    /// <summary>Over the cells: alike, or the pair of differing conclusions.</summary>
    private int Product(DiagramStore cells, List<string> names) => Product(cells, names, ApartOf);

    /// <summary>Over the cells: what is made of the conclusions of both.</summary>
    private int Product(DiagramStore cells, List<string> names, Func<int, int, int> pair) => Product(
        cells,
        cells.Select(_a.OutcomeOver(cells, _a.Top, Levels(names, _a)), _a.Top.Conclusions(reasonsApart: false)),
        cells.Select(_b.OutcomeOver(cells, _b.Top, Levels(names, _b)), _b.Top.Conclusions(reasonsApart: false)),
        pair);

    private int Product(DiagramStore store, int overA, int overB, Func<int, int, int> pair)
    {
        var (conclusionsA, conclusionsB) = (Labels(_a.Top), Labels(_b.Top));
        // No case reaches a cell without a conclusion, so what stands there is of no account.
        int[] choices =
        [
            .. Enumerable.Range(0, conclusionsA.Length)
                .Select(inA => store.Select(overB, [.. Enumerable.Range(0, conclusionsB.Length).Select(inB => ~pair(inA, inB)), ~Alike])),
            ~Alike,
        ];
        return store.Select(overA, choices);
    }

    private int ApartOf(int inA, int inB) => string.Equals(AsInB(Labels(_a.Top)[inA]), Labels(_b.Top)[inB], StringComparison.Ordinal) ? Alike : PairOf(inA, inB);

    /// <summary>A terminal for two conclusions; none is that of <see cref="Alike"/>.</summary>
    private int PairOf(int inA, int inB) => 1 + (inA * Labels(_b.Top).Length) + inB;

    private Dictionary<string, (int Level, int[] Values)> Levels(List<string> names, SideFunctions side)
    {
        Dictionary<string, (int, int[])> levels = new(StringComparer.Ordinal);
        for (var level = 0; level < names.Count; level++)
        {
            var name = names[level];
            if (SharedNames.Contains(name))
            {
                levels.Add(name, (level, [.. OrderedAs(_a.Table(name)!, side.Table(name)!)]));
            }
            else if (side.Table(name) is null)
            {
                // What is an input of one side may be a decision of the other, under the same name; there it is composed.
                var own = side == _a ? 0 : 1;
                levels.Add(name, (level, [.. _inputs[LevelOf(name)].Values.Select(value => Math.Max(0, value.Index(own)))]));
            }
        }

        return levels;
    }

    private DifferingRegion Region(ReachableCells cells, List<string> names, ImmutableArray<ValueSet> box, int pair)
    {
        var (conclusionsA, conclusionsB) = (Labels(_a.Top), Labels(_b.Top));
        var cases = cells.CasesIn(box, DiagramStore.True);
        var example = RawCase.In(_common, cases, _inputs.Select(_ => 0));
        return new DifferingRegion(
            [
                .. names.Select((name, level) => (name, level))
                    .Where(each => box[each.level] != ValueSet.All(cells.Store.ValueCount(each.level)))
                    .Select(each => ConditionOn(each.name, box[each.level])),
            ],
            conclusionsA[(pair - 1) / conclusionsB.Length],
            Rules(_a, cases),
            conclusionsB[(pair - 1) % conclusionsB.Length],
            Rules(_b, cases),
            [.. _inputs.Select((input, level) => input.Condition(ValueSet.Of(example[level])))]);
    }

    /// <summary>A box with those values only, of each name that it narrows, that some case reaches: a person should not read of the others.</summary>
    private static ImmutableArray<ValueSet> Reached(ReachableCells cells, ImmutableArray<ValueSet> box, int universe = DiagramStore.True)
    {
        var cases = cells.CasesIn(box, universe);
        return [.. box.Select((values, level) => values == ValueSet.All(cells.Store.ValueCount(level)) ? values : cells.ShownIn(cases, level))];
    }

    private RegionCondition ConditionOn(string name, ValueSet values) => !SharedNames.Contains(name)
        ? _inputs[LevelOf(name)].Condition(values)
        : new RegionCondition(name, FeedOf(name, SharedNames).Shown.Labels(values), []);

    private ImmutableArray<string> Rules(SideFunctions side, int cases)
    {
        var table = side.Top;
        var within = _common.Select(cases, [~table.NoRule, side.Outcome(table)]);
        return
        [
            .. _common.Terminals(within).Where(terminal => terminal != table.NoRule)
                .Select(terminal => terminal < table.Table.Rules.Length
                    ? table.Table.Rules[terminal].Id
                    : table.Reasons[terminal - table.Table.Rules.Length])
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private string AsInB(string conclusion) => _options.Conclusions?.GetValueOrDefault(conclusion) ?? conclusion;

    private int LevelOf(string input) => _inputs.IndexOf(_inputs.First(each => string.Equals(each.Name, input, StringComparison.Ordinal)));

    private static ImmutableArray<string> Labels(CompiledTable table) => [.. table.Table.Conclusions.Values, CompiledDecision.OutOfScope];
}
