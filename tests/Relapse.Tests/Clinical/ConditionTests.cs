using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Readings, variants and scope make an answer conditional exactly where they matter.</summary>
public sealed class ConditionTests
{
    [Fact]
    public void A_reading_that_would_decide_otherwise_is_a_condition_with_what_it_would_be()
    {
        var answer = Decide(ExactlySixMonths(), "timing");
        Assert.Equal("Conditional {EARLY}", answer.Say());
        var condition = Assert.Single(answer.Conditions);
        Assert.Equal((ConditionKind.Reading, "exactly_six_months"), (condition.Kind, condition.Id));
        Assert.Equal(["LATE"], condition.Otherwise);
    }

    [Fact]
    public void The_other_reading_chosen_is_used_and_the_first_is_then_the_condition()
    {
        var answer = Decide(ExactlySixMonths(), "timing", new ChosenReading("exactly_six_months", "LATE"));
        Assert.Equal("Conditional {LATE}", answer.Say());
        Assert.Equal(["EARLY"], Assert.Single(answer.Conditions).Otherwise);
    }

    [Theory]
    [InlineData(Lineage.TCell, "Determined {HIGH}")]
    [InlineData(Lineage.BCellPrecursor, "Conditional {HIGH}")]
    public void A_reading_on_the_way_matters_only_where_the_group_differs(Lineage lineage, string expected)
    {
        var @case = ExactlySixMonths().With(changed => (changed.Lineage, changed.Csf) = (lineage, SoundCase.LateIsolatedMarrow().Csf));
        Assert.Equal(expected, Decide(@case, "risk_group").Say());
    }

    [Fact]
    public void Readings_that_decide_otherwise_only_together_are_both_conditions()
    {
        // Combined or isolated extramedullary, early or late: in the BFM scheme only late isolated extramedullary differs.
        var @case = ExactlySixMonths().With(changed => changed.Marrow.BlastsPercent = 2);
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "risk_group");
        Assert.Equal("Conditional {INTERMEDIATE}", answer.Say());
        Assert.Equal(["blood_blasts_with_m1", "exactly_six_months"], answer.Conditions.Select(condition => condition.Id).Order(StringComparer.Ordinal));
        Assert.All(answer.Conditions, condition => Assert.Equal(["STANDARD"], condition.Otherwise));
    }

    [Fact]
    public void A_variant_is_no_condition_until_it_is_chosen()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.Csf.ConsecutivePositiveSamples = 1);
        Assert.Equal("Determined {INVOLVED}", Decide(@case, "cns_involvement").Say());
        var chosen = Decide(@case, "cns_involvement", new ChosenReading("csf_confirmation", "TWO_SAMPLES"));
        Assert.Equal("Conditional {NOT_INVOLVED}", chosen.Say());
        Assert.Equal("csf_confirmation", Assert.Single(chosen.Conditions).Id);
    }

    [Fact]
    public void A_variant_chosen_that_changes_nothing_is_no_condition() =>
        Assert.Equal("Determined {INVOLVED}", Decide(SoundCase.LateCombined(), "cns_involvement", new ChosenReading("csf_confirmation", "TWO_SAMPLES")).Say());

    [Theory]
    [InlineData("no-prior-transplant", "risk_group")]
    [InlineData("first-relapse", "risk_group")]
    [InlineData("first-relapse", "timing")]
    public void Scope_that_is_not_stated_is_a_condition(string scope, string decision)
    {
        var answer = Decide(
            SoundCase.LateCombined().With(changed =>
            {
                if (scope == "first-relapse")
                {
                    changed.FirstRemissionAchieved = true;
                    changed.ClearRelapseNumber();
                }
                else
                {
                    changed.History = null;
                }
            }),
            decision);
        Assert.Equal(Outcome.Conditional, answer.Outcome);
        Assert.Equal((ConditionKind.ScopeNotConfirmed, scope), (Assert.Single(answer.Conditions).Kind, answer.Conditions[0].Id));
    }

    [Fact]
    public void Scope_is_of_each_decision_so_that_a_site_has_no_condition() =>
        Assert.Equal("Determined {COMBINED}", Decide(SoundCase.LateCombined().With(changed => changed.History = null), "relapse_site").Say());

    [Fact]
    public void A_stated_fact_outside_the_scope_takes_the_case_out_and_says_by_which_rule()
    {
        var transplanted = SoundCase.LateCombined().With(changed => changed.History = new History { NoPriorTransplant = false });
        var answer = Decide(transplanted, "risk_group");
        Assert.Equal("OutOfScope {}", answer.Say());
        Assert.Equal("no-prior-transplant", Assert.Single(answer.Because).Rule);
        Assert.Equal(Outcome.Determined, Decide(transplanted, "timing").Outcome);
    }

    [Theory]
    [InlineData(Lineage.MatureB)]
    [InlineData(Lineage.Lymphoma)]
    public void Another_disease_is_out_of_scope_and_a_lineage_not_stated_is_not(Lineage lineage)
    {
        Assert.Equal(Outcome.OutOfScope, Decide(SoundCase.LateCombined().With(changed => changed.Lineage = lineage), "risk_group").Outcome);
        Assert.NotEqual(Outcome.OutOfScope, Decide(SoundCase.LateCombined().With(changed => changed.Lineage = Lineage.Unspecified), "risk_group").Outcome);
    }

    [Fact]
    public void More_than_one_relapse_is_out_of_scope_though_the_number_is_not_known()
    {
        var @case = SoundCase.LateCombined().With(changed =>
        {
            changed.ClearRelapseNumber();
            changed.Bounded.Add(new BoundedFact { Field = "case.relapse_number", Min = 1, MinExclusive = true });
        });
        Assert.Equal(Outcome.OutOfScope, Decide(@case, "risk_group").Outcome);
    }

    private static RelapseCase ExactlySixMonths() => SoundCase.LateCombined().With(changed => changed.Timing.RelapseDate = SoundCase.Day(2012, 9, 12));

    private static Decision Decide(RelapseCase @case, string decision, params ChosenReading[] readings) => Shipped.Protocol("i-bfm-sg").Decide(@case, decision, readings);
}
