using Relapse.Clinical;
using Relapse.Contracts.Case.V1;

namespace Relapse.Tests.Clinical;

/// <summary>What lay before the relapse, and what the case says lay there and cannot have.</summary>
public sealed class HistoryTests
{
    [Fact]
    public void A_transplant_after_the_relapse_is_no_prior_transplant()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.History.Transplants.Add(new Contracts.Case.V1.Transplant { Date = SoundCase.Day(2020, 5, 1) }));
        Assert.Equal("Determined {STANDARD}", Group(@case).Say());
    }

    [Fact]
    public void A_transplant_of_which_the_date_is_not_known_may_be_a_prior_one()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.History = new History { Transplants = { new Contracts.Case.V1.Transplant() } });
        Assert.Equal(Contracts.Decision.V1.Outcome.OutOfScope, Group(@case).Outcome);
    }

    [Fact]
    public void A_transplant_before_the_diagnosis_contradicts_it()
    {
        var @case = SoundCase.LateCombined().With(changed => changed.History = new History { Transplants = { new Contracts.Case.V1.Transplant { Date = SoundCase.Day(2001, 5, 1) } } });
        Assert.Equal(["case.history.transplants[0].date", "case.timing.diagnosis_date"], Assert.Single(Group(@case).Contradictions).Fields);
    }

    [Fact]
    public void A_previous_relapse_after_this_one_contradicts_it()
    {
        var @case = SoundCase.LateCombined().With(changed =>
        {
            changed.RelapseNumber = 2;
            changed.PreviousRelapses.Add(new PreviousRelapse { Date = SoundCase.Day(2020, 5, 1) });
        });
        Assert.Equal(["case.previous_relapses[0].date", "case.timing.relapse_date"], Assert.Single(Group(@case).Contradictions).Fields);
    }

    [Fact]
    public void A_risk_group_established_in_a_second_relapse_is_out_of_scope_and_not_a_contradiction()
    {
        var @case = SoundCase.LateCombined().With(changed =>
        {
            changed.RelapseNumber = 2;
            changed.Established.Add(new EstablishedConclusion { Decision = "risk_group", Protocol = "protocols/i-bfm-sg", Conclusion = "HIGH" });
        });
        Assert.Equal(Contracts.Decision.V1.Outcome.OutOfScope, Group(@case).Outcome);
    }

    [Fact]
    public void A_proven_testis_is_not_called_probable()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Testes = new Testes { BiopsyPositive = true });
        var answer = Shipped.Protocol("i-bfm-sg").Decide(@case, "testicular_involvement");
        Assert.Equal("Determined {INVOLVED}", answer.Say());
        Assert.DoesNotContain("PROBABLE_TESTICULAR", answer.Warnings.Select(warning => warning.Code));
    }

    private static Contracts.Decision.V1.Decision Group(RelapseCase @case) => Shipped.Protocol("i-bfm-sg").Decide(@case, "risk_group");
}
