using Relapse.Contracts.Outcome.V1;
using Relapse.Tests.Clinical;

namespace Relapse.Tests.Outcomes;

/// <summary>What adding facts may do to an answer, over random children of whom more and more is told.</summary>
public sealed class MatchingMonotonyTests
{
    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_fact_more_never_takes_a_certain_row_away_nor_brings_an_excluded_one_back(int block)
    {
        var (certain, excluded) = (0, 0);
        for (var seed = block * 25; seed < (block + 1) * 25; seed++)
        {
            var random = new Random(seed);
            var less = Told.Next(random, TrueChild.Next(random), random.NextDouble());
            var more = less.More(random, 6);
            var (sooner, later) = (Fits(less), Fits(more));
            if (sooner.Count == 0 || later.Count == 0)
            {
                // A stated fact put the case out of scope.
                continue;
            }
            foreach (var (id, before) in sooner)
            {
                var after = later[id];
                var said = $"seed {seed}, {id}: {before}, with more facts {after}\n{less}\n{more}";
                Assert.True(before is not (MatchLevel.Exact or MatchLevel.Broader) || after is MatchLevel.Exact or MatchLevel.Broader, said);
                Assert.True(before is not MatchLevel.NotApplicable || after is MatchLevel.NotApplicable, said);
                certain += before is MatchLevel.Exact or MatchLevel.Broader ? 1 : 0;
                excluded += before is MatchLevel.NotApplicable ? 1 : 0;
            }
        }
        Assert.True(certain > 100 && excluded > 1000, $"{certain} certain rows, {excluded} excluded ones");
    }

    private static Dictionary<string, MatchLevel> Fits(Told told)
    {
        var answer = GoldenQueryTests.Answer(new EstimateOutcomeRequest { Case = told.Case(), RowsPerGroup = 500 });
        if (answer.Status is AnswerStatus.OutOfScope)
        {
            return [];
        }
        var found = answer.Groups.SelectMany(group => group.Rows).ToDictionary(row => row.Figure.Id, row => row.Match);
        return Relapse.Outcomes.EvidenceLibrary.Shipped.Used.ToDictionary(row => row.Id, row => found.GetValueOrDefault(row.Id, MatchLevel.NotApplicable));
    }
}
