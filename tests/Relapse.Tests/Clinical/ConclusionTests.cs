using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>A conclusion is what the whole answer says, without the rest of it.</summary>
public sealed class ConclusionTests
{
    private const int EveryOther = 7;

    public static TheoryData<string> Protocols => [.. Shipped.Library.Versions.Select(Shipped.Of)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Golden_cases_are_concluded_of_as_they_are_answered(string protocol)
    {
        var golden = DocumentReader.Read<GoldenCases>(Shipped.Bytes($"{protocol}/cases.yaml")).Message;
        foreach (var one in golden.Cases.Where((_, index) => index % EveryOther == 0).Where(one => one.Case is not null))
        {
            AssertConcluded(Shipped.Protocol(protocol), one.Case, one.Id);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Children_of_whom_anything_is_told_are_concluded_of_as_they_are_answered(string protocol)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            AssertConcluded(Shipped.Protocol(protocol), Told.Next(random, TrueChild.Next(random), random.NextDouble()).Case(), $"seed {seed}");
        }
    }

    private static void AssertConcluded(CompiledProtocol protocol, RelapseCase @case, string which)
    {
        Assert.Empty(CaseValidator.Validate(@case));
        Assert.Empty(CaseValidator.CheckEstablished(@case, [protocol]));
        var evaluator = new CaseEvaluator(@case);
        var whole = evaluator.Decide(protocol, WellKnownDecisions.All, [], includeTrace: false);
        Decision[] concluded = [.. evaluator.Conclude(protocol, WellKnownDecisions.All, [])];
        Assert.Equal(whole.Length, concluded.Length);
        // Again, from what is remembered.
        Assert.Equal(concluded, evaluator.Conclude(protocol, WellKnownDecisions.All, []));
        foreach (var (answer, conclusion) in whole.Zip(concluded))
        {
            var expected = new Decision
            {
                Decision_ = answer.Decision_,
                Protocol = answer.Protocol,
                Outcome = answer.Outcome,
                Possible = { answer.Possible },
                Missing = { answer.Missing.Select(missing => new MissingFact { Field = missing.Field }) },
                Requires = { answer.Requires },
            };
            Assert.True(expected.Equals(conclusion), $"{which}, {answer.Decision_}: {conclusion}, and not {expected}");
        }
    }
}
