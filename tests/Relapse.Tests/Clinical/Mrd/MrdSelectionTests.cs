using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using static Relapse.Tests.Clinical.Mrd.MrdCase;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>Which result of a series is used, and why each other is not.</summary>
public sealed class MrdSelectionTests
{
    [Fact]
    public void The_protocols_method_goes_before_another_and_then_the_latest()
    {
        var selection = Select("ukall-r3", Of(
            Quantified("1e-2").Collected(8, 1),
            Quantified("1e-5").By(MrdMethod.Flow).Collected(9, 1),
            Quantified("1e-3").Collected(8, 3),
            Quantified("1e-6").At(TimePoint.Week12)));
        Assert.Equal([2], selection.Used);
        Assert.Equal(Interval.Point(0.001m), selection.Level);
        Assert.True(selection.IsByOwnMethod);
        Assert.Equal([(0, "EARLIER"), (1, "OTHER_METHOD"), (3, "OTHER_TIME_POINT")], selection.Unused.Select(unused => (unused.Index, unused.Code)));
        Assert.NotEmpty(selection.Reason);
    }

    [Fact]
    public void One_that_found_something_out_goes_before_one_that_did_not()
    {
        var selection = Select("ukall-r3", Of(NotEvaluable().Collected(9, 1), Quantified("1e-3").By(MrdMethod.Flow).Collected(8, 1)));
        Assert.Equal([1], selection.Used);
        Assert.False(selection.IsByOwnMethod);
        Assert.Equal("NOT_EVALUABLE", Assert.Single(selection.Unused).Code);
        var none = Select("ukall-r3", Of(NotEvaluable()));
        Assert.Equal([0], none.Used);
        Assert.Null(none.Level);
    }

    [Fact]
    public void The_same_result_twice_is_one()
    {
        var selection = Select("ukall-r3", Of(Quantified("1e-3"), Quantified("0.1", MrdUnit.Percent)));
        Assert.Equal([0], selection.Used);
        Assert.Equal("DUPLICATE", Assert.Single(selection.Unused).Code);
    }

    [Fact]
    public void Of_results_that_nothing_orders_all_that_either_says_is_possible()
    {
        var @case = Of(Quantified("1e-5"), Quantified("1e-3"));
        var selection = Select("ukall-r3", @case);
        Assert.Equal([0, 1], selection.Used);
        Assert.Equal(new Interval(0.00001m, false, 0.001m, false), selection.Level);
        Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(@case, "mrd_response").Say());
        Assert.Equal("Determined {AT_OR_ABOVE_CUT_OFF}", MrdCase.Response("ukall-r3", Quantified("2e-3"), Quantified("1e-3")).Say());
    }

    /// <summary>Neither says anything between the two, and the date that would order them is what is missing.</summary>
    [Fact]
    public void Of_results_that_nothing_orders_what_lies_between_is_not_possible()
    {
        var all = Shipped.Protocol("all-rez-bfm");
        var answer = all.Decide(Of(Quantified("5e-5").Collected(8, 10), Quantified("5e-3")), "mrd_band");
        Assert.Equal("Undetermined {BELOW_1E_4, FROM_1E_3_TO_1E_2}", answer.Say());
        var missing = Assert.Single(answer.Missing);
        Assert.Equal("case.mrd[1].collect_date", missing.Field);
        Assert.Equal(["case.mrd[0] is the latest", "case.mrd[1] is the latest"], missing.WouldDecide.Select(would => would.Value));
        Assert.Equal(["BELOW_1E_4", "FROM_1E_3_TO_1E_2"], missing.WouldDecide.Select(would => Assert.Single(would.Possible)));
        // Of one day no date says which counts.
        Assert.Equal("case.mrd", Assert.Single(all.Decide(Of(Quantified("5e-5").Collected(8, 10), Quantified("5e-3").Collected(8, 10)), "mrd_band").Missing).Field);
    }

    [Fact]
    public void A_result_of_treatment_from_before_the_relapse_is_a_contradiction_where_it_is_used()
    {
        var old = Quantified("5e-5").Collected(6, 19);
        var answer = Shipped.Protocol("ukall-r3").Decide(Of(old), "mrd_response");
        Assert.Equal(Outcome.Inconsistent, answer.Outcome);
        Assert.Equal(["case.mrd[0].collect_date", "case.timing.relapse_date"], Assert.Single(answer.Contradictions).Fields);
        Assert.Equal("Determined {HIGH}", Shipped.Protocol("ukall-r3").Decide(Of(old).VeryEarly().With(@case => @case.Mrd[0].CollectDate = SoundCase.Day(2010)), "risk_group").Say());
        Assert.Equal("Determined {AT_OR_ABOVE_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(Of(old, Quantified("5e-4").Collected(8, 1)), "mrd_response").Say());
        // A month that reaches into the relapse may be after it.
        Assert.Equal("Determined {BELOW_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(Of(old).With(@case => @case.Mrd[0].CollectDate = SoundCase.Day(2013, 6)), "mrd_response").Say());
    }

    /// <summary>That block 1 is the induction of UKALL R3 is known second-hand only (P02).</summary>
    [Theory]
    [InlineData(Reinduction.Unspecified, "5e-5", "Conditional {BELOW_CUT_OFF}")]
    [InlineData(Reinduction.AllR3, "5e-4", "Conditional {AT_OR_ABOVE_CUT_OFF}")]
    [InlineData(Reinduction.AllRezBfm, "5e-5", "Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}")]
    public void A_result_of_block_1_counts_for_UKALL_R3_on_a_condition(Reinduction reinduction, string level, string expected)
    {
        var @case = Of(Quantified(level).At(TimePoint.EndOfBlock1)).With(@case => @case.Treatment = new Treatment { Reinduction = reinduction });
        var answer = Shipped.Protocol("ukall-r3").Decide(@case, "mrd_response");
        Assert.Equal(expected, answer.Say());
        Assert.Equal(expected.StartsWith("Conditional", StringComparison.Ordinal), answer.Conditions.Any(condition => condition is { Kind: ConditionKind.SourceNotRead, Id: "block-1-is-the-induction" }));
        // What hangs on no result bears no condition of it.
        Assert.Empty(Shipped.Protocol("ukall-r3").Decide(@case, "timing").Conditions);
    }

    /// <summary>Two names of one time point: which of the results counts no date says, and one of the protocol's own name needs no condition.</summary>
    [Fact]
    public void Of_two_names_of_one_time_point_no_result_is_put_aside_by_its_date()
    {
        var apart = Of(Quantified("5e-4").At(TimePoint.EndOfBlock1).Collected(8, 1), Quantified("5e-5").Collected(10, 1));
        var answer = Shipped.Protocol("ukall-r3").Decide(apart, "mrd_response");
        Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", answer.Say());
        Assert.Equal("case.mrd", Assert.Single(answer.Missing).Field);
        Assert.Equal([0, 1], Select("ukall-r3", apart).Used);
        Assert.Equal("Determined {BELOW_CUT_OFF}", Shipped.Protocol("ukall-r3").Decide(Of(Quantified("1e-5").At(TimePoint.EndOfBlock1), Quantified("5e-5")), "mrd_response").Say());
    }

    /// <summary>A block of one reinduction is not that of another, and the end of three blocks not that of an induction.</summary>
    [Theory]
    [InlineData("all-rez-bfm", TimePoint.EndOfBlock2, Reinduction.AllR3)]
    [InlineData("all-rez-bfm", TimePoint.EndOfBlock2, Reinduction.Aall01P2)]
    [InlineData("all-rez-bfm", TimePoint.EndOfInduction, Reinduction.Aall01P2)]
    [InlineData("ukall-r3", TimePoint.EndOfBlock1, Reinduction.AllRezBfm)]
    [InlineData("ukall-r3", TimePoint.EndOfInduction, Reinduction.Aall01P2)]
    [InlineData("i-bfm-sg", TimePoint.EndOfInduction, Reinduction.Aall01P2)]
    [InlineData("intreall-sr-2010", TimePoint.EndOfInduction, Reinduction.Aall01P2)]
    public void After_another_reinduction_a_result_is_not_of_the_protocols_time_point(string protocol, TimePoint at, Reinduction reinduction)
    {
        var @case = Of(Quantified("1e-6").At(at)).With(@case => @case.Treatment = new Treatment { Reinduction = reinduction, Arm = "A" });
        Assert.Equal("Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}", Shipped.Protocol(protocol).Decide(@case, "mrd_response").Say());
        Assert.Equal("OTHER_REINDUCTION", Assert.Single(Select(protocol, @case).Unused).Code);
    }

    /// <summary>What is concluded while reinduction is not stated holds unless it was one after which the result is of another time point, and says so.</summary>
    [Theory]
    [InlineData("all-rez-bfm", TimePoint.EndOfBlock2, "ALL R3 or AALL01P2")]
    [InlineData("all-rez-bfm", TimePoint.EndOfInduction, "AALL01P2")]
    [InlineData("ukall-r3", TimePoint.EndOfBlock1, "ALL-REZ BFM or AALL01P2")]
    [InlineData("ukall-r3", TimePoint.EndOfInduction, "AALL01P2")]
    [InlineData("i-bfm-sg", TimePoint.EndOfInduction, "AALL01P2")]
    [InlineData("intreall-sr-2010", TimePoint.EndOfInduction, "AALL01P2")]
    public void While_reinduction_is_not_stated_a_result_counts_on_the_condition_that_it_was_no_other(string protocol, TimePoint at, string others)
    {
        var @case = Of(Quantified("1e-6").At(at)).With(@case => @case.Treatment = new Treatment { Arm = "A" });
        Assert.Equal([0], Select(protocol, @case).Used);
        var answer = Shipped.Protocol(protocol).Decide(@case, "mrd_response");
        Assert.Equal("Conditional {BELOW_CUT_OFF}", answer.Say());
        var condition = Assert.Single(answer.Conditions, condition => condition.Id == "reinduction-not-stated");
        Assert.Equal(ConditionKind.ScopeNotConfirmed, condition.Kind);
        Assert.Equal($"case.treatment.reinduction does not say; after reinduction of {others} the result is not of the protocol's time point", condition.Detail);
        // What hangs on no result bears no condition of it, and stated it holds without.
        Assert.DoesNotContain(Shipped.Protocol(protocol).Decide(@case, "relapse_site").Conditions, bears => bears.Id == condition.Id);
        var stated = @case.With(changed => changed.Treatment.Reinduction = at == TimePoint.EndOfBlock2 ? Reinduction.AllRezBfm : Reinduction.AllR3);
        Assert.DoesNotContain(Shipped.Protocol(protocol).Decide(stated, "mrd_response").Conditions, bears => bears.Id == condition.Id);
    }

    [Fact]
    public void What_does_not_count_says_why()
    {
        var selection = Select("ukall-r3", Of(
            Quantified("1e-3").At(TimePoint.Unspecified), Quantified("1e-3").On(Specimen.Blood), Quantified("1e-3").On(Specimen.Unspecified)));
        Assert.Empty(selection.Used);
        Assert.Null(selection.Level);
        Assert.Equal(["TIME_POINT_NOT_STATED", "OTHER_SPECIMEN", "OTHER_SPECIMEN"], selection.Unused.Select(unused => unused.Code));
        Assert.All(selection.Unused, unused => Assert.NotEmpty(unused.Detail));
    }
}
