using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using static Relapse.Tests.Clinical.Mrd.MrdCase;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>A series of which something is not stated: every result that may be the one stays possible, and stating more never adds a conclusion.</summary>
public sealed class MrdSeriesMonotonicityTests
{
    private static readonly string[] _levels = ["2e-5", "5e-5", "2e-4", "5e-4", "2e-3", "5e-3", "2e-2", "8e-2"];
    private static readonly TimePoint[] _points = [TimePoint.EndOfInduction, TimePoint.EndOfInduction, TimePoint.EndOfBlock1, TimePoint.EndOfBlock2, TimePoint.PreTransplant, TimePoint.Week12];

    /// <summary>What is taken away from a case, each an action of its own.</summary>
    private static readonly Action<RelapseCase, int>[] _drops =
    [
        (@case, index) => @case.Mrd[index].Specimen = Specimen.Unspecified,
        (@case, index) => @case.Mrd[index].Method = MrdMethod.Unspecified,
        (@case, index) => @case.Mrd[index].TimePoint = TimePoint.Unspecified,
        (@case, index) => @case.Mrd[index].CollectDate = null,
        (@case, index) => @case.Mrd[index].CollectDate.Day = 0,
        (@case, index) => @case.Mrd[index].ClearResult(),
        (@case, _) => @case.Treatment.Reinduction = Reinduction.Unspecified,
    ];

    public static TheoryData<string> Unstated => ["specimen", "method", "time_point", "quantified"];

    /// <summary>A low result, and a later high one of which one fact is not stated: that the high one counts is as possible.</summary>
    [Theory]
    [MemberData(nameof(Unstated))]
    public void A_later_result_of_which_a_fact_is_not_stated_may_be_the_one(string field)
    {
        var (low, high) = (Quantified("2e-5").Collected(10, 14), Quantified("2e-2").Collected(10, 21));
        var complete = Of(low, high);
        var open = Of(low, high).With(@case => _drops[field switch { "specimen" => 0, "method" => 1, "time_point" => 2, _ => 5 }](@case, 1));
        foreach (var protocol in new[] { "all-rez-bfm", "ukall-r3" })
        {
            Assert.Equal("Determined {AT_OR_ABOVE_CUT_OFF}", Shipped.Protocol(protocol).Decide(complete, "mrd_response").Say());
            var answer = Shipped.Protocol(protocol).Decide(open, "mrd_response");
            Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", answer.Say());
            var missing = Assert.Single(answer.Missing, missing => missing.Field == $"case.mrd[1].{field}");
            Assert.Contains(missing.WouldDecide, would => would.Possible.SequenceEqual(["AT_OR_ABOVE_CUT_OFF"]));
        }
        var selection = Select("ukall-r3", open);
        Assert.Equal(field is "specimen" or "time_point" ? [0] : [0, 1], selection.Used);
        Assert.Equal(field is "specimen" or "time_point" ? [1] : [], selection.MayCount);
    }

    [Fact]
    public void One_without_a_method_may_be_by_the_protocols()
    {
        var @case = Of(Quantified("5e-4").By(MrdMethod.Unspecified).Collected(10, 10), Quantified("2e-5").By(MrdMethod.Flow).Collected(10, 21));
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_band");
        Assert.Contains("FROM_1E_4_TO_1E_3", answer.Possible);
        Assert.Contains("case.mrd[0].method", answer.Missing.Select(missing => missing.Field));
        var stated = Shipped.Protocol("all-rez-bfm").Decide(@case.With(changed => changed.Mrd[0].Method = MrdMethod.PcrIgTr), "mrd_band");
        Assert.Equal("Determined {FROM_1E_4_TO_1E_3}", stated.Say());
        var ngs = Shipped.Protocol("all-rez-bfm").Decide(@case.With(changed => changed.Mrd[0].Method = MrdMethod.Ngs), "mrd_band");
        Assert.Empty(ngs.Possible.Except(answer.Possible));
    }

    /// <summary>Another of the two names of one time point counts after some reinductions only; what it would put aside is then the one.</summary>
    [Fact]
    public void With_reinduction_not_stated_what_counts_after_any_is_possible()
    {
        var @case = Of(Quantified("2e-2").By(MrdMethod.Flow), Quantified("2e-5").At(TimePoint.EndOfBlock2)).With(changed => changed.Treatment = null);
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_response");
        Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", answer.Say());
        Assert.Contains("case.treatment.reinduction", answer.Missing.Select(missing => missing.Field));
    }

    [Fact]
    public void What_is_older_than_the_relapse_cannot_be_made_to_count()
    {
        var @case = Of(Quantified("2e-5").Collected(10, 14), Quantified("2e-2").At(TimePoint.Unspecified).Collected(1, 10));
        Assert.Equal("Determined {BELOW_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(@case, "mrd_response").Say());
    }

    /// <summary>Reinduction may have been one after which the result does not count: then it puts nothing out of scope, and the answer says so.</summary>
    [Fact]
    public void Five_percent_that_may_not_count_is_out_of_scope_on_a_condition()
    {
        var all = Shipped.Protocol("all-rez-bfm");
        var answer = all.Decide(Of(Quantified("0.08")).With(@case => @case.Treatment = null), "mrd_response");
        Assert.Equal("OutOfScope {}", answer.Say());
        Assert.Equal("reinduction-not-stated", Assert.Single(answer.Conditions).Id);
        var missing = Assert.Single(answer.Missing);
        Assert.Equal("case.treatment.reinduction", missing.Field);
        Assert.Equal([("ALL_REZ_BFM", 0), ("ALL_R3", 0), ("AALL01P2", 2), ("OTHER", 0)], missing.WouldDecide.Select(would => (would.Value, would.Possible.Count)));
        var stated = all.Decide(Of(Quantified("0.08")), "mrd_response");
        Assert.Equal(("OutOfScope {}", 0), (stated.Say(), stated.Conditions.Count));
        Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", all.Decide(Of(Quantified("0.08")).With(@case => @case.Treatment.Reinduction = Reinduction.Aall01P2), "mrd_response").Say());
        // By another fact it is out of scope all the same.
        Assert.Empty(all.Decide(Of(Quantified("0.08")).With(@case => (@case.Treatment, @case.Lineage) = (null, Lineage.MatureB)), "mrd_response").Conditions);
    }

    /// <summary>One of two results that may count is no MRD: nothing is concluded from the other as long as both may.</summary>
    [Fact]
    public void One_of_several_results_that_is_not_mrd_leaves_the_answer_undetermined()
    {
        var @case = Of(Quantified("2e-5").Collected(10, 14), Quantified("0.08").At(TimePoint.EndOfBlock2).Collected(11, 5)).With(changed => changed.Treatment.Reinduction = Reinduction.AllRezBfm);
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_response");
        Assert.Equal("Undetermined {BELOW_CUT_OFF}", answer.Say());
        Assert.Contains("not-mrd", answer.Conditions.Select(condition => condition.Id));
        Assert.NotEmpty(answer.Missing);
    }

    /// <summary>Morphological disease of the same day, by another method, is a warning on the answer and not only a note on the series.</summary>
    [Fact]
    public void Morphological_disease_beside_a_low_level_is_a_warning_unless_it_is_earlier()
    {
        var beside = Of(Quantified("2e-5").Collected(10, 14), Quantified("0.08").By(MrdMethod.Flow).Collected(10, 14));
        var answer = Shipped.Protocol("ukall-r3").Decide(beside, "mrd_response");
        Assert.Equal("Determined {BELOW_CUT_OFF}", answer.Say());
        Assert.Contains("case.mrd[1]", Assert.Single(answer.Warnings, warning => warning.Code == "MORPHOLOGICAL_LEVEL").Detail, StringComparison.Ordinal);
        var earlier = Of(Quantified("2e-5").Collected(10, 14), Quantified("0.08").At(TimePoint.EndOfBlock1).By(MrdMethod.Flow).Collected(8, 14));
        Assert.DoesNotContain("MORPHOLOGICAL_LEVEL", Shipped.Protocol("ukall-r3").Decide(earlier, "mrd_response").Warnings.Select(warning => warning.Code));
        var response = beside.With(@case => @case.Responses.Add(new Response { TimePoint = TimePoint.EndOfInduction, AssessDate = SoundCase.Day(2013, 10, 14), MarrowBlastsPercent = 2 }));
        Assert.Contains("MORPHOLOGICAL_LEVEL", Shipped.Protocol("review-2014").Decide(response, "remission").Warnings.Select(warning => warning.Code));
        var seen = response.With(@case => @case.Responses[0].MarrowBlastsPercent = 9);
        Assert.DoesNotContain("MORPHOLOGICAL_LEVEL", Shipped.Protocol("review-2014").Decide(seen, "remission").Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void Two_results_used_together_ask_for_the_reinduction()
    {
        var @case = Of(Quantified("2e-5").Collected(10, 14), Quantified("0.02").At(TimePoint.EndOfBlock2).Collected(11, 5)).With(changed => changed.Treatment = null);
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_response");
        Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", answer.Say());
        var missing = Assert.Single(answer.Missing, missing => missing.Field == "case.treatment.reinduction");
        Assert.Equal(["BELOW_CUT_OFF"], missing.WouldDecide.Single(would => would.Value == "ALL_R3").Possible);
    }

    /// <summary>By their dates the second block was before the first: nothing is concluded from the one that is used.</summary>
    [Fact]
    public void Dates_and_time_points_that_contradict_each_other_are_a_contradiction_where_they_touch_the_result_used()
    {
        var @case = Of(Quantified("2e-5").At(TimePoint.EndOfBlock2).Collected(10, 1), Quantified("0.02").At(TimePoint.EndOfBlock1).Collected(10, 20)).With(changed => changed.Treatment.Reinduction = Reinduction.AllRezBfm);
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_response");
        Assert.Equal(Outcome.Inconsistent, answer.Outcome);
        Assert.Equal(["case.mrd[0].collect_date", "case.mrd[1].collect_date"], Assert.Single(answer.Contradictions).Fields);
        var elsewhere = Of(Quantified("2e-5").Collected(10, 1), Quantified("0.02").At(TimePoint.EndOfBlock3).Collected(11, 1), Quantified("0.02").At(TimePoint.PostTransplant).Collected(10, 20));
        Assert.Equal("Determined {BELOW_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(elsewhere, "mrd_response").Say());
        var responses = Of().With(changed => changed.Responses.Add([
            new Response { TimePoint = TimePoint.EndOfBlock2, AssessDate = SoundCase.Day(2013, 10, 1), MarrowBlastsPercent = 1 },
            new Response { TimePoint = TimePoint.EndOfBlock1, AssessDate = SoundCase.Day(2013, 10, 20), MarrowBlastsPercent = 40 }]));
        Assert.Equal(Outcome.Inconsistent, Shipped.Protocol("review-2014").Decide(responses, "remission").Outcome);
    }

    /// <summary>The work-up of a relapse may be some days older than its date; it is not of the primary disease.</summary>
    [Fact]
    public void A_result_at_relapse_of_the_primary_disease_is_a_contradiction()
    {
        RelapseCase Case(int year, int month, int day) => Of(Quantified("1e-5").Collected(8, 1), Quantified("1e-2").At(TimePoint.AtRelapse)).With(@case =>
        {
            (@case.Marrow.BlastsPercent, @case.Blood.BlastsPresent, @case.Csf) = (1, false, new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true, ErythrocytesPerUl = 0 });
            @case.Mrd[1].CollectDate = SoundCase.Day(year, month, day);
        });
        var timing = Of().Timing;
        var (diagnosed, ended, relapsed) = (timing.DiagnosisDate, timing.PrimaryTherapyEndDate, timing.RelapseDate);
        Assert.Equal(Outcome.Inconsistent, Shipped.Protocol("ukall-r3").Decide(Case(diagnosed.Year, diagnosed.Month, diagnosed.Day), "mrd_response").Outcome);
        Assert.Equal(Outcome.Inconsistent, Shipped.Protocol("ukall-r3").Decide(Case(ended.Year, ended.Month, ended.Day), "mrd_response").Outcome);
        Assert.Equal("Determined {BELOW_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(Case(relapsed.Year, relapsed.Month, relapsed.Day - 5), "mrd_response").Say());
    }

    [Fact]
    public void Two_hundred_results_of_which_nothing_is_stated_but_a_number_are_answered()
    {
        var @case = Of([.. Enumerable.Range(0, 200).Select(place => new MrdResult { Quantified = $"{1 + (place % 9)}e-{2 + (place % 4)}", Unit = MrdUnit.Fraction })]);
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_band");
        Assert.Equal(4, answer.Possible.Count);
        Assert.Contains("case.mrd[0].time_point", answer.Missing.Select(missing => missing.Field));
    }

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    /// <summary>Random series, one or several facts of which are dropped: the answer with them is within the answer without.</summary>
    [Theory]
    [MemberData(nameof(Blocks))]
    public void An_answer_with_a_fact_stated_is_within_the_answer_without(int block)
    {
        for (var seed = block * 400; seed < (block + 1) * 400; seed++)
        {
            var random = new Random(seed);
            var more = Of([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Any(random))]);
            more.Treatment = new Treatment { Reinduction = (Reinduction)random.Next(1, 5), Arm = random.Next(2) == 0 ? "A" : "B" };
            for (var step = 0; step < 3; step++)
            {
                var less = more.With(@case => Drop(@case, random));
                foreach (var protocol in Shipped.Library.Versions.Where(version => version.Document.Measurements.Count > 0))
                {
                    foreach (var decision in protocol.Document.Decisions.Keys.Intersect(WellKnownDecisions.Mrd))
                    {
                        AssertWithin(protocol.Decide(less, decision), protocol.Decide(more, decision), $"seed {seed}, {protocol.Id} {decision}\n{less.Mrd} {less.Treatment}\n{more.Mrd} {more.Treatment}");
                    }
                }
                more = less;
            }
        }
    }

    internal static void Drop(RelapseCase @case, Random random)
    {
        var (drop, index) = (random.Next(_drops.Length + 1), random.Next(@case.Mrd.Count));
        if (drop == _drops.Length)
        {
            @case.Mrd[index].ClearSensitivity();
        }
        else if (drop != 4 || @case.Mrd[index].CollectDate is not null)
        {
            _drops[drop](@case, index);
        }
    }

    private static void AssertWithin(Decision less, Decision more, string context)
    {
        var said = $"{less.Say()} became {more.Say()}, {context}";
        // A result that may be the one and contradicts another closes the answer; that it is not the one opens it again.
        if (more.Outcome is Outcome.Inconsistent || less.Outcome is Outcome.Inconsistent)
        {
            return;
        }
        // What is concluded provided that reinduction was none after which nothing counts says so, and may come out open.
        if (less.Conditions.Any(condition => condition.Id == "reinduction-not-stated") && more.Conditions.All(condition => condition.Id != "reinduction-not-stated"))
        {
            return;
        }
        Assert.True(less.Outcome is not Outcome.OutOfScope || more.Outcome is Outcome.OutOfScope, said);
        Assert.True(less.Outcome is not Outcome.Determined || more.Outcome is Outcome.Determined, said);
        Assert.True(more.Outcome is Outcome.OutOfScope || !more.Possible.Except(less.Possible, StringComparer.Ordinal).Any(), said);
        Assert.True(more.Outcome is not Outcome.OutOfScope || less.Outcome is not Outcome.Determined, said);
    }

    internal static MrdResult Any(Random random)
    {
        var result = random.Next(6) switch
        {
            0 => BelowDetection(_levels[random.Next(_levels.Length - 1)]),
            1 => NotEvaluable(),
            _ => Quantified(_levels[random.Next(_levels.Length)]),
        };
        return result.At(_points[random.Next(_points.Length)]).By((MrdMethod)random.Next(1, 4)).On(random.Next(5) == 0 ? Specimen.Blood : Specimen.Marrow).Collected(7 + random.Next(4), 1 + random.Next(28));
    }
}
