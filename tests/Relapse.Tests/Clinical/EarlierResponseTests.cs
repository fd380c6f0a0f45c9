using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>What responses before the one assessed say of it: only what is certain is carried on, and what cannot be is a contradiction.</summary>
public sealed class EarlierResponseTests
{
    private const string Unsettled = "Undetermined {REMISSION, FAILURE}";

    private static Response Remission(TimePoint at, int month = 0) => new()
    {
        TimePoint = at, AssessDate = month == 0 ? null : SoundCase.Day(2013, month, 10), MarrowBlastsPercent = 2, WbcPerUl = 3000, NeutrophilsPerUl = 1500, PlateletsPerUl = 150000,
        BloodBlastsPresent = false, ClinicalSigns = false, ReinductionCompleted = true, Died = false, SecondMalignancy = false,
    };

    [Theory]
    [InlineData(TimePoint.EndOfBlock2, 8)]
    [InlineData(TimePoint.EndOfBlock1, 0)]
    public void Leukaemia_after_an_earlier_complete_remission_is_a_relapse_and_no_failure(TimePoint at, int month)
    {
        var @case = Of(Leukaemia(Remission(TimePoint.Week12, 10)), Remission(at, month));

        Assert.Equal(["Determined {REMISSION}", "Determined {NO}", "Determined {YES}", "Determined {YES}"], Say(@case, "reinduction", "refractory", "relapse_after_remission", "dfs_event"));
    }

    [Fact]
    public void One_that_may_have_been_before_says_nothing()
    {
        var overlapping = Remission(TimePoint.Other);
        overlapping.AssessDate = SoundCase.Day(2013, 10);
        var unordered = Of(Leukaemia(Remission(TimePoint.Other, 10)), overlapping);
        // Asked for by its time point and alone of it, the first is assessed.
        unordered.Responses[0].TimePoint = TimePoint.Week12;

        Assert.Equal(Unsettled, new CaseEvaluator(unordered, [], TimePoint.Week12).Decide(Shipped.Protocol("review-2014"), ["reinduction"], [], includeTrace: false)[0].Say());
    }

    /// <summary>800 neutrophils and 80000 platelets: a remission for two of the rules.</summary>
    [Fact]
    public void A_remission_that_hangs_on_what_is_not_known_or_on_a_reading_is_not_carried_on()
    {
        var disputed = Remission(TimePoint.EndOfBlock2, 8);
        (disputed.NeutrophilsPerUl, disputed.PlateletsPerUl) = (800, 80000);
        Assert.Equal(Unsettled, Assert.Single(Say(Of(disputed, Leukaemia(Remission(TimePoint.Week12, 10))), "reinduction")));
        var unknown = Remission(TimePoint.EndOfBlock2, 8);
        unknown.ClearClinicalSigns();
        var @case = Of(unknown, Leukaemia(Remission(TimePoint.Week12, 10)));
        Assert.Equal(Unsettled, Assert.Single(Say(@case, "reinduction")));
        Assert.Contains("case.responses[1].remission_reached_before", Decide(@case, "reinduction").Missing.Select(missing => missing.Field));
    }

    [Fact]
    public void What_an_earlier_one_says_had_been_reached_had_been_reached()
    {
        var earlier = Leukaemia(Remission(TimePoint.EndOfBlock2, 8));
        earlier.RemissionReachedBefore = true;
        Assert.Equal("Determined {REMISSION}", Assert.Single(Say(Of(earlier, Leukaemia(Remission(TimePoint.Week12, 10))), "reinduction")));
    }

    [Fact]
    public void That_none_had_been_reached_stands_and_what_speaks_against_it_is_named()
    {
        var later = Leukaemia(Remission(TimePoint.Week12, 10));
        later.RemissionReachedBefore = false;
        var @case = Of(Remission(TimePoint.EndOfBlock2, 8), later);

        Assert.Equal("Determined {FAILURE}", Decide(@case, "reinduction").Say());
        var finding = Assert.Single(EarlierFindings.Of(new CaseEvaluator(@case), Shipped.Protocol("review-2014"), []));
        Assert.Equal(("case.responses[1].remission_reached_before", "case.responses[0]"), (finding.Field, finding.From));
        Assert.Contains("that stands", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_stays_one_whatever_follows()
    {
        var failed = Leukaemia(Remission(TimePoint.EndOfBlock2, 8));
        failed.RemissionReachedBefore = false;
        Assert.Equal(["Determined {COMPLETE}", "Determined {YES}"], Say(Of(failed, Remission(TimePoint.Week12, 10)), "remission", "dfs_event"));

        var malignancy = Remission(TimePoint.EndOfBlock2, 8);
        malignancy.SecondMalignancy = true;
        var later = Remission(TimePoint.Week12, 10);
        later.ClearSecondMalignancy();
        Assert.Equal("Determined {YES}", Assert.Single(Say(Of(malignancy, later), "dfs_event")));
    }

    [Fact]
    public void What_has_not_happened_by_now_had_not_happened_then_and_what_is_open_stays_open()
    {
        var unsaid = Remission(TimePoint.EndOfBlock1, 8);
        (unsaid.ReinductionCompleted, unsaid.MarrowBlastsPercent) = (false, 40);
        unsaid.ClearDied();
        unsaid.ClearSecondMalignancy();
        var later = Remission(TimePoint.Week12, 10);
        later.RemissionReachedBefore = false;
        Assert.Equal("Determined {NO}", Assert.Single(Say(Of(unsaid, later), "dfs_event")));

        // Whether a remission had been reached and lost before the first block ended, nobody says.
        later.ClearRemissionReachedBefore();
        var open = Decide(Of(unsaid, later), "dfs_event");
        Assert.Equal("Undetermined {YES, NO}", open.Say());
        Assert.Equal(["case.responses[0].remission_reached_before"], open.Missing.Select(missing => missing.Field));
    }

    [Fact]
    public void A_denial_undoes_nothing_that_an_earlier_response_says_or_shows()
    {
        var malignancy = Remission(TimePoint.EndOfBlock1, 8);
        malignancy.SecondMalignancy = true;
        var denied = Decide(Of(malignancy, Remission(TimePoint.EndOfInduction, 10)), "dfs_event");
        Assert.Equal(["case.responses[0].second_malignancy", "case.responses[1].second_malignancy"], Assert.Single(denied.Contradictions).Fields);
        // Between two that are both before the one assessed it is the same, and what does not rest on it stands.
        var unsaid = Remission(TimePoint.Week12, 12);
        unsaid.ClearSecondMalignancy();
        var between = Of(malignancy, Remission(TimePoint.EndOfInduction, 10), unsaid);
        Assert.Equal(["Inconsistent {}", "Determined {COMPLETE}"], Say(between, "dfs_event", "remission"));

        // A relapse after the remission of block 1 was one, though week 12 says that none had been reached.
        var relapse = Leukaemia(Remission(TimePoint.EndOfInduction, 10));
        relapse.ReinductionCompleted = false;
        var later = Remission(TimePoint.Week12, 12);
        Assert.Equal("Determined {YES}", Assert.Single(Say(Of(Remission(TimePoint.EndOfBlock1, 8), relapse, later), "dfs_event")));
        later.RemissionReachedBefore = false;
        Assert.Equal("Determined {YES}", Assert.Single(Say(Of(Remission(TimePoint.EndOfBlock1, 8), relapse, later), "dfs_event")));
    }

    /// <summary>Of each pair the first is assessed before the second by its name; by their dates it is after it.</summary>
    [Theory]
    [InlineData(Reinduction.Unspecified, TimePoint.EndOfBlock1, TimePoint.EndOfInduction)]
    [InlineData(Reinduction.AllRezBfm, TimePoint.EndOfBlock2, TimePoint.EndOfInduction)]
    [InlineData(Reinduction.AllR3, TimePoint.EndOfInduction, TimePoint.EndOfBlock3)]
    [InlineData(Reinduction.Unspecified, TimePoint.Week12, TimePoint.PreTransplant)]
    public void A_date_against_the_order_in_which_responses_are_assessed_is_a_contradiction(Reinduction reinduction, TimePoint earlier, TimePoint later)
    {
        var @case = Of(Remission(later, 8), Leukaemia(Remission(earlier)));
        @case.Treatment = new Treatment { Reinduction = reinduction };
        Assert.Equal("Determined {COMPLETE}", Assert.Single(Say(@case, "remission")));
        @case.Responses[1].AssessDate = SoundCase.Day(2013, 10, 10);
        Assert.Equal(["case.responses[0].assess_date", "case.responses[1].assess_date"], Assert.Single(Decide(@case, "remission").Contradictions).Fields);
    }

    [Fact]
    public void Dates_and_time_points_that_go_round_in_a_circle_are_a_contradiction()
    {
        var @case = Of(Remission(TimePoint.EndOfBlock2, 10), Remission(TimePoint.Week12), Remission(TimePoint.PreTransplant, 8));
        Assert.Equal(3, Assert.Single(Decide(@case, "remission").Contradictions).Fields.Count);
    }

    /// <summary>Treatment comes after the time of relapse (AMB-39): of a response of that time reinduction is pending, whatever the marrow.</summary>
    [Fact]
    public void A_response_at_relapse_is_before_treatment()
    {
        var baseline = new Response { TimePoint = TimePoint.AtRelapse, MarrowBlastsPercent = 80 };
        var pending = Decide(Of(baseline), "reinduction");
        Assert.Equal("Undetermined {PENDING, FAILURE}", pending.Say());
        Assert.Equal(["case.responses[0].died"], pending.Missing.Select(missing => missing.Field));
        baseline.Died = false;
        Assert.Equal(["Determined {PENDING}", "Determined {NO}"], Say(Of(baseline), "reinduction", "refractory"));
        Assert.Equal("Determined {NO}", Assert.Single(Say(Of(baseline, Everywhere(Remission(TimePoint.EndOfInduction))), "dfs_event")));

        baseline.ReinductionCompleted = true;
        Assert.Equal(["case.responses[0].time_point", "case.responses[0].reinduction_completed"], Assert.Single(Decide(Of(baseline), "refractory").Contradictions).Fields);
        baseline.ClearReinductionCompleted();
        baseline.RemissionReachedBefore = true;
        Assert.Equal(["case.responses[0].time_point", "case.responses[0].remission_reached_before"], Assert.Single(Decide(Of(baseline), "relapse_after_remission").Contradictions).Fields);
    }

    /// <summary>What an earlier response leaves open is asked for where it can be said, and each answer leaves what is said of it.</summary>
    [Fact]
    public void An_earlier_response_that_leaves_an_event_open_is_asked_about()
    {
        var open = Remission(TimePoint.EndOfBlock1, 8);
        (open.MarrowBlastsPercent, open.RemissionReachedBefore) = (12, false);
        open.ClearReinductionCompleted();
        var @case = Of(open, Remission(TimePoint.EndOfInduction, 10));
        var answer = Decide(@case, "dfs_event");
        var missing = Assert.Single(answer.Missing);
        Assert.Equal(("case.responses[0].reinduction_completed", 2), (missing.Field, missing.WouldDecide.Count));
        foreach (var would in missing.WouldDecide)
        {
            var stated = Decide(@case.With(changed => changed.Responses[0].ReinductionCompleted = would.Value == "YES"), "dfs_event");
            Assert.Equal((would.Value, would.Value), (Assert.Single(would.Possible), Assert.Single(stated.Possible)));
        }
        Assert.Equal("case.responses[0].reinduction_completed", Assert.Single(Assert.Single(answer.Shortest).Facts).Field);
    }

    /// <summary>Asked for by its time point, the end of induction may have been after an event of a response that has no date.</summary>
    [Fact]
    public void What_may_have_been_before_leaves_open_whether_there_had_been_an_event()
    {
        var failed = Leukaemia(Remission(TimePoint.Other));
        failed.RemissionReachedBefore = false;
        var @case = Of(Everywhere(Remission(TimePoint.EndOfInduction, 10)), failed);
        Decision Asked() => new CaseEvaluator(@case, [], TimePoint.EndOfInduction).Decide(Shipped.Protocol("review-2014"), ["dfs_event"], [], includeTrace: false)[0];
        Assert.Equal("Undetermined {YES, NO}", Asked().Say());
        @case.Responses[1].AssessDate = SoundCase.Day(2013, 8, 10);
        Assert.Equal("Determined {YES}", Asked().Say());
        @case.Responses[1].AssessDate = SoundCase.Day(2013, 12, 10);
        Assert.Equal("Determined {NO}", Asked().Say());
    }

    /// <summary>A count that is no remission by its printed definition, and no leukaemia by another, is not read without a warning.</summary>
    [Fact]
    public void Cells_without_blasts_in_a_fluid_that_was_clean_at_relapse_are_warned_of()
    {
        var cells = Remission(TimePoint.EndOfInduction, 10);
        (cells.CsfWbcPerUl, cells.CsfBlastsPresent, cells.RemissionReachedBefore) = (10, false, false);
        foreach (var decision in new[] { "cns_remission", "remission", "reinduction", "refractory", "dfs_event" })
        {
            Assert.Contains("RESPONSE_CSF_COUNT_WITHOUT_BLASTS", Decide(Of(cells), decision).Warnings.Select(warning => warning.Code));
        }
        cells.CsfWbcPerUl = 4;
        Assert.DoesNotContain("RESPONSE_CSF_COUNT_WITHOUT_BLASTS", Decide(Of(cells), "remission").Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void A_response_after_a_death_and_a_remission_undone_are_contradictions()
    {
        var dead = Remission(TimePoint.EndOfBlock2, 8);
        dead.Died = true;
        var alive = Decide(Of(dead, Remission(TimePoint.Week12, 10)), "dfs_event");
        Assert.Equal(["case.responses[0].died", "case.responses[1].died"], Assert.Single(alive.Contradictions).Fields);

        var reached = Remission(TimePoint.EndOfBlock2, 8);
        reached.RemissionReachedBefore = true;
        var later = Remission(TimePoint.Week12, 10);
        later.RemissionReachedBefore = false;
        Assert.Equal(Outcome.Inconsistent, Decide(Of(reached, later), "reinduction").Outcome);
    }

    [Fact]
    public void A_response_before_the_relapse_and_testes_of_a_girl_are_contradictions()
    {
        var early = Decide(Of(Remission(TimePoint.EndOfBlock2, 5)), "remission");
        Assert.Equal(["case.responses[0].assess_date", "case.timing.relapse_date"], Assert.Single(early.Contradictions).Fields);

        var girl = Of(Remission(TimePoint.EndOfBlock2, 8)).With(@case => (@case.Sex, @case.Testes, @case.Responses[0].TestesNormal) = (Sex.Female, null, false));
        Assert.Equal(["case.sex", "case.responses[0].testes_normal"], Assert.Single(Decide(girl, "relapse_after_remission").Contradictions).Fields);
        Assert.Equal("Determined {M1}", Decide(girl, "response_marrow_status").Say());
    }

    /// <summary>What the centre concluded of the response assessed it did not conclude of those before.</summary>
    [Fact]
    public void An_established_remission_is_of_the_response_assessed()
    {
        var @case = Of(Leukaemia(Remission(TimePoint.EndOfBlock2, 8)), Remission(TimePoint.Week12, 10));
        @case.Established.Add(new EstablishedConclusion { Decision = "remission", Conclusion = "COMPLETE" });
        Assert.DoesNotContain(new CaseEvaluator(@case).Derived(Shipped.Protocol("review-2014"), []), derived => derived.Fact == "remission_reached_before");
    }

    [Theory]
    [InlineData(Reinduction.Unspecified, TimePoint.EndOfBlock3, null)]
    [InlineData(Reinduction.AllR3, TimePoint.EndOfBlock3, TimePoint.EndOfBlock3)]
    [InlineData(Reinduction.AllR3, TimePoint.EndOfBlock2, null)]
    [InlineData(Reinduction.Unspecified, TimePoint.EndOfBlock1, TimePoint.EndOfInduction)]
    [InlineData(Reinduction.Unspecified, TimePoint.Week12, TimePoint.Week12)]
    public void The_end_of_induction_is_after_the_blocks_that_it_has(Reinduction reinduction, TimePoint block, TimePoint? latest)
    {
        var @case = Of(Remission(TimePoint.EndOfInduction), Remission(block));
        @case.Treatment = new Treatment { Reinduction = reinduction };
        var assessed = AssessedResponse.Of(@case, TimePoint.Unspecified);
        Assert.Equal(latest, assessed.Index is { } index ? @case.Responses[index].TimePoint : null);
    }

    [Fact]
    public void When_nothing_says_which_is_the_latest_a_date_is_missing_and_nothing_that_is_given()
    {
        var @case = Of(Remission(TimePoint.Other, 8), Remission(TimePoint.Other));
        var answer = Decide(@case, "response_marrow_status");
        Assert.Equal("Undetermined {M1, M2, M3}", answer.Say());
        Assert.Equal("case.responses[1].assess_date", Assert.Single(answer.Missing).Field);
        Assert.StartsWith("marrow_blasts_percent of the latest: ", answer.Missing[0].WouldDecide[0].Value, StringComparison.Ordinal);
    }

    /// <summary>Answers are remembered by what they hang on; the field that is asked for is the response's own.</summary>
    [Fact]
    public void What_was_not_looked_at_is_asked_for_of_the_response_assessed()
    {
        RelapseCase Involved(params Response[] responses) => Of(responses).With(@case => @case.Testes = new Testes { Enlarged = TesticularEnlargement.Bilateral, BiopsyPositive = true });
        Assert.Equal("case.responses[0].testes_normal", Assert.Single(Decide(Involved(Remission(TimePoint.EndOfBlock2, 8)), "testicular_remission").Missing).Field);
        Assert.Equal(
            "case.responses[1].testes_normal",
            Assert.Single(Decide(Involved(Remission(TimePoint.EndOfBlock2, 8), Remission(TimePoint.Week12, 10)), "testicular_remission").Missing).Field);
    }

    /// <summary>Fluid and other sites looked at, so that a relapse there is ruled out too.</summary>
    private static Response Everywhere(Response response)
    {
        (response.CsfWbcPerUl, response.CsfBlastsPresent, response.OtherSitesClear) = (1, false, true);
        return response;
    }

    private static Response Leukaemia(Response response)
    {
        response.MarrowBlastsPercent = 40;
        return response;
    }

    private static RelapseCase Of(params Response[] responses) => SoundCase.LateIsolatedMarrow().With(@case => @case.Responses.Add(responses));

    private static Decision Decide(RelapseCase @case, string decision) => Shipped.Protocol("review-2014").Decide(@case, decision);

    private static string[] Say(RelapseCase @case, params string[] decisions) => [.. decisions.Select(decision => Decide(@case, decision).Say())];
}
