using System.Globalization;
using Relapse.Decisions;
using Side = Relapse.Tests.Decisions.ComparisonTests.Side;

namespace Relapse.Tests.Decisions;

/// <summary>What two or three decisions may conclude together in one case, held to every completion read naively on each side.</summary>
public sealed class DecisionPairTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_two_may_conclude_is_what_they_do_in_some_completion(int block)
    {
        var differing = 0;
        for (var seed = block * 150; seed < (block + 1) * 150; seed++)
        {
            var random = new Random(seed);
            var sides = Sides(random, 2);
            var pair = DecisionComparison.Compare(sides[0].ForKernel, sides[1].ForKernel);
            if (!pair.IsComplete)
            {
                Assert.Throws<InvalidOperationException>(() => pair.May([]));
                continue;
            }

            var boxes = Boxes(random, pair.Inputs);
            var naive = Completions(pair.Inputs, boxes).Select(raw => (Raw: raw, A: sides[0].Naive.Decide(raw).Conclusion, B: sides[1].Naive.Decide(raw).Conclusion)).ToList();
            var apart = naive.Where(each => each.A != each.B).ToList();
            Assert.True(pair.May(boxes) == (apart.Count < naive.Count, apart.Count > 0), $"seed {seed}: {apart.Count} of {naive.Count} differ");

            // Both are known before the regions are.
            Assert.Equal(pair.Result.Regions.IsEmpty, pair.IsOne);
            Assert.Equal(pair.Result.Regions.SelectMany(region => new[] { region.ConclusionA, region.ConclusionB }).Distinct().Order(StringComparer.Ordinal), pair.ApartWords.Order(StringComparer.Ordinal));

            var found = pair.Differing(boxes);
            Assert.Equal(
                apart.Select(each => $"{each.A}/{each.B}").Distinct().Order(StringComparer.Ordinal),
                found.Regions.Select(region => $"{region.ConclusionA}/{region.ConclusionB}").Distinct().Order(StringComparer.Ordinal));
            Assert.All(found.Regions, region => Assert.Contains(apart, each => region.Conditions.All(condition => Holds(condition, each.Raw, sides[0].Naive))));
            foreach (var condition in found.Conditions)
            {
                Assert.True(apart.All(each => Holds(condition, each.Raw, sides[0].Naive)), $"seed {seed}: {condition}");
                Assert.All(condition.Labels, label => Assert.Contains(apart, each => Holds(condition with { Labels = [label], Intervals = [] }, each.Raw, sides[0].Naive)));
            }

            Assert.All(found.Open, name => Assert.Contains(found.Conditions, condition => condition.Name == name));
            differing += apart.Count > 0 && apart.Count < naive.Count ? 1 : 0;
        }

        Assert.True(differing > 10, $"The random models exercise too little: {differing} may go either way.");
    }

    [Fact]
    public void Three_may_agree_when_some_completion_has_all_of_them_conclude_alike()
    {
        var (agree, apart) = (0, 0);
        for (var seed = 1000; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var sides = Sides(random, 3);
            if (SideBySide.Of([.. sides.Select(side => side.ForKernel)]) is not { } all)
            {
                continue;
            }

            var boxes = Boxes(random, all.Inputs);
            var naive = Completions(all.Inputs, boxes).Select(raw => sides.Select(side => side.Naive.Decide(raw).Conclusion).ToArray()).ToList();
            var together = naive.Where(each => each.Distinct().Count() == 1).Select(each => each[0]).ToHashSet();
            Assert.True(together.SetEquals(all.MayAgreeOn(boxes)), $"seed {seed}");
            agree += together.Count > 0 ? 1 : 0;
            apart += together.Count > 0 ? 0 : 1;
        }

        Assert.True(agree > 20 && apart > 5, $"The random models exercise too little: {agree} may agree, {apart} may not.");
    }

    [Fact]
    public void Two_whose_sets_are_one_may_still_differ_in_every_completion()
    {
        var (one, other) = (Table([0, 1]), Table([1, 0]));

        Assert.Equal((false, true), DecisionComparison.Compare(one, other).May([[ValueSet.All(2)]]));
    }

    [Fact]
    public void Three_of_which_each_two_may_agree_may_never_agree_all()
    {
        // Over one input of three values: no value has all three alike, each has two of them alike.
        ComparedDecision[] sides = [Table([0, 0, 1]), Table([0, 1, 0]), Table([1, 0, 0])];

        Assert.All(new[] { (0, 1), (0, 2), (1, 2) }, two => Assert.True(DecisionComparison.Compare(sides[two.Item1], sides[two.Item2]).May([[ValueSet.All(3)]]).Alike));
        Assert.Empty(SideBySide.Of(sides)!.MayAgreeOn([[ValueSet.All(3)]]));
        Assert.Equal(["X"], SideBySide.Of([sides[0], sides[1]])!.MayAgreeOn([[ValueSet.All(3)]]));
    }

    [Fact]
    public void An_empty_box_holds_no_case()
    {
        var sides = Sides(new Random(1), 2);
        var pair = DecisionComparison.Compare(sides[0].ForKernel, sides[0].ForKernel);

        Assert.Equal((false, false), pair.May([[.. pair.Inputs.Select(_ => ValueSet.Empty)]]));
        Assert.Equal((true, false), pair.May([[.. pair.Inputs.Select(input => ValueSet.All(input.Values.Length))]]));
    }

    [Fact]
    public void A_reading_is_held_at_what_each_side_is_told()
    {
        var reading = new InputDefinition(new Domain("reading", "ONE", "TWO"), InputRole.Reading, 0);
        var table = new DecisionTable(
            "d", ["reading"], new Domain("d", "YES", "NO"),
            [new Rule("yes", Where("reading", 0), 0), new Rule("no", Where("reading", 1), 1)], [], Overridable: false);
        var model = DecisionCompiler.Compile(new DecisionModel([reading], [], [table])).Model!;
        var told = new ComparedDecision(model, "d") { Held = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty.Add("reading", 1) };

        Assert.True(DecisionComparison.Compare(new ComparedDecision(model, "d"), new ComparedDecision(model, "d")).Result.Agree);
        Assert.Equal((false, true), DecisionComparison.Compare(new ComparedDecision(model, "d"), told).May([[]]));
        Assert.Equal((true, false), DecisionComparison.Compare(told, told).May([[]]));
    }

    /// <summary>A table over one fact, with the conclusion of each of its values.</summary>
    private static ComparedDecision Table(int[] conclusions)
    {
        var fact = new InputDefinition(new Domain("fact", conclusions.Select((_, value) => $"V{value}")), InputRole.Fact);
        var table = new DecisionTable(
            "d", ["fact"], new Domain("d", "X", "Y"), [.. conclusions.Select((conclusion, value) => new Rule($"r{value}", Where("fact", value), conclusion))], [], Overridable: false);
        return new ComparedDecision(DecisionCompiler.Compile(new DecisionModel([fact], [], [table])).Model!, "d");
    }

    [Fact]
    public void A_conclusion_established_on_the_way_is_what_stands_there()
    {
        var fact = new InputDefinition(new Domain("fact", "ONE", "TWO"), InputRole.Fact);
        var feeder = new DecisionTable("f", ["fact"], new Domain("f", "LOW", "TOP"), [new Rule("low", Where("fact", 0), 0), new Rule("top", Where("fact", 1), 1)], [], Overridable: true);
        var table = new DecisionTable("d", ["f"], new Domain("d", "YES", "NO"), [new Rule("yes", Where("f", 0), 0), new Rule("no", Where("f", 1), 1)], [], Overridable: false);
        var model = DecisionCompiler.Compile(new DecisionModel([fact], [], [feeder, table])).Model!;
        ComparedDecision Held(int value) => new(model, "d") { Held = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty.Add(CompiledModel.OverrideName("f"), value) };

        var pair = DecisionComparison.Compare(new ComparedDecision(model, "d"), Held(2));
        var boxes = new[] { pair.Inputs.Select(input => ValueSet.All(input.Values.Length)).ToArray() };

        Assert.Equal((true, true), pair.May(boxes));
        Assert.Equal("fact: ONE", Assert.Single(pair.Differing(boxes).Conditions).ToString());
        Assert.True(DecisionComparison.Compare(Held(2), Held(2)).Result.Agree);
        Assert.Equal(("YES", "NO"), DecisionComparison.Compare(Held(1), Held(2)).Result.Regions.Select(region => (region.ConclusionA, region.ConclusionB)).Single());
    }

    private static System.Collections.Immutable.ImmutableDictionary<string, ValueSet> Where(string name, int value) =>
        System.Collections.Immutable.ImmutableDictionary<string, ValueSet>.Empty.Add(name, ValueSet.Of(value));

    private static (ComparedDecision ForKernel, Side Naive)[] Sides(Random random, int count)
    {
        var declared = new RandomModel(random).Next(inputs: 3);
        var decision = declared.Decisions[^1].Name;
        return
        [
            .. Enumerable.Range(0, count).Select(side =>
            {
                var (sound, model) = ComparisonTests.Sound(side == 0 ? declared : ComparisonTests.Changed(random, declared));
                return (new ComparedDecision(model, decision), new Side(sound, model, decision));
            }),
        ];
    }

    private static List<ValueSet[]> Boxes(Random random, IReadOnlyList<ComparedInput> inputs) =>
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => inputs.Select(input => RandomModel.Subset(random, input.Values.Length)).ToArray())];

    /// <summary>Each completion as a sample for every name that a side may look at; a reading with a default, which no box gives, at it.</summary>
    private static IEnumerable<Dictionary<string, string>> Completions(IReadOnlyList<ComparedInput> inputs, List<ValueSet[]> boxes) =>
        from box in boxes
        from pick in NaiveModel.Completions(box)
        select new Dictionary<string, string>(
            inputs.Select((input, index) => KeyValuePair.Create(input.Name, Sample(input.Values[pick[index]]))), StringComparer.Ordinal);

    private static string Sample(ComparedValue value) => value.Interval is not { } interval
        ? value.Label
        : (interval.Min!.Value + (interval.MinExclusive ? 0.5m : 0)).ToString(CultureInfo.InvariantCulture);

    private static bool Holds(RegionCondition condition, Dictionary<string, string> raw, Side side) =>
        raw.TryGetValue(condition.Name, out var value)
        ? condition.Labels.Contains(value)
            || (decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && condition.Intervals.Any(interval => interval.Contains(number)))
        : condition.Labels.Contains(side.Label(condition.Name, raw));
}
