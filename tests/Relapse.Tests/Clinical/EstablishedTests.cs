using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Conclusions that the centre made stand in for derived ones, are marked so, and are held against the facts.</summary>
public sealed class EstablishedTests
{
    private const string Name = "protocols/i-bfm-sg/versions/2014.1";

    [Fact]
    public void An_established_conclusion_stands_in_for_the_derived_one_and_feeds_what_looks_at_it()
    {
        var @case = Established(new RelapseCase { RelapseNumber = 1, History = new History { NoPriorTransplant = true } }, ("timing", Name, "VERY_EARLY"), ("relapse_site", "", "COMBINED"));
        var timing = Decide(@case, "timing");
        Assert.True(timing.Established);
        Assert.Equal("Determined {VERY_EARLY}", timing.Say());
        Assert.Equal("established", Assert.Single(timing.Because).Rule);
        var group = Decide(@case, "risk_group");
        Assert.False(group.Established);
        Assert.Equal("Determined {HIGH}", group.Say());
    }

    [Theory]
    [InlineData("protocols/i-bfm-sg", true)]
    [InlineData(Name, true)]
    [InlineData("protocols/i-bfm-sg/versions/2014.2", false)]
    [InlineData("protocols/all-rez-bfm", false)]
    public void A_conclusion_counts_for_the_protocol_in_whose_words_it_is_stated(string protocol, bool counts) =>
        Assert.Equal(counts, Decide(Established(new RelapseCase { RelapseNumber = 1 }, ("timing", protocol, "LATE")), "timing").Established);

    [Fact]
    public void One_that_the_facts_exclude_is_inconsistent_and_names_both_and_so_is_what_looks_at_it()
    {
        var @case = Established(SoundCase.LateCombined(), ("marrow_status", "", "M1"));
        var marrow = Decide(@case, "marrow_status");
        Assert.Equal(Outcome.Inconsistent, marrow.Outcome);
        Assert.Equal(["case.established[0]", "case.marrow.blasts_percent"], Assert.Single(marrow.Contradictions).Fields);
        Assert.Equal(Outcome.Inconsistent, Decide(@case, "risk_group").Outcome);
        Assert.Equal(Outcome.Determined, Decide(@case, "cns_involvement").Outcome);
    }

    [Fact]
    public void One_that_holds_under_another_reading_of_an_ambiguity_is_not_excluded()
    {
        var m1 = SoundCase.LateCombined().With(changed => changed.Marrow.BlastsPercent = 2);
        Assert.Equal("Conditional {COMBINED}", Decide(m1, "relapse_site").Say());
        Assert.Equal("Determined {ISOLATED_EXTRAMEDULLARY}", Decide(Established(m1, ("relapse_site", "", "ISOLATED_EXTRAMEDULLARY")), "relapse_site").Say());
    }

    [Fact]
    public void Two_of_one_decision_that_differ_contradict_each_other()
    {
        var @case = Established(new RelapseCase(), ("relapse_site", "", "COMBINED"), ("relapse_site", Name, "ISOLATED_MARROW"));
        var answer = Decide(@case, "relapse_site");
        Assert.Equal(Outcome.Inconsistent, answer.Outcome);
        Assert.Equal(["case.established[0]", "case.established[1]"], Assert.Single(answer.Contradictions).Fields);
        Assert.Equal(Outcome.Inconsistent, Decide(@case, "risk_group").Outcome);
    }

    [Fact]
    public void Two_of_one_decision_that_agree_are_one() => Assert.Equal(
        "Determined {COMBINED}",
        Decide(Established(new RelapseCase(), ("relapse_site", "", "COMBINED"), ("relapse_site", Name, "COMBINED")), "relapse_site").Say());

    [Fact]
    public void Scope_that_is_not_confirmed_is_a_condition_of_an_established_conclusion_too()
    {
        var answer = Decide(Established(new RelapseCase(), ("timing", Name, "LATE")), "timing");
        Assert.Equal("Conditional {LATE}", answer.Say());
        Assert.Equal(["first-relapse", "first-remission"], answer.Conditions.Select(condition => condition.Id));
    }

    private static Decision Decide(RelapseCase @case, string decision) => Shipped.Protocol("i-bfm-sg").Decide(@case, decision);

    private static RelapseCase Established(RelapseCase @case, params (string Decision, string Protocol, string Conclusion)[] conclusions) => @case.With(changed =>
        changed.Established.Add(conclusions.Select(made => new EstablishedConclusion { Decision = made.Decision, Protocol = made.Protocol, Conclusion = made.Conclusion })));
}
