using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Which facts an answer asks for, and what it says that each would decide.</summary>
public sealed class MissingFactTests
{
    [Fact]
    public void Without_a_lineage_a_very_early_combined_relapse_is_settled_all_the_same() => Assert.Equal(
        "Determined {HIGH}", Decide(SoundCase.LateCombined().VeryEarly().With(changed => changed.Lineage = Lineage.Unspecified), "risk_group").Say());

    [Theory]
    [InlineData(Lineage.Unspecified)]
    [InlineData(Lineage.Mixed)]
    public void Without_a_lineage_a_late_combined_relapse_asks_for_it_and_says_the_group_of_each(Lineage lineage)
    {
        var answer = Decide(SoundCase.LateCombined().With(changed => changed.Lineage = lineage), "risk_group");
        Assert.Equal("Undetermined {STANDARD, HIGH}", answer.Say());
        Assert.Equal("case.lineage: B_CELL_PRECURSOR -> STANDARD; T_CELL -> HIGH", Say(Assert.Single(answer.Missing)));
        Assert.Equal("case.lineage", Assert.Single(Assert.Single(answer.Shortest).Facts).Field);
    }

    [Fact]
    public void A_traumatic_tap_is_settled_by_another_sample()
    {
        var answer = Decide(SoundCase.LateIsolatedMarrow().With(changed => changed.Csf = new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true, ErythrocytesPerUl = 500 }), "cns_involvement");
        Assert.Equal("Undetermined {INVOLVED, NOT_INVOLVED}", answer.Say());
        Assert.Equal("case.csf: new finding: INVOLVED -> INVOLVED; new finding: NOT_INVOLVED -> NOT_INVOLVED", Say(Assert.Single(answer.Missing)));
    }

    [Fact]
    public void An_enlarged_testis_without_a_biopsy_asks_for_the_biopsy_and_a_pending_one_for_its_result()
    {
        var enlarged = SoundCase.LateIsolatedMarrow().With(changed => changed.Testes.Enlarged = TesticularEnlargement.Unilateral);
        Assert.Equal("case.testes.biopsy_positive", Assert.Single(Decide(enlarged, "testicular_involvement").Missing).Field);
        var pending = enlarged.With(changed => changed.Unknown.Add(new UnknownFact { Field = "case.testes.biopsy_positive", Reason = UnknownReason.Pending }));
        Assert.Equal(
            "case.testes.biopsy_positive: NEGATIVE -> NOT_INVOLVED; POSITIVE -> INVOLVED",
            Say(Assert.Single(Decide(pending, "testicular_involvement").Missing)));
    }

    [Fact]
    public void A_biopsy_not_done_is_asked_for_by_what_it_would_show_and_alone_may_settle()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Testes = null);
        var answer = Decide(@case, "testicular_involvement");
        Assert.Contains("case.testes.biopsy_positive: NEGATIVE -> INVOLVED|NOT_INVOLVED; POSITIVE -> INVOLVED", answer.Missing.Select(Say));
        Assert.Contains("case.testes.biopsy_positive", answer.Shortest.Select(set => Assert.Single(set.Facts).Field));
        Assert.Equal("Determined {INVOLVED}", Decide(@case.With(changed => changed.Testes = new Testes { BiopsyPositive = true }), "testicular_involvement").Say());
    }

    [Fact]
    public void A_biopsy_listed_as_not_known_without_a_reason_may_still_be_positive()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Unknown.Add(new UnknownFact { Field = "case.testes.biopsy_positive" }));
        Assert.Equal("Undetermined {INVOLVED, NOT_INVOLVED}", Decide(@case, "testicular_involvement").Say());
        var notDone = @case.With(changed => changed.Unknown[0].Reason = UnknownReason.NotDone);
        Assert.Equal("Determined {NOT_INVOLVED}", Decide(notDone, "testicular_involvement").Say());
    }

    [Fact]
    public void What_settles_does_so_under_every_live_reading_where_that_can_be_had()
    {
        // Exactly six months after therapy is a question of reading; a later day is not.
        var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing
        {
            DiagnosisDate = SoundCase.Day(2010, 1, 10),
            RelapseDate = SoundCase.Day(2012, 9, 10),
            PrimaryTherapyStatus = PrimaryTherapyStatus.Completed,
        });
        foreach (var set in Decide(@case, "timing").Shortest)
        {
            Assert.NotEqual("2012-03-10", Assert.Single(set.Facts).Value);
        }
    }

    [Fact]
    public void The_sex_alone_may_be_what_is_missing_and_a_testicular_finding_says_it()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => (changed.Sex, changed.Testes) = (Sex.Unspecified, new Testes()));
        var answer = Decide(@case, "testicular_involvement");
        Assert.Contains("case.sex: FEMALE -> NOT_INVOLVED; MALE -> INVOLVED|NOT_INVOLVED", answer.Missing.Select(Say));
        Assert.Equal("Determined {NOT_INVOLVED}", Decide(@case.With(changed => changed.Testes.Enlarged = TesticularEnlargement.None), "testicular_involvement").Say());
    }

    [Fact]
    public void A_positive_sample_holds_blasts_so_that_they_are_not_asked_for()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Csf = new CerebrospinalFluid { WbcPerUl = 40, ErythrocytesPerUl = 0, ConsecutivePositiveSamples = 2 });
        Assert.Equal("Determined {INVOLVED}", Decide(@case, "cns_involvement").Say());
    }

    [Fact]
    public void Other_sites_not_looked_for_are_asked_for_and_a_suspected_one_by_its_biopsy()
    {
        var notAssessed = SoundCase.LateIsolatedMarrow().With(changed => changed.ClearOtherSitesAssessed());
        Assert.Equal(
            ["case.other_sites: another site, biopsy POSITIVE -> INVOLVED; no other site -> NOT_INVOLVED", "case.other_sites_assessed: true -> NOT_INVOLVED; false -> INVOLVED|NOT_INVOLVED"],
            Decide(notAssessed, "other_involvement").Missing.Select(Say));
        var suspected = SoundCase.LateIsolatedMarrow().With(changed => changed.OtherSites.Add(new OtherSite { Site = Site.Bone, Suspected = true }));
        Assert.Equal("case.other_sites[0].biopsy_positive: POSITIVE -> INVOLVED; NEGATIVE -> NOT_INVOLVED", Say(Assert.Single(Decide(suspected, "other_involvement").Missing)));
    }

    [Fact]
    public void A_relapse_known_to_the_month_says_which_days_decide_what()
    {
        var @case = SoundCase.LateCombined().With(changed => (changed.Timing.PrimaryTherapyEndDate, changed.Timing.RelapseDate) = (SoundCase.Day(2012, 3, 12), SoundCase.Day(2012, 9)));
        var answer = Decide(@case, "timing");
        Assert.Equal("Undetermined {EARLY, LATE}", answer.Say());
        Assert.Equal("case.timing.relapse_date: 2012-09-01 to 2012-09-12 -> EARLY; 2012-09-13 to 2012-09-30 -> LATE", Say(Assert.Single(answer.Missing)));
    }

    [Fact]
    public void An_end_of_therapy_that_is_given_says_that_therapy_had_ended()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing { DiagnosisDate = SoundCase.Day(2010, 3, 12), RelapseDate = SoundCase.Day(2013, 6, 20) });
        var answer = Decide(@case, "timing");
        Assert.Contains("case.timing.primary_therapy_end_date: 2010-03-12 to 2012-12-19 -> LATE; 2012-12-20 to 2013-06-20 -> EARLY", answer.Missing.Select(Say));
        Assert.Contains("case.timing.primary_therapy_status: ON_TREATMENT -> EARLY; COMPLETED or STOPPED_EARLY -> EARLY|LATE", answer.Missing.Select(Say));
    }

    [Fact]
    public void Of_a_case_of_which_nothing_is_known_every_conclusion_is_possible_and_no_joint_input_is_named()
    {
        foreach (var protocol in Shipped.Library.Versions)
        {
            foreach (var (decision, table) in protocol.Document.Decisions)
            {
                var answer = protocol.Decide(new RelapseCase(), decision);
                Assert.Equal(Outcome.Undetermined, answer.Outcome);
                Assert.Equal(table.Conclusions, answer.Possible);
                Assert.All(answer.Missing, missing => Assert.True(
                    missing.Field.StartsWith("case.", StringComparison.Ordinal) || protocol.Document.Readings.Any(reading => missing.Field == $"readings.{reading.Key}" && reading.Value.Default.Length == 0), missing.Field));
                Assert.NotEmpty(answer.Shortest);
            }
        }
    }

    [Fact]
    public void Whole_children_told_whole_leave_nothing_to_ask_but_what_is_still_to_be_found()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var @case = Told.Next(random, TrueChild.Next(random), 1).Case();
            foreach (var protocol in Shipped.Library.Versions)
            {
                foreach (var decision in new CaseEvaluator(@case).Decide(protocol, [.. protocol.Document.Decisions.Keys.Except(WellKnownDecisions.Mrd).Except(WellKnownDecisions.Response).Except(WellKnownDecisions.Transplant)], [], includeTrace: true))
                {
                    Assert.All(decision.Missing, missing => Assert.True(
                        missing.Field.StartsWith("case.other_sites", StringComparison.Ordinal) || missing.Field.EndsWith("biopsy_positive", StringComparison.Ordinal) || missing.WouldDecide.All(would => !Supplied.CanBe(would.Value)), $"seed {seed}: {missing}"));
                }
            }
        }
    }

    [Fact]
    public void Deciding_neither_changes_the_case_nor_the_next_answer()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var @case = Told.Next(random, TrueChild.Next(random), 0.7).Case();
            var before = @case.Clone();
            var evaluator = new CaseEvaluator(@case);
            foreach (var protocol in Shipped.Library.Versions)
            {
                var first = evaluator.Decide(protocol, WellKnownDecisions.All, [], includeTrace: true);
                Assert.Equal(first, evaluator.Decide(protocol, WellKnownDecisions.All, [], includeTrace: true));
                Assert.Equal(first, new CaseEvaluator(before).Decide(protocol, WellKnownDecisions.All, [], includeTrace: true));
            }
            Assert.Equal(before, @case);
        }
    }

    private static Decision Decide(RelapseCase @case, string decision) => Shipped.Protocol("i-bfm-sg").Decide(@case, decision);

    private static string Say(MissingFact missing) =>
        $"{missing.Field}: {string.Join("; ", missing.WouldDecide.Select(would => $"{would.Value} -> {string.Join("|", would.Possible)}"))}";
}
