using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Clinical;

/// <summary>The bound on what a model may take is far from every version that is shipped, and counted, not timed.</summary>
public sealed class CompilationStepsTests
{
    public static TheoryData<string> Versions => [.. RelapseServer.Catalog.Protocols.SelectMany(entry => entry.Versions).Select(version => version.Name)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_shipped_version_takes_less_than_an_eighth_of_what_is_allowed_and_the_same_each_time(string name)
    {
        var document = RelapseServer.Catalog.Protocols.SelectMany(entry => entry.Versions).Single(version => version.Name == name).Document;

        var steps = Compile(document);

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {steps} steps");
        Assert.InRange(steps, 1, CompilationResult.MostSteps / 8);
        Assert.Equal(steps, Compile(document));
    }

    [Fact]
    public void Comparing_any_two_shipped_versions_takes_less_than_a_third_of_what_is_allowed()
    {
        var versions = RelapseServer.Catalog.Protocols.SelectMany(entry => entry.Versions).ToList();
        var steps = (from one in versions
                     from other in versions
                     where string.CompareOrdinal(one.Name, other.Name) < 0
                     from id in one.Document.Decisions.Keys.Intersect(other.Document.Decisions.Keys)
                     select (Pair: $"{id} of {one.Name} and {other.Name}", DecisionComparison.Differences(new ComparedDecision(one.Model, id), new ComparedDecision(other.Model, id)).Steps)).MaxBy(each => each.Steps);

        TestContext.Current.TestOutputHelper?.WriteLine($"{steps.Pair}: {steps.Steps} steps");
        Assert.InRange(steps.Steps, 1, DecisionDifferences.MostSteps / 3);
    }

    private static long Compile(ProtocolDocument document)
    {
        var result = DecisionCompiler.Compile(ProtocolModel.Build(document).Model);
        Assert.NotNull(result.Model);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', result.Model.DecisionNames.Select(id => result.Model.Decision(id)).OrderByDescending(decision => decision.RuleNodeCount).Take(3).Select(decision => $"{decision.Name}={decision.RuleNodeCount}")));
        return result.Steps;
    }
}
