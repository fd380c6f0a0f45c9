using System.Globalization;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>The regions in which two decisions leave other conclusions, held to every raw case read naively on both sides.</summary>
public sealed class DifferenceTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Regions_are_disjoint_and_exactly_the_cells_that_leave_other_conclusions(int block)
    {
        var (regions, several, compared, cells) = (0, 0, 0, 0);
        for (var seed = block * 150; seed < (block + 1) * 150; seed++)
        {
            var random = new Random(seed);
            var declared = new RandomModel(random).Next(inputs: 3);
            var (declaredA, a) = ComparisonTests.Sound(declared);
            var (declaredB, b) = ComparisonTests.Sound(Changed(random, declared));
            var decision = declared.Decisions[^1].Name;
            var options = new DifferenceOptions(MostCells: random.Next(2) * 12);
            var result = DecisionComparison.Differences(new ComparedDecision(a, decision), new ComparedDecision(b, decision), options);
            if (!result.IsCompared)
            {
                continue;
            }

            cells += Hold(new ComparisonTests.Side(declaredA, a, decision), new ComparisonTests.Side(declaredB, b, decision), Hidden(declared), result, $"seed {seed}");
            compared++;
            regions += result.Regions.Length;
            several += result.Regions.Count(region => region.ConclusionsA.Length + region.ConclusionsB.Length > 2);
        }

        Assert.True(compared > 40 && regions > 20 && several > 3 && cells > 500, $"The random models exercise too little: {compared}, {regions} regions, {several} with several conclusions, {cells} cells.");
    }

    [Fact]
    public void What_cannot_occur_is_in_no_region()
    {
        var months = Bands.Create("months", [], [("few", IntervalTests.Parse("[0, 6)")), ("many", IntervalTests.Parse("[6, inf)"))], IntervalTests.Parse("[0, inf)")).Domain;
        var kind = new Domain("kind", "plain", "special");
        CompiledModel Model(int then) => DecisionCompiler.Compile(new DecisionModel(
            [new InputDefinition(months, InputRole.Fact), new InputDefinition(kind, InputRole.Fact)],
            [],
            [
                new DecisionTable(
                    "group",
                    ["months", "kind"],
                    new Domain("group", "LOW", "HIGH"),
                    [
                        new Rule("few", Dictionary("months", 0), then),
                        new Rule("many", Dictionary("months", 1).Add("kind", ValueSet.Of(0)), 0),
                        new Rule("special", Dictionary("months", 1).Add("kind", ValueSet.Of(1)), then),
                    ],
                    [],
                    false),
            ])).Model!;
        var (one, other) = (new ComparedDecision(Model(0), "group"), new ComparedDecision(Model(1), "group"));

        var all = DecisionComparison.Differences(one, other, new DifferenceOptions(MostCells: 0));
        // Few months occur with the special kind only, and many with the plain one.
        var possible = DecisionComparison.Differences(
            one, other, new DifferenceOptions(MostCells: 0, Possible: _ => [[ValueSet.Of(0), ValueSet.Of(1)], [ValueSet.Of(1), ValueSet.Of(0)]]));

        Assert.Equal(["months: [0, 6)", "months: [6, inf); kind: special"], all.Regions.Select(region => string.Join("; ", region.Conditions)).Order(StringComparer.Ordinal));
        Assert.Single(possible.Regions);
    }

    [Fact]
    public void A_model_does_not_differ_from_itself()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var (_, model) = ComparisonTests.Sound(new RandomModel(new Random(seed)).Next());
            Assert.All(model.DecisionNames, decision => Assert.True(DecisionComparison.Differences(new(model, decision), new(model, decision)).Agree, $"seed {seed}"));
        }
    }

    /// <summary>Conclusions changed here and there; every label stays one of both sides.</summary>
    private static DecisionModel Changed(Random random, DecisionModel model) => model with
    {
        Decisions =
        [
            .. model.Decisions.Select(table => random.Next(2) == 0 ? table : table with
            {
                Rules = [.. table.Rules.Select((rule, index) => random.Next(3) > 0 ? rule : rule with { Id = $"{rule.Id}-changed{index}", Then = random.Next(table.Conclusions.Count) })],
            }),
        ],
    };

    private static HashSet<string> Hidden(DecisionModel model) =>
        [.. model.Inputs.Where(input => input.Role == InputRole.Latent || (input.Role == InputRole.Reading && input.Default is null)).Select(input => input.Domain.Name)];

    /// <summary>Cells, as the names of the result have them, each with every conclusion that its raw cases have.</summary>
    private static int Hold(ComparisonTests.Side a, ComparisonTests.Side b, HashSet<string> hidden, DecisionDifferences result, string context)
    {
        var points = a.Points().ToList();
        var samples = points.ConvertAll(point => point.Default is { } value ? [point.Domain.Values[value]] : point.Samples);
        Dictionary<string, (Dictionary<string, string> Raw, HashSet<string> A, HashSet<string> B)> cells = new(StringComparer.Ordinal);
        foreach (var pick in NaiveModel.Completions([.. samples.Select(values => ValueSet.All(values.Count))]))
        {
            var raw = points.Select((point, index) => (point.Name, Value: samples[index][pick[index]])).ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal);
            Assert.DoesNotContain(result.Names, hidden.Contains);
            var key = string.Join('|', result.Names.Select(name => raw.TryGetValue(name, out var value) ? value : a.Label(name, raw)));
            if (!cells.TryGetValue(key, out var cell))
            {
                cells[key] = cell = (raw, [], []);
            }

            cell.A.Add(a.Decide(raw).Conclusion);
            cell.B.Add(b.Decide(raw).Conclusion);
        }

        foreach (var (key, cell) in cells)
        {
            var inside = result.Regions.Where(region => region.Conditions.All(condition => Holds(condition, cell.Raw, a))).ToList();
            if (result.Names.IsEmpty && cell.A.SetEquals(cell.B))
            {
                Assert.Empty(inside);
                continue;
            }

            Assert.True(inside.Count == (cell.A.SetEquals(cell.B) ? 0 : 1), $"{context}: {inside.Count} regions at {key}");
            Assert.All(inside, region => Assert.True(cell.A.SetEquals(region.ConclusionsA) && cell.B.SetEquals(region.ConclusionsB), $"{context}: {key}"));
        }

        return cells.Count;
    }

    private static bool Holds(RegionCondition condition, Dictionary<string, string> raw, ComparisonTests.Side a) => raw.TryGetValue(condition.Name, out var value)
        ? condition.Labels.Contains(value) || (decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && condition.Intervals.Any(interval => interval.Contains(number)))
        : condition.Labels.Contains(a.Label(condition.Name, raw));

    private static System.Collections.Immutable.ImmutableDictionary<string, ValueSet> Dictionary(string name, int value) =>
        System.Collections.Immutable.ImmutableDictionary<string, ValueSet>.Empty.Add(name, ValueSet.Of(value));
}
