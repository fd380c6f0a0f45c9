using Relapse.Contracts.Case.V1;
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
