using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>What earlier cases were answered changes no later answer.</summary>
public sealed class AnswerMemoryTests
{
    [Theory]
    [InlineData("all-rez-bfm")]
    [InlineData("cog")]
    [InlineData("ukall-r3")]
    public void A_case_is_answered_the_same_by_a_version_that_has_answered_others(string id)
    {
        var protocol = Shipped.Protocol(id);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var told = Told.Next(random, TrueChild.Next(random), 0.9);
            // With a trace an answer is derived anew.
            var derived = Decide(protocol, told, includeTrace: true);
            foreach (var decision in derived)
            {
                decision.Trace.Clear();
            }

            Assert.Equal(derived, Decide(protocol, told, includeTrace: false));
            Assert.Equal(derived, Decide(protocol, told, includeTrace: false));
        }
    }

    [Fact]
    public void A_modifier_of_one_answer_does_not_stand_in_the_next()
    {
        var protocol = Shipped.Protocol("all-rez-bfm");
        var told = Told.Next(new Random(3), TrueChild.Next(new Random(3)), 1);
        var first = Decide(protocol, told, includeTrace: false);
        var expected = first.Select(decision => decision.Clone()).ToArray();
        foreach (var decision in first)
        {
            decision.Modifiers.Add(new Modifier { Code = "ADDED" });
            decision.Boundary.Add(new Boundary { Field = "added" });
        }

        Assert.Equal(expected, Decide(protocol, told, includeTrace: false));
    }

    private static Decision[] Decide(CompiledProtocol protocol, Told told, bool includeTrace) =>
        [.. new CaseEvaluator(told.Case()).Decide(protocol, WellKnownDecisions.Classification, [], includeTrace)];
}
