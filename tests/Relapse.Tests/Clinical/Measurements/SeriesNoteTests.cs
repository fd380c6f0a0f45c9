using Relapse.Contracts.Case.V1;
using static Relapse.Tests.Clinical.Measurements.Measured;

namespace Relapse.Tests.Clinical.Measurements;

/// <summary>What is to be noticed about a series.</summary>
public sealed class SeriesNoteTests
{
    [Fact]
    public void One_measurement_reported_twice_is_one_in_whatever_unit()
    {
        var percent = new MrdResult { Quantified = "0.01", Unit = MrdUnit.Percent, TimePoint = TimePoint.EndOfBlock1, CollectDate = Day(30), Method = MrdMethod.PcrIgTr, Specimen = Specimen.Marrow };
        var series = Series(Quantified("0.1", TimePoint.AtRelapse, Day(0)), Quantified("1e-4", TimePoint.EndOfBlock1, Day(30)), percent);

        Assert.Equal([Path(1), Path(2)], Assert.Single(Notes(series, "DUPLICATE")).Fields);
        Assert.Equal((Path(0), Path(1)), (Assert.Single(series.Changes).From, series.Changes[0].To));
        Assert.All(series.Points, point => Assert.True(point.OrderCertain));
    }

    [Fact]
    public void Two_results_that_differ_in_anything_are_two() =>
        Assert.Empty(Notes(Series(Quantified("1e-4", on: Day(0)), Quantified("1e-4", on: Day(1)), Quantified("1e-4", on: Day(0), method: MrdMethod.Flow)), "DUPLICATE"));

    [Fact]
    public void Disease_found_after_none_is_reappearance_once()
    {
        var series = Series(Quantified("0.01", on: Day(0)), Below("0.0001", on: Day(30)), Quantified("0.001", on: Day(60)), Quantified("0.002", on: Day(90)));

        var note = Assert.Single(Notes(series, "REAPPEARANCE"));
        Assert.Equal([Path(1), Path(2)], note.Fields);
        Assert.DoesNotContain("may not have reached", note.Detail, StringComparison.Ordinal);
    }

    /// <summary>5e-5 after `below detection at 1e-3` may have been there all the time; so may a positive below what is quantifiable.</summary>
    [Fact]
    public void What_the_earlier_assay_could_not_have_seen_is_no_reappearance()
    {
        Assert.Empty(Notes(Series(Below("0.001", on: Day(0)), Quantified("0.00005", on: Day(30))), "REAPPEARANCE"));
        Assert.Empty(Notes(Series(Below("0.001", on: Day(0)), Positive("0.0001", on: Day(30))), "REAPPEARANCE"));
    }

    /// <summary>What a later, coarser assay did not see takes nothing from what an earlier, finer one did not.</summary>
    [Fact]
    public void The_most_sensitive_of_the_negative_results_is_looked_at()
    {
        var note = Assert.Single(Notes(Series(Below("1e-5", on: Day(0)), Below("1e-2", on: Day(30)), Quantified("0.005", on: Day(84))), "REAPPEARANCE"));
        Assert.Equal([Path(0), Path(2)], note.Fields);
        Assert.DoesNotContain("may not have reached", note.Detail, StringComparison.Ordinal);
        // Since the last positive result only.
        Assert.Empty(Notes(Series(Below("1e-5", on: Day(0)), Quantified("0.02", on: Day(10)), Below("1e-2", on: Day(30)), Quantified("0.005", on: Day(84))), "REAPPEARANCE").Skip(1));
    }

    [Fact]
    public void Two_results_of_one_day_that_no_level_agrees_with_are_noted()
    {
        var note = Assert.Single(Notes(Series(Quantified("2e-5", on: Day(0)), Quantified("0.08", on: Day(0), method: MrdMethod.Flow)), "DAY_CONFLICT"));
        Assert.Equal([Path(0), Path(1)], note.Fields.Order());
        Assert.Empty(Notes(Series(Below("1e-3", on: Day(0)), Quantified("2e-5", on: Day(0))), "DAY_CONFLICT"));
        Assert.Empty(Notes(Series(Quantified("2e-5", on: Day(0)), Quantified("0.08", on: Day(1))), "DAY_CONFLICT"));
    }

    [Fact]
    public void A_positive_result_that_the_earlier_assay_may_have_missed_is_said_so()
    {
        Assert.Contains("may not have reached", Assert.Single(Notes(Series(Below("0.0001", on: Day(0)), Positive("0.0001", on: Day(30))), "REAPPEARANCE")).Detail, StringComparison.Ordinal);
        Assert.Contains("may not have reached", Assert.Single(Notes(Series(Below(null, on: Day(0)), Quantified("0.0001", on: Day(30))), "REAPPEARANCE")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Blood_says_nothing_of_marrow_and_an_uncertain_order_nothing_of_reappearance()
    {
        var blood = Below("0.0001", on: Day(0));
        blood.Specimen = Specimen.Blood;
        Assert.Empty(Notes(Series(blood, Quantified("0.01", on: Day(30))), "REAPPEARANCE"));
        Assert.Empty(Notes(Series(Below("0.0001"), Quantified("0.01")), "REAPPEARANCE"));
    }

    [Fact]
    public void A_block_without_an_evaluable_result_between_others_is_a_gap()
    {
        var series = Series(Quantified("0.1", TimePoint.AtRelapse, Day(0)), Quantified("0.01", TimePoint.EndOfBlock1, Day(30)), NotEvaluable(TimePoint.EndOfBlock2, Day(60)), Quantified("0.001", TimePoint.EndOfBlock3, Day(90)));

        var note = Assert.Single(Notes(series, "GAP"));
        Assert.Equal([Path(1), Path(3)], note.Fields);
        Assert.Contains("the end of block 2", note.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_that_does_not_begin_at_relapse_has_nothing_to_be_compared_with()
    {
        Assert.Equal([Path(0)], Assert.Single(Notes(Series(Quantified("0.001", TimePoint.EndOfInduction, Day(30))), "GAP")).Fields);
        Assert.Empty(Notes(Series(Quantified("0.1", TimePoint.AtRelapse, Day(0)), Quantified("0.001", TimePoint.EndOfInduction, Day(30))), "GAP"));
        Assert.Empty(Series([]).Notes);
    }

    [Fact]
    public void A_method_or_specimen_that_comes_new_cannot_be_compared_and_one_that_was_there_can()
    {
        var blood = Quantified("0.001", on: Day(60));
        blood.Specimen = Specimen.Blood;
        var series = Series(
            Quantified("0.1", on: Day(0)), Quantified("0.01", on: Day(30), method: MrdMethod.Flow), blood, Quantified("0.001", on: Day(90)), Quantified("0.001", on: Day(91), method: MrdMethod.Flow));

        Assert.Equal([Path(0), Path(1)], Assert.Single(Notes(series, "METHOD_CHANGED")).Fields);
        Assert.Equal([Path(1), Path(2)], Assert.Single(Notes(series, "SPECIMEN_CHANGED")).Fields);
    }

    [Theory]
    [InlineData("0.05", 1)]
    [InlineData("0.049999", 0)]
    [InlineData("0.8", 1)]
    public void Five_percent_and_more_is_no_residual_disease(string level, int notes) =>
        Assert.Equal(notes, Notes(Series(Quantified(level, on: Day(0))), "NOT_MRD").Length);

    [Fact]
    public void A_level_is_absent_where_nothing_is_known_of_it_and_an_interval_otherwise()
    {
        var series = Series(NotEvaluable(on: Day(0)), Below(null, on: Day(1)), Below("1e-4", on: Day(2)), Positive("1e-4", on: Day(3)), Quantified("1e-4", on: Day(4)));

        Assert.Equal([null, null, "[0, 0.0001)", "(0, 0.0001)", "[0.0001, 0.0001]"], series.Points.Select(point => point.Level is { } level
            ? $"{(level.MinExclusive ? "(" : "[")}{level.Min}, {level.Max}{(level.MaxExclusive ? ")" : "]")}" : null));
    }

    [Fact]
    public void No_note_repeats_a_value_of_the_case()
    {
        var series = Series(Quantified("0.0731", TimePoint.EndOfBlock1, Day(13)), Below("0.00029", TimePoint.AtRelapse, Day(29)), Quantified("0.0731"), Quantified("0.0731"));
        Assert.All(series.Notes, note => Assert.DoesNotMatch("0731|029|2014", note.Detail));
    }
}
