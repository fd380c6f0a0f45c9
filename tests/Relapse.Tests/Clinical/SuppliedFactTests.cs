using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>What an answer says of facts still missing, held to what comes out when a caller supplies them.</summary>
public sealed class SuppliedFactTests
{
    private const int CasesInABlock = 25;

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 5)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Each_value_of_a_missing_fact_leaves_what_the_answer_says_when_it_is_supplied(int block) => ForEachAnswer(block, (ask, answer, @case, context) =>
    {
        foreach (var missing in answer.Missing)
        {
            foreach (var would in missing.WouldDecide.Where(would => Supplied.CanBe(would.Value)))
            {
                var claimed = string.Join(", ", would.Possible);
                foreach (var (supplied, found) in Supply(ask, @case, missing.Field, would.Value))
                {
                    Assert.True(
                        string.Join(", ", found.Possible) == claimed,
                        $"{context}: {missing.Field} = {would.Value} would leave {{{claimed}}}, leaves {found.Say()} {string.Join(";", found.Contradictions)}\n{@case}\n{supplied}");
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Each_shortest_set_settles_the_answer_when_it_is_supplied(int block) => ForEachAnswer(block, (ask, answer, @case, context) =>
    {
        foreach (var set in answer.Shortest.Where(set => set.Facts.All(fact => Supplied.CanBe(fact.Value))))
        {
            IEnumerable<Question> asks = [new Question(@case, ask)];
            foreach (var fact in set.Facts)
            {
                asks = [.. asks.SelectMany(question => Questions(question.Ask, question.Case, fact.Field, fact.Value))];
            }
            foreach (var question in asks)
            {
                var found = question.Ask(question.Case);
                Assert.True(
                    found.Possible.SequenceEqual([set.Conclusion]),
                    $"{context}: {set} leaves {found.Say()} {string.Join(";", found.Contradictions)}\n{@case}\n{question.Case}");
            }
        }
    });

    private sealed record Question(RelapseCase Case, Ask Ask);

    private delegate Decision Ask(RelapseCase @case, params ChosenReading[] more);

    private static IEnumerable<Question> Questions(Ask ask, RelapseCase @case, string field, string value) =>
        field.StartsWith("readings.", StringComparison.Ordinal)
            ? [new Question(@case, (changed, more) => ask(changed, [.. more, new ChosenReading(field["readings.".Length..], value)]))]
            : Supplied.To(@case, field, value).Select(supplied => new Question(supplied, ask));

    private static IEnumerable<(RelapseCase Case, Decision Found)> Supply(Ask ask, RelapseCase @case, string field, string value) =>
        Questions(ask, @case, field, value).Select(question => (question.Case, question.Ask(question.Case)));

    private static void ForEachAnswer(int block, Action<Ask, Decision, RelapseCase, string> check)
    {
        for (var seed = block * CasesInABlock; seed < (block + 1) * CasesInABlock; seed++)
        {
            var random = new Random(seed);
            var @case = Told.Next(random, TrueChild.Next(random), 0.4 + (random.NextDouble() / 2)).Case();
            foreach (var protocol in Shipped.Library.Versions)
            {
                var readings = MonotonicityTests.Readings(protocol, random);
                // A first response that is given says of more than one thing whether it was looked at: ResponseTests holds those decisions.
                foreach (var decision in protocol.Document.Decisions.Keys.Where(decision => !LooksAtResponse(protocol, decision)))
                {
                    Decision Decide(RelapseCase given, params ChosenReading[] more) => protocol.Decide(given, decision, [.. more, .. readings]);
                    var answer = Decide(@case);
                    if (answer.Outcome == Outcome.Undetermined)
                    {
                        Assert.True(answer.Missing.Count > 0, $"seed {seed}, {protocol.Id} {decision} asks nothing: {@case}");
                        check(Decide, answer, @case, $"seed {seed}, {protocol.Id} {decision} {answer.Say()}");
                    }
                }
            }
        }
    }

    private static bool LooksAtResponse(CompiledProtocol protocol, string decision) => protocol.Model.Decision(decision).SupportInputs
        .Any(input => ResponseFacts.All.Any(response => response.Fact.Id == protocol.Model.Inputs[input].Name));
}
