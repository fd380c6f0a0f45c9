using System.Collections.Immutable;
using System.Globalization;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>The regions in which two decisions differ, held to every raw case read naively on both sides.</summary>
public sealed class ComparisonTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Regions_are_disjoint_and_exactly_the_differing_cases(int block)
    {
        var (regions, shared) = (0, 0);
        for (var seed = block * 150; seed < (block + 1) * 150; seed++)
        {
            var random = new Random(seed);
            var declared = new RandomModel(random).Next(inputs: 3);
            var (declaredA, a) = Sound(declared);
            var (declaredB, b) = Sound(Changed(random, declared));
            var decision = declared.Decisions[^1].Name;
            var free = random.Next(2) == 0;
            var result = DecisionComparison.Compare(a, decision, b, decision, new ComparisonOptions(ReadingsFree: free));
            Assert.Empty(result.Incomparable);
            Compare(new Side(declaredA, a, decision), new Side(declaredB, b, decision), free, result, $"seed {seed}");
            regions += result.Regions.Length;
            shared += result.SharedDecisions.Length;
        }

        Assert.True(regions > 20 && shared > 5, $"The random models exercise too little: {regions} regions, {shared} shared decisions.");
    }

    [Fact]
    public void A_model_agrees_with_itself_though_rules_are_called_and_cut_otherwise()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (_, model) = Sound(new RandomModel(random).Next());
            foreach (var decision in model.DecisionNames)
            {
                Assert.True(DecisionComparison.Compare(model, decision, model, decision).Agree, $"seed {seed}");
            }
        }
    }

    internal static (DecisionModel Declared, CompiledModel Model) Sound(DecisionModel declared)
    {
        declared = PossibleTests.WithoutDeadRules(declared, DecisionCompiler.Compile(declared));
        return (declared, DecisionCompiler.Compile(declared).Model!);
    }

    /// <summary>Other conclusions here and there, finer bands, one more label, labels and components in another order.</summary>
    internal static DecisionModel Changed(Random random, DecisionModel model)
    {
        foreach (var input in model.Inputs.Where(_ => random.Next(2) == 0).ToList())
        {
            model = input.Domain.Bands is { } bands ? WithThreshold(model, input, bands, random.Next(1, 30)) : Reversed(model, input);
        }

        return model with
        {
            JointInputs = [.. model.JointInputs.Select(joint => JointInput.Create(joint.Name, [.. joint.Components.Reverse()]))],
            Decisions = [.. model.Decisions.Select(table => random.Next(2) == 0 ? table : table with
            {
                Rules = [.. table.Rules.Select((rule, index) => random.Next(3) > 0
                    ? rule : rule with { Id = $"{rule.Id}-changed{index}", Then = random.Next(table.Conclusions.Count) })],
            })],
        };
    }

    private static DecisionModel Reversed(DecisionModel model, InputDefinition input)
    {
        var count = input.Domain.Count;
        var domain = new Domain(input.Domain.Name, input.Domain.Values.Reverse().Append("only-here"));
        return Remapped(model, input, domain, value => ValueSet.Of(count - 1 - value) | (value == 0 ? ValueSet.Of(count) : ValueSet.Empty));
    }

    private static DecisionModel WithThreshold(DecisionModel model, InputDefinition input, Bands bands, int threshold)
    {
        List<(string, Interval)> finer = [];
        var map = new ValueSet[input.Domain.Count];
        var plain = bands.PlainValues.Count;
        for (var value = 0; value < map.Length; value++)
        {
            var parts = bands.IntervalOf(value) is { } interval
                ? new[] { new Interval(null, false, threshold, false), new Interval(threshold, true, null, false) }.Select(half =>
                    half.Intersect(interval)).Where(half => !half.IsEmpty).ToList()
                : [];
            map[value] = parts.Count == 0 ? ValueSet.Of(value) : ValueSet.Empty;
            foreach (var part in parts)
            {
                map[value] |= ValueSet.Of(plain + finer.Count);
                finer.Add(($"finer-{finer.Count}", part));
            }
        }

        return Remapped(model, input, Bands.Create(input.Domain.Name, bands.Domain.Values.Take(plain), finer, bands.Range)
            .Domain, value => map[value]);
    }

    private static DecisionModel Remapped(DecisionModel model, InputDefinition input, Domain domain, Func<int, ValueSet> map)
    {
        ValueSet Map(ValueSet values) => Enumerable.Range(0, 64).Where(values.Contains)
            .Aggregate(ValueSet.Empty, (all, value) => all | map(value));
        var name = domain.Name;
        return model with
        {
            Inputs = [.. model.Inputs.Select(each => each != input
                ? each : each with { Domain = domain, Default = each.Default is { } value ? map(value).First : null })],
            Decisions = [.. model.Decisions.Select(table => table with
            {
                Rules = [.. table.Rules.Select(rule => rule.When.TryGetValue(name, out var values)
                    ? rule with { When = rule.When.SetItem(name, Map(values)) } : rule)],
                Guards = [.. table.Guards.Select(guard => guard.Input == name ? guard with { InScope = Map(guard.InScope) } : guard)],
            })],
        };
    }

    private static void Compare(Side a, Side b, bool free, ComparisonResult result, string context)
    {
        var points = a.Points().Where(point => b.Points().Any(other => other.Name == point.Name)).ToList();
        var choices = points.Select(point => Common(point, b.Points().First(other => other.Name == point.Name), free)).ToList();
        var hits = result.Regions.Select(_ =>
            (A: new SortedSet<string>(StringComparer.Ordinal), B: new SortedSet<string>(StringComparer.Ordinal))).ToList();
        foreach (var pick in NaiveModel.Completions([.. choices.Select(choice => ValueSet.All(choice.Count))]))
        {
            var raw = points.Select((point, index) => (point.Name, Value: choices[index][pick[index]]))
                .ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal);
            var (inA, inB) = (a.Decide(raw), b.Decide(raw));
            var regions = Enumerable.Range(0, result.Regions.Length)
                .Where(region => result.Regions[region].Conditions.All(condition => Holds(condition, raw, a))).ToList();
            Assert.True(regions.Count == (inA.Conclusion == inB.Conclusion
                ? 0 : 1), $"{context}: {regions.Count} regions where {inA} and {inB}");
            foreach (var region in regions)
            {
                Assert.Equal((inA.Conclusion, inB.Conclusion), (result.Regions[region].ConclusionA, result.Regions[region].ConclusionB));
                hits[region].A.Add(inA.Rule);
                hits[region].B.Add(inB.Rule);
            }
        }

        for (var region = 0; region < result.Regions.Length; region++)
        {
            // A region that no case hits would list rules all the same, so this holds it reachable too.
            Assert.True(hits[region].A.SetEquals(result.Regions[region].RulesA) && hits[region].A.Count > 0, context);
            Assert.True(hits[region].B.SetEquals(result.Regions[region].RulesB), context);
            ExampleDiffers(a, b, points, result.Regions[region], context);
        }
    }

    private static void ExampleDiffers(Side a, Side b, List<Point> points, DifferingRegion region, string context)
    {
        var raw = points.ToDictionary(point => point.Name, point => point.Samples[0], StringComparer.Ordinal);
        foreach (var condition in region.Example)
        {
            raw[condition.Name] = condition.Labels.Length > 0
                ? condition.Labels[0] : Text(condition.Intervals[0].Min!.Value + (condition.Intervals[0].MinExclusive ? 0.5m : 0));
        }

        Assert.True(a.Decide(raw).Conclusion == region.ConclusionA && b.Decide(raw).Conclusion == region.ConclusionB, context);
        Assert.All(region.Conditions, condition => Assert.True(Holds(condition, raw, a), context));
    }

    private static bool Holds(RegionCondition condition, Dictionary<string, string> raw, Side a) =>
        raw.TryGetValue(condition.Name, out var value)
        ? condition.Labels.Contains(value)
            || (Number(value) is { } number && condition.Intervals.Any(interval => interval.Contains(number)))
        : condition.Labels.Contains(a.Label(condition.Name, raw));

    /// <summary>The samples that both sides know; readings with a default only at it, unless free.</summary>
    private static List<string> Common(Point inA, Point inB, bool free)
    {
        var common = inA.Samples.Concat(inB.Samples).Distinct(StringComparer.Ordinal)
            .Where(sample => Side.IndexOf(inA.Domain, sample) >= 0 && Side.IndexOf(inB.Domain, sample) >= 0).ToList();
        return inA.Default is { } value && !free ? [inA.Domain.Values[value]] : common;
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal sealed record Point(string Name, Domain Domain, int? Default)
    {
        /// <summary>Each label or, for bands, a number at and between all thresholds.</summary>
        public List<string> Samples { get; } = Domain.Bands is not { } bands
            ? [.. Domain.Values]
            : [.. bands.Domain.Labels(bands.PlainValues), .. bands.Thresholds.SelectMany(end => new[] { Text(end), Text(end + 0.5m) })];
    }

    internal sealed class Side(DecisionModel declared, CompiledModel model, string decision)
    {
        private readonly NaiveModel _naive = new(declared, model.Inputs);

        public IEnumerable<Point> Points() => declared.Inputs.Select(input => new Point(input.Domain.Name, input.Domain, input.Default))
            .Concat(declared.JointInputs.SelectMany(joint => joint.Components)
                .Select(component => new Point(component.Name, component, null)));

        public static int IndexOf(Domain domain, string sample) => domain.Bands is { } bands && Number(sample) is { } number
            ? bands.IndexOf(number) : domain.IndexOf(sample);

        public (string Conclusion, string Rule) Decide(Dictionary<string, string> raw)
        {
            var result = _naive.Decide(decision, Known(raw));
            return (result.Reason is null ? model.Decision(decision).Conclusions.Values[result.Value] : "OUT_OF_SCOPE", result.Reason
                ?? result.Rule!);
        }

        public string Label(string name, Dictionary<string, string> raw)
        {
            var result = _naive.Decide(name, Known(raw));
            return result.Reason is null ? model.Decision(name).Conclusions.Values[result.Value] : "OUT_OF_SCOPE";
        }

        private int[] Known(Dictionary<string, string> raw) => [.. model.Inputs.Select(input => input.Role == InputRole.Override
            ? 0
            : input.Joint is { } joint
                ? joint.IndexOf([.. joint.Components.Select(component => Given(component, raw))])
                : raw.ContainsKey(input.Name) ? Given(input.Domain, raw) : input.Default ?? 0)];

        // What is not given is not looked at, and any value will do.
        private static int Given(Domain domain, Dictionary<string, string> raw) => raw.TryGetValue(domain.Name, out var sample) ? IndexOf(domain, sample) : 0;
    }
}
