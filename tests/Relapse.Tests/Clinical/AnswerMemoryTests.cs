using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Receipts;

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

    [Theory]
    [InlineData("review-2014", 0.8)]
    [InlineData("all-rez-bfm", 0.97)]
    public void Modifiers_remembered_are_those_that_hold(string id, double whole)
    {
        var protocol = Shipped.Protocol(id);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed % 200);
            var @case = Told.Next(random, TrueChild.Next(random), whole).Case();
            var facts = new ProtocolFacts(protocol, new CaseFacts(@case), @case, []);

            Assert.Equal(Added(StatedModifiers.Derive(facts), protocol), Added(StatedModifiers.Of(facts), protocol));
        }
    }

    [Fact]
    public void Cases_answered_alike_have_one_digest_and_it_is_that_of_their_answers()
    {
        var protocol = Shipped.Protocol("all-rez-bfm");
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed % 100);
            var @case = Told.Next(random, TrueChild.Next(random), 0.95).Case();
            var answer = new CaseEvaluator(@case).Answer(protocol, WellKnownDecisions.Classification, [], includeTrace: false);
            var writer = new ReceiptWriter("test", "random-7f3a", @case);

            Assert.Equal(
                writer.Write(protocol, answer with { Alike = null }, []).AnswerDigest,
                writer.Write(protocol, answer, []).AnswerDigest);
        }
    }

    [Fact]
    public void The_decisions_of_one_call_are_not_given_to_another()
    {
        var protocol = Shipped.Protocol("review-2014");
        var @case = Told.Next(new Random(3), TrueChild.Next(new Random(3)), 1).Case();
        foreach (var decisions in new[] { WellKnownDecisions.Classification, WellKnownDecisions.PrimaryRisk, WellKnownDecisions.Classification, ["timing"] })
        {
            var answer = new CaseEvaluator(@case).Decide(protocol, decisions, [], includeTrace: false);

            Assert.Equal(decisions, answer.Select(decision => decision.Decision_));
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

    private static string[] Added(StatedModifiers stated, CompiledProtocol protocol)
    {
        Decision[] answers = [.. WellKnownDecisions.All.Select(id => new Decision { Decision_ = id })];
        stated.AddTo(answers, protocol);
        return [.. answers.Select(answer => answer.ToString())];
    }

    private static Decision[] Decide(CompiledProtocol protocol, Told told, bool includeTrace) =>
        [.. new CaseEvaluator(told.Case()).Decide(protocol, WellKnownDecisions.Classification, [], includeTrace)];
}
