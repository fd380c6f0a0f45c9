using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using static Relapse.Tests.Clinical.Mrd.MrdCase;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>What a level says under each protocol, exact under the limits of its assay.</summary>
public sealed class MrdResponseTests
{
    private const string Below = "Determined {BELOW_CUT_OFF}";
    private const string AtOrAbove = "Determined {AT_OR_ABOVE_CUT_OFF}";
    private const string Open = "Undetermined {BELOW_CUT_OFF, AT_OR_ABOVE_CUT_OFF}";

    private static readonly Treatment _aall01P2 = new() { Reinduction = Reinduction.Aall01P2 };

    [Theory]
    [InlineData("ukall-r3", "5e-4", AtOrAbove)]
    [InlineData("ukall-r3", "1e-4", AtOrAbove)]
    [InlineData("ukall-r3", "0.0000999", Below)]
    [InlineData("all-rez-bfm", "5e-4", Below)]
    [InlineData("all-rez-bfm", "1e-3", AtOrAbove)]
    [InlineData("all-rez-bfm", "0.000999", Below)]
    [InlineData("i-bfm-sg", "5e-4", Open)]
    [InlineData("i-bfm-sg", "1e-3", AtOrAbove)]
    [InlineData("i-bfm-sg", "9e-5", Below)]
    [InlineData("ukall-r3", "0.05", "OutOfScope {}")]
    [InlineData("ukall-r3", "0.0499", AtOrAbove)]
    public void A_quantified_level_lies_on_one_side_and_on_the_cut_off_on_the_upper(string protocol, string level, string expected) =>
        Assert.Equal(expected, MrdCase.Response(protocol, Quantified(level)).Say());

    [Theory]
    [InlineData("A", "5e-4", Below)]
    [InlineData("B", "5e-4", AtOrAbove)]
    [InlineData(null, "5e-4", Open)]
    [InlineData(null, "2e-3", "Conditional {AT_OR_ABOVE_CUT_OFF}")]
    [InlineData(null, "5e-5", "Conditional {BELOW_CUT_OFF}")]
    [InlineData("C", "2e-3", "OutOfScope {}")]
    [InlineData("A", "1e-3", "Conditional {AT_OR_ABOVE_CUT_OFF}")]
    [InlineData("B", "1e-4", "Conditional {AT_OR_ABOVE_CUT_OFF}")]
    public void Under_IntReALL_the_arm_decides_between_its_two_cut_offs(string? arm, string level, string expected)
    {
        var @case = Of(Quantified(level)).With(@case => @case.AgeAtRelapseYears = 8);
        if (arm is not null)
        {
            @case.Treatment = new Treatment { Arm = arm, Reinduction = Reinduction.AllR3 };
        }
        var answer = Shipped.Protocol("intreall-sr-2010").Decide(@case, "mrd_response");
        Assert.Equal(expected, answer.Say());
        Assert.Equal(expected == Open, answer.Missing.Any(missing => missing.Field == "case.treatment.arm"));
    }

    [Theory]
    [InlineData(0.9, "OutOfScope {}")]
    [InlineData(1d, Below)]
    [InlineData(17.9, Below)]
    [InlineData(18d, "OutOfScope {}")]
    [InlineData(null, "Conditional {BELOW_CUT_OFF}")]
    public void IntReALL_is_for_children_from_1_to_below_18_years(double? age, string expected)
    {
        var @case = Of(Quantified("5e-5")).With(@case => @case.Treatment = new Treatment { Arm = "A", Reinduction = Reinduction.AllR3 });
        if (age is { } years)
        {
            @case.AgeAtRelapseYears = years;
        }
        Assert.Equal(expected, Shipped.Protocol("intreall-sr-2010").Decide(@case, "mrd_response").Say());
    }

    /// <summary>A laboratory that quantifies nothing has not detected anything.</summary>
    [Theory]
    [InlineData("1e-3", Open)]
    [InlineData("1e-4", Below)]
    [InlineData(null, Open)]
    public void Zero_is_below_detection(string? sensitivity, string expected)
    {
        var result = Quantified("0");
        if (sensitivity is not null)
        {
            result.Sensitivity = sensitivity;
        }
        var zero = MrdCase.Response("ukall-r3", result);
        Assert.Equal(expected, zero.Say());
        Assert.Equal(MrdCase.Response("ukall-r3", BelowDetection(sensitivity)), zero);
        Assert.Empty(CaseValidator.Validate(Of(result)));
    }

    [Theory]
    [InlineData("all-rez-bfm", MrdMethod.PcrIgTr, "1e-3", Below)]
    [InlineData("ukall-r3", MrdMethod.PcrIgTr, "1e-3", Open)]
    [InlineData("cog", MrdMethod.Flow, "1e-3", Open)]
    [InlineData("ukall-r3", MrdMethod.PcrIgTr, "1e-4", Below)]
    [InlineData("ukall-r3", MrdMethod.PcrIgTr, null, Open)]
    public void Below_detection_is_below_the_sensitivity_and_no_more(string protocol, MrdMethod method, string? sensitivity, string expected)
    {
        var answer = Shipped.Protocol(protocol).Decide(
            Of(BelowDetection(sensitivity).By(method).At(protocol == "cog" ? TimePoint.EndOfBlock1 : TimePoint.EndOfInduction)).With(@case => @case.Treatment = protocol == "cog" ? _aall01P2 : @case.Treatment), "mrd_response");
        Assert.Equal(expected, answer.Say());
        if (expected == Open)
        {
            var missing = Assert.Single(answer.Missing);
            Assert.Equal(sensitivity is null ? "case.mrd[0].sensitivity" : "case.mrd", missing.Field);
            Assert.Contains(missing.WouldDecide, would => would.Value == (sensitivity is null ? "(0, 0.0001]" : "new finding: [0, 0.0001)") && would.Possible.SequenceEqual(["BELOW_CUT_OFF"]));
        }
    }

    [Fact]
    public void Positive_below_the_quantifiable_range_is_below_it_and_above_nothing()
    {
        Assert.Equal(Below, MrdCase.Response("ukall-r3", Positive("1e-4")).Say());
        Assert.Equal(Open, MrdCase.Response("ukall-r3", Positive("1e-3")).Say());
        var open = MrdCase.Response("ukall-r3", Positive(null));
        Assert.Equal(Open, open.Say());
        Assert.Contains("case.mrd[0].quantifiable_from", open.Missing.Select(missing => missing.Field));
        Assert.Equal(Open, MrdCase.Response("ukall-r3", NotEvaluable()).Say());
    }

    [Fact]
    public void Bounds_of_a_level_or_of_a_sensitivity_are_the_interval()
    {
        var between = Of(new MrdResult { TimePoint = TimePoint.EndOfInduction, Specimen = Specimen.Marrow, Method = MrdMethod.PcrIgTr, Unit = MrdUnit.Percent });
        between.Bounded.Add(new BoundedFact { Field = "case.mrd[0].quantified", Min = 0.01, Max = 0.05 });
        Assert.Equal(AtOrAbove, Shipped.Protocol("ukall-r3").Decide(between, "mrd_response").Say());
        Assert.Equal(new Interval(0.0001m, false, 0.0005m, false), Select("ukall-r3", between).Level);
        var sensitive = Of(BelowDetection(null)).With(@case => @case.Mrd[0].Unit = MrdUnit.Fraction);
        sensitive.Bounded.Add(new BoundedFact { Field = "case.mrd[0].sensitivity", Max = 0.0001 });
        Assert.Equal(Below, Shipped.Protocol("ukall-r3").Decide(sensitive, "mrd_response").Say());
    }

    [Theory]
    [InlineData("5e-4", MrdMethod.Flow, "Conditional {AT_OR_ABOVE_CUT_OFF}")]
    [InlineData("5e-5", MrdMethod.Flow, Open)]
    [InlineData("5e-4", MrdMethod.Unspecified, "Conditional {AT_OR_ABOVE_CUT_OFF}")]
    [InlineData("5e-5", MrdMethod.Unspecified, Open)]
    public void Another_method_points_to_more_treatment_on_condition_and_to_less_not_at_all(string level, MrdMethod method, string expected)
    {
        var answer = MrdCase.Response("ukall-r3", Quantified(level).By(method));
        Assert.Equal(expected, answer.Say());
        if (expected == Open)
        {
            Assert.Equal(method is MrdMethod.Unspecified, answer.Missing.Any(missing => missing.Field == "case.mrd[0].method"));
        }
        else
        {
            var condition = Assert.Single(answer.Conditions);
            Assert.Equal((ConditionKind.MethodMismatch, "mrd-method"), (condition.Kind, condition.Id));
        }
    }

    [Fact]
    public void A_condition_of_a_rule_reaches_the_decisions_that_hang_on_it_and_no_other()
    {
        var cog = Shipped.Protocol("cog");
        var late = Of(Quantified("5e-4").At(TimePoint.EndOfBlock1)).With(@case => @case.Treatment = _aall01P2);
        Assert.Equal("Conditional {INTERMEDIATE}", cog.Decide(late.With(@case => @case.Timing.RelapseDate = SoundCase.Day(2013, 6, 20)), "mrd_timing_prognosis").Say());
        Assert.Contains(cog.Decide(late, "mrd_timing_prognosis").Conditions, condition => condition.Id == "mrd-method");
        Assert.DoesNotContain(cog.Decide(late, "timing").Conditions, condition => condition.Id == "mrd-method");
    }

    [Fact]
    public void The_COG_reads_Table_6_by_one_cut_off_and_says_what_the_other_would_be()
    {
        var block = Of(Quantified("5e-4").By(MrdMethod.Flow).At(TimePoint.EndOfBlock1)).With(@case => @case.Treatment = _aall01P2);
        var answer = Shipped.Protocol("cog").Decide(block, "mrd_response");
        Assert.Equal("Conditional {AT_OR_ABOVE_CUT_OFF}", answer.Say());
        Assert.Equal(["mrd_cut_off"], answer.Conditions.Select(condition => condition.Id));
        var after = Of(Quantified("5e-3").By(MrdMethod.Flow).At(TimePoint.EndOfBlock1)).With(@case => @case.Treatment = new Treatment { Reinduction = Reinduction.AllRezBfm });
        Assert.StartsWith("Undetermined", Shipped.Protocol("cog").Decide(after, "mrd_response").Say(), StringComparison.Ordinal);
        Assert.Equal("OTHER_REINDUCTION", Assert.Single(Select("cog", after).Unused).Code);
    }

    /// <summary>The three groups are formed by the 0.01 % of their own paragraph.</summary>
    [Theory]
    [InlineData("5e-4", MrdMethod.Flow, "Determined {INTERMEDIATE}")]
    [InlineData("5e-4", MrdMethod.Ngs, "Conditional {INTERMEDIATE}")]
    [InlineData("5e-5", MrdMethod.Flow, "Determined {FAVOURABLE}")]
    public void What_cut_off_Table_6_means_does_not_reach_the_groups_by_timing_and_MRD(string level, MrdMethod method, string expected)
    {
        var late = Of(Quantified(level).By(method).At(TimePoint.EndOfBlock1)).With(@case => @case.Treatment = _aall01P2);
        Assert.All(Shipped.Protocol("cog").Document.Readings["mrd_cut_off"].Values.Keys, cut =>
            Assert.Equal(expected, Shipped.Protocol("cog").Decide(late, "mrd_timing_prognosis", new ChosenReading("mrd_cut_off", cut)).Say()));
    }

    [Fact]
    public void What_the_centre_concluded_from_a_measurement_needs_no_level_and_one_that_is_no_MRD_stays_out()
    {
        RelapseCase Established(params MrdResult[] results) => Of(results).With(@case =>
            @case.Established.Add(new EstablishedConclusion { Decision = "mrd_response", Protocol = "protocols/ukall-r3", Conclusion = "AT_OR_ABOVE_CUT_OFF" }));
        Assert.Equal(AtOrAbove, Shipped.Protocol("ukall-r3").Decide(Established(), "mrd_response").Say());
        Assert.Equal("OutOfScope {}", Shipped.Protocol("ukall-r3").Decide(Established(Quantified("0.06")), "mrd_response").Say());
    }

    [Theory]
    [InlineData(TimePoint.Week12)]
    [InlineData(TimePoint.PreTransplant)]
    [InlineData(TimePoint.Unspecified)]
    [InlineData(TimePoint.EndOfBlock2)]
    public void Without_a_result_of_the_protocols_time_point_nothing_is_negative(TimePoint timePoint)
    {
        var answer = MrdCase.Response("ukall-r3", Quantified("1e-6").At(timePoint));
        Assert.Equal(Open, answer.Say());
        Assert.Contains("case.mrd", answer.Missing.Select(missing => missing.Field));
    }

    [Fact]
    public void Blood_does_not_stand_for_marrow_and_a_specimen_not_stated_is_asked_for()
    {
        Assert.Equal(Open, MrdCase.Response("ukall-r3", Quantified("1e-6").On(Specimen.Blood)).Say());
        var answer = MrdCase.Response("ukall-r3", Quantified("1e-6").On(Specimen.Unspecified));
        Assert.Equal(Open, answer.Say());
        Assert.Contains(answer.Missing, missing => missing.Field == "case.mrd[0].specimen" && missing.WouldDecide[0].Possible.SequenceEqual(["BELOW_CUT_OFF"]));
    }

    [Fact]
    public void After_an_isolated_extramedullary_relapse_a_low_level_tells_only_if_the_marrow_was_measurable()
    {
        Decision Decide(string level, Action<RelapseCase> change) => Shipped.Protocol("ukall-r3").Decide(
            Of(Quantified(level)).With(@case => (@case.Marrow.BlastsPercent, @case.Blood.BlastsPresent, @case.Csf) = (1, false, new CerebrospinalFluid { WbcPerUl = 40, BlastsPresent = true, ErythrocytesPerUl = 0 })).With(change),
            "mrd_response");
        var low = Decide("1e-5", _ => { });
        Assert.Equal("Conditional {BELOW_CUT_OFF}", low.Say());
        Assert.Equal((ConditionKind.ScopeNotConfirmed, "mrd-informative"), (low.Conditions.Single().Kind, low.Conditions.Single().Id));
        Assert.Contains("MRD_UNINFORMATIVE", low.Warnings.Select(warning => warning.Code));
        Assert.Equal(AtOrAbove, Decide("5e-4", _ => { }).Say());
        var measurable = Decide("1e-5", @case => @case.Mrd.Add(Quantified("1e-3").At(TimePoint.AtRelapse)));
        Assert.Equal(Below, measurable.Say());
        Assert.DoesNotContain("MRD_UNINFORMATIVE", measurable.Warnings.Select(warning => warning.Code));
        var unsaid = Decide("1e-5", @case => (@case.Marrow, @case.Csf) = (null, null));
        Assert.Equal("Conditional {BELOW_CUT_OFF}", unsaid.Say());
    }

    [Theory]
    [InlineData("9e-5", "BELOW_1E_4")]
    [InlineData("1e-4", "FROM_1E_4_TO_1E_3")]
    [InlineData("1e-3", "FROM_1E_3_TO_1E_2")]
    [InlineData("1e-2", "FROM_1E_2")]
    public void The_four_bands_are_contiguous_and_another_method_leaves_this_and_the_higher(string level, string band)
    {
        string[] bands = ["BELOW_1E_4", "FROM_1E_4_TO_1E_3", "FROM_1E_3_TO_1E_2", "FROM_1E_2"];
        var all = Shipped.Protocol("all-rez-bfm");
        Assert.Equal([band], all.Decide(Of(Quantified(level)), "mrd_band").Possible);
        var flow = all.Decide(Of(Quantified(level).By(MrdMethod.Flow)), "mrd_band");
        Assert.Equal(bands[Array.IndexOf(bands, band)..], flow.Possible);
        Assert.Equal(band == "FROM_1E_2" ? Outcome.Conditional : Outcome.Undetermined, flow.Outcome);
    }

    [Fact]
    public void Before_transplant_a_level_of_that_time_alone_tells_of_the_risk()
    {
        var review = Shipped.Protocol("review-2014");
        Assert.Equal("Determined {HIGH_RISK}", review.Decide(Of(Quantified("1e-4").At(TimePoint.PreTransplant)), "pre_transplant_mrd").Say());
        Assert.Equal("Determined {LOW_RISK}", review.Decide(Of(BelowDetection("1e-4").At(TimePoint.PreTransplant)), "pre_transplant_mrd").Say());
        Assert.Equal("Undetermined {LOW_RISK, HIGH_RISK}", review.Decide(Of(Quantified("1e-4")), "pre_transplant_mrd").Say());
        Assert.Equal("Conditional {HIGH_RISK}", review.Decide(Of(Quantified("1e-4").At(TimePoint.PreTransplant).By(MrdMethod.Flow)), "pre_transplant_mrd").Say());
        Assert.Equal("Undetermined {LOW_RISK, HIGH_RISK}", review.Decide(Of(Quantified("1e-5").At(TimePoint.PreTransplant).By(MrdMethod.Flow)), "pre_transplant_mrd").Say());
    }
}
