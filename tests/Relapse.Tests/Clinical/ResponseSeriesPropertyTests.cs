using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Several responses of one child: what is stated more may settle an answer or show a contradiction, and never reverses one.</summary>
public sealed class ResponseSeriesPropertyTests
{
    private static readonly TimePoint[] _points =
    [
        TimePoint.AtRelapse, TimePoint.EndOfBlock1, TimePoint.EndOfBlock1, TimePoint.EndOfBlock2, TimePoint.EndOfBlock3, TimePoint.EndOfInduction, TimePoint.EndOfInduction,
        TimePoint.Week12, TimePoint.PreTransplant, TimePoint.PostTransplant, TimePoint.Other,
    ];

    /// <summary>What is not stated is not known; what is not examined was not looked at, and is no part of this.</summary>
    private static readonly Action<Response>[] _drops =
    [
        response => response.AssessDate = null,
        response => response.AssessDate = null,
        response => response.TimePoint = TimePoint.Unspecified,
        response => response.ClearBloodBlastsPresent(),
        response => response.ClearClinicalSigns(),
        response => response.ClearPlateletsPerUl(),
        response => response.ClearReinductionCompleted(),
        response => response.ClearDied(),
        response => response.ClearSecondMalignancy(),
        DropReached,
    ];

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_fact_more_reverses_nothing(int block)
    {
        var settled = 0;
        for (var seed = block * 150; seed < (block + 1) * 150; seed++)
        {
            var random = new Random(seed);
            var more = Draw(random);
            for (var step = 0; step < 6; step++)
            {
                var less = more.With(@case => Drop(@case, random));
                foreach (var (before, after) in Decide(less).Zip(Decide(more)))
                {
                    var said = $"seed {seed}, {before.Decision_}: {before.Say()} became {after.Say()}\n{less.Responses} {less.Treatment}\n{more.Responses} {more.Treatment}";
                    if (before.Outcome is not Outcome.Inconsistent && after.Outcome is not Outcome.Inconsistent)
                    {
                        Assert.True(!after.Possible.Except(before.Possible, StringComparer.Ordinal).Any(), said);
                        Assert.True(before.Outcome is not Outcome.Determined || after.Outcome is Outcome.Determined, said);
                        settled += before.Outcome is Outcome.Determined ? 1 : 0;
                    }
                }
                more = less;
            }
        }
        Assert.True(settled > 1000, $"{settled}");
    }

    [Fact]
    public void The_order_in_which_they_are_listed_changes_nothing()
    {
        for (var seed = 5000; seed < 5200; seed++)
        {
            var random = new Random(seed);
            var @case = Draw(random);
            for (var drops = random.Next(6); drops > 0; drops--)
            {
                Drop(@case, random);
            }
            Response[] shuffled = [.. @case.Responses];
            random.Shuffle(shuffled);
            var other = @case.With(changed => changed.Responses.Clear());
            other.Responses.Add(shuffled);
            Assert.Equal(Decide(@case).Select(answer => answer.Say()), Decide(other).Select(answer => answer.Say()));
        }
    }

    private static ImmutableArray<Decision> Decide(RelapseCase @case) => new CaseEvaluator(@case).Decide(Shipped.Protocol("review-2014"), WellKnownDecisions.Response, [], includeTrace: false);

    private static void Drop(RelapseCase @case, Random random)
    {
        if (random.Next(12) == 0)
        {
            @case.Treatment = null;
            return;
        }
        _drops[random.Next(_drops.Length)](@case.Responses[random.Next(@case.Responses.Count)]);
    }

    /// <summary>That none had been reached stands against an earlier response that shows a remission: golden cases have it so.</summary>
    private static void DropReached(Response response)
    {
        if (response.RemissionReachedBefore)
        {
            response.ClearRemissionReachedBefore();
        }
    }

    private static RelapseCase Draw(Random random) => SoundCase.LateIsolatedMarrow().With(@case =>
    {
        @case.Treatment = new Treatment { Reinduction = (Reinduction)random.Next(1, 5) };
        var (day, dead, malignant, reached) = (0, false, false, false);
        foreach (var point in random.GetItems(_points, random.Next(2, 5)).OrderBy(point => random.Next(4) == 0 ? random.Next(_points.Length) : Array.IndexOf(_points, point)))
        {
            day += random.Next(5, 40);
            (dead, malignant) = (dead || random.Next(20) == 0, malignant || random.Next(12) == 0);
            var response = new Response
            {
                TimePoint = point, MarrowBlastsPercent = random.Next(3) switch { 0 => 40, 1 => 12, _ => 2 }, WbcPerUl = 3000, NeutrophilsPerUl = 1500, PlateletsPerUl = 150_000,
                BloodBlastsPresent = random.Next(10) == 0, ClinicalSigns = false, ReinductionCompleted = random.Next(2) == 0, Died = dead, SecondMalignancy = malignant, RemissionReachedBefore = reached,
            };
            var date = new DateOnly(2013, 7, 1).AddDays(day);
            response.AssessDate = SoundCase.Day(date.Year, date.Month, date.Day);
            reached |= response is { MarrowBlastsPercent: 2, BloodBlastsPresent: false } && random.Next(3) > 0;
            @case.Responses.Add(response);
        }
    });
}
