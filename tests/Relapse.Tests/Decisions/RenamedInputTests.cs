using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

/// <summary>Inputs of one name are one input in a comparison: under another name on one side they are two, and every completion of both counts.</summary>
public sealed class RenamedInputTests
{
    [Fact]
    public void Renamed_alike_on_both_sides_nothing_changes()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var declared = new RandomModel(random).Next(inputs: 3);
            var decision = declared.Decisions[^1].Name;
            var (_, a) = ComparisonTests.Sound(declared);
            var (_, b) = ComparisonTests.Sound(ComparisonTests.Changed(random, declared));
            var names = Names(a);
            var plain = DecisionComparison.Compare(new ComparedDecision(a, decision), new ComparedDecision(b, decision)).Result;
            var renamed = DecisionComparison.Compare(new ComparedDecision(a, decision).Renamed(names), new ComparedDecision(b, decision).Renamed(names)).Result;

            Assert.Equal(plain.Agree, renamed.Agree);
            Assert.Equal(plain.Regions.Select(region => (region.ConclusionA, region.ConclusionB)), renamed.Regions.Select(region => (region.ConclusionA, region.ConclusionB)));
            Assert.True(DecisionComparison.Compare(new ComparedDecision(a, decision).Renamed(names), new ComparedDecision(a, decision).Renamed(names)).Result.Agree);
        }
    }

    [Fact]
    public void Renamed_on_one_side_they_are_two_inputs_with_every_pair_of_values()
    {
        var (compared, apart) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var declared = new RandomModel(new Random(seed)).Next(inputs: 3);
            var decision = declared.Decisions[^1].Name;
            var (_, model) = ComparisonTests.Sound(declared);
            var names = Names(model);
            if (names.Count == 0 || model.Inputs.Any(input => input.Joint is not null || input.Role is not InputRole.Fact and not InputRole.Override))
            {
                continue;
            }

            var one = new ComparedDecision(model, decision);
            var pair = DecisionComparison.Compare(one, one.Renamed(names));
            var all = pair.Inputs.Select(input => ValueSet.All(input.Values.Length)).ToArray();
            // Each side alone may come to each of its conclusions: they are alike in some pair, and differ in some when there are two.
            var conclusions = model.Decision(decision).Possible(model.DefaultFacts());
            Assert.Equal((true, conclusions.Count > 1), pair.May([all]));
            compared++;
            apart += conclusions.Count > 1 ? 1 : 0;
        }

        Assert.True(compared > 15 && apart > 5, $"The random models exercise too little: {compared} compared, {apart} of several conclusions.");
    }

    private static Dictionary<string, string> Names(CompiledModel model) => model.Inputs
        .Where(input => input.Joint is null && input.Role is InputRole.Fact)
        .ToDictionary(input => input.Name, input => input.Name + "/other", StringComparer.Ordinal);
}
