using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>What a person reads in a comparison.</summary>
public sealed class ComparisonExampleTests
{
    private static readonly Domain Kind = new("kind", "plain", "special");

    [Fact]
    public void Regions_speak_of_the_highest_decision_that_both_share()
    {
        // Both time alike, by bands cut otherwise; they differ in what they make of the middle.
        var a = Model(Months("[0, 6)", "[6, 18)", "[18, inf)"), [0, 1, 2], middle: 1);
        var b = Model(Months("[0, 6)", "[6, 12)", "[12, 18)", "[18, inf)"), [0, 1, 1, 2], middle: 0);
        var result = DecisionComparison.Compare(a, "group", b, "group");
        var region = Assert.Single(result.Regions);
        Assert.Equal("timing: MIDDLE; kind: plain", string.Join("; ", region.Conditions));
        Assert.Equal(("HIGH", "LOW"), (region.ConclusionA, region.ConclusionB));
        Assert.Equal(["middle"], region.RulesA);
        Assert.Equal(["timing"], result.SharedDecisions);
        Assert.Equal("[6, 12)", region.Example.Single(condition => condition.Name == "months").Intervals.Single().ToString());
    }

    [Fact]
    public void Below_the_first_difference_regions_speak_of_raw_facts()
    {
        var a = Model(Months("[0, 6)", "[6, 18)", "[18, inf)"), [0, 1, 2], middle: 1);
        var b = Model(Months("[0, 6)", "[6, 24)", "[24, inf)"), [0, 1, 2], middle: 1);
        var result = DecisionComparison.Compare(a, "group", b, "group");
        var region = Assert.Single(result.Regions);
        Assert.Equal("months: [18, 24); kind: plain", string.Join("; ", region.Conditions));
        Assert.Equal(("LOW", "HIGH"), (region.ConclusionA, region.ConclusionB));
        Assert.Empty(result.SharedDecisions);
    }

    [Fact]
    public void Conclusions_may_be_called_otherwise_and_one_sided_values_are_told()
    {
        var a = Model(Months("[0, 6)", "[6, 18)", "[18, inf)"), [0, 1, 2], middle: 1);
        var b = Model(Bands.Create("months", [], [("x", Parse("[0, 6)")), ("y", Parse("[6, 18)")), ("z", Parse("[18, 100]"))], Parse("[0, 100]")).Domain, [0, 1, 2], middle: 1);
        var swapped = ImmutableDictionary<string, string>.Empty.Add("LOW", "HIGH").Add("HIGH", "LOW");
        Assert.True(DecisionComparison.Compare(a, "group", b, "group").Agree);
        Assert.False(DecisionComparison.Compare(a, "group", b, "group", new ComparisonOptions(swapped)).Agree);
        Assert.Equal([new OneSidedValue("months", "(100, inf)", ComparedSide.A)], DecisionComparison.Compare(a, "group", b, "group").OneSided);
    }

    [Fact]
    public void Banded_and_plain_inputs_of_one_name_are_incomparable()
    {
        var a = Model(Months("[0, 6)", "[6, 18)", "[18, inf)"), [0, 1, 2], middle: 1);
        var b = Model(new Domain("months", "few", "some", "many"), [0, 1, 2], middle: 1);
        var result = DecisionComparison.Compare(a, "group", b, "group");
        Assert.Equal(["months"], result.Incomparable);
        Assert.False(result.Agree);
        Assert.Throws<ArgumentException>(() => DecisionComparison.Compare(a, "nothing", b, "group"));
    }

    private static CompiledModel Model(Domain months, int[] timing, int middle)
    {
        var rules = timing.Select((then, band) => new Rule($"t{band}", When(("months", ValueSet.Of(band))), then));
        var early = new DecisionTable("timing", ["months"], new Domain("timing", "EARLY", "MIDDLE", "LATE"), [.. rules], [], false);
        var group = new DecisionTable(
            "group",
            ["timing", "kind"],
            new Domain("group", "LOW", "HIGH"),
            [
                new Rule("special", When(("kind", ValueSet.Of(1))), 1),
                new Rule("early", When(("timing", ValueSet.Of(0)), ("kind", ValueSet.Of(0))), 1),
                new Rule("middle", When(("timing", ValueSet.Of(1)), ("kind", ValueSet.Of(0))), middle),
                new Rule("late", When(("timing", ValueSet.Of(2)), ("kind", ValueSet.Of(0))), 0),
            ],
            [],
            false);
        var model = new DecisionModel([new InputDefinition(months, InputRole.Fact), new InputDefinition(Kind, InputRole.Fact)], [], [group, early]);
        return DecisionCompiler.Compile(model).Model!;
    }

    private static ImmutableDictionary<string, ValueSet> When(params (string Input, ValueSet Values)[] when) =>
        when.ToImmutableDictionary(condition => condition.Input, condition => condition.Values, StringComparer.Ordinal);

    private static Domain Months(params string[] intervals) =>
        Bands.Create("months", [], intervals.Select((interval, index) => ($"b{index}", Parse(interval))), Parse("[0, inf)")).Domain;

    private static Interval Parse(string text) => IntervalTests.Parse(text);
}
