using System.Globalization;
using Relapse.Clinical.Measurements;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Decisions;
using static Relapse.Tests.Clinical.Measurements.Measured;

namespace Relapse.Tests.Clinical.Measurements;

/// <summary>What changed between two results, as an interval of powers of ten, and which way it goes beyond half a power of ten.</summary>
public sealed class SeriesChangeTests
{
    [Theory]
    [InlineData("0.01", "0.0001", 2, ChangeDirection.Falling)]
    [InlineData("1e-4", "1e-2", -2, ChangeDirection.Rising)]
    [InlineData("0.001", "0.0005", 0.30102999566, ChangeDirection.WithinAssayError)]
    [InlineData("0.001", "0.002", -0.30102999566, ChangeDirection.WithinAssayError)]
    [InlineData("0.001", "0.001", 0, ChangeDirection.WithinAssayError)]
    // The root of ten lies between these two.
    [InlineData("0.0031622776601683793", "0.001", 0.5, ChangeDirection.WithinAssayError)]
    [InlineData("0.0031622776601683794", "0.001", 0.5, ChangeDirection.Falling)]
    [InlineData("0.001", "0.0031622776601683793", -0.5, ChangeDirection.WithinAssayError)]
    [InlineData("0.001", "0.0031622776601683794", -0.5, ChangeDirection.Rising)]
    public void Two_numbers_are_one_reduction(string from, string to, double reduction, ChangeDirection direction)
    {
        var change = Assert.Single(Series(Quantified(from, on: Day(0)), Quantified(to, on: Day(30))).Changes);

        Assert.Equal((Path(0), Path(1), direction), (change.From, change.To, change.Direction));
        Assert.Equal(reduction, change.MinLog10Reduction, 9);
        Assert.Equal(reduction, change.MaxLog10Reduction, 9);
    }

    [Fact]
    public void Below_detection_bounds_the_reduction_from_one_side()
    {
        var change = Assert.Single(Series(Quantified("0.01", on: Day(0)), Below("0.0001", on: Day(30))).Changes);

        Assert.Equal(2, change.MinLog10Reduction, 9);
        Assert.False(change.HasMaxLog10Reduction);
        Assert.Equal(ChangeDirection.Falling, change.Direction);
    }

    [Fact]
    public void From_below_detection_it_may_have_risen_by_any_amount()
    {
        var change = Assert.Single(Series(Below("0.0001", on: Day(0)), Quantified("0.01", on: Day(30))).Changes);

        Assert.False(change.HasMinLog10Reduction);
        Assert.Equal(-2, change.MaxLog10Reduction, 9);
        Assert.Equal(ChangeDirection.Rising, change.Direction);
    }

    [Theory]
    // Half a power of ten above the sensitivity or less: what was not detected may be as much.
    [InlineData("0.0003", ChangeDirection.Open)]
    [InlineData("0.0004", ChangeDirection.Falling)]
    public void A_fall_below_detection_is_certain_only_beyond_assay_error_of_the_sensitivity(string from, ChangeDirection direction) =>
        Assert.Equal(direction, Assert.Single(Series(Quantified(from, on: Day(0)), Below("0.0001", on: Day(30))).Changes).Direction);

    [Fact]
    public void Two_results_below_detection_say_nothing_of_a_change()
    {
        var change = Assert.Single(Series(Below("0.0001", on: Day(0)), Below("0.0001", on: Day(30))).Changes);

        Assert.False(change.HasMinLog10Reduction || change.HasMaxLog10Reduction);
        Assert.Equal(ChangeDirection.Open, change.Direction);
    }

    [Fact]
    public void Only_what_was_measured_alike_on_one_specimen_is_compared_and_what_could_not_be_evaluated_is_passed_over()
    {
        var blood = Quantified("0.001", on: Day(20));
        blood.Specimen = Specimen.Blood;
        var unsaid = Quantified("0.001", on: Day(25));
        unsaid.Specimen = Specimen.Unspecified;
        var series = Series(
            Quantified("0.1", on: Day(0)), Quantified("0.1", on: Day(0), method: MrdMethod.Flow), NotEvaluable(on: Day(10)), blood, unsaid,
            Quantified("0.01", on: Day(30)), Quantified("0.02", on: Day(31), method: MrdMethod.Flow));

        Assert.Equal([(Path(0), Path(5)), (Path(1), Path(6))], series.Changes.Select(change => (change.From, change.To)));
    }

    [Fact]
    public void Results_of_one_day_do_not_follow_each_other()
    {
        var series = Series(Quantified("0.01", on: Day(0)), Quantified("0.02", on: Day(0)), Quantified("0.001", on: Day(9)));
        Assert.Equal(Path(2), Assert.Single(series.Changes).To);
    }

    /// <summary>Whatever the true levels within two intervals are, what is said of the intervals holds of them.</summary>
    [Fact]
    public void What_is_said_of_intervals_holds_of_every_pair_of_levels_within()
    {
        var random = new Random(5);
        decimal Next() => random.Next(1, 2000) * 0.00001m;
        var directions = new HashSet<ChangeDirection>();
        for (var i = 0; i < 3000; i++)
        {
            var (from, to) = (Between(Next(), Next(), random), Between(Next(), Next(), random));
            var said = SeriesChanges.Direction(from, to, 0.5m);
            _ = directions.Add(said);
            foreach (var f in Within(from))
            {
                foreach (var t in Within(to))
                {
                    var exact = SeriesChanges.Direction(Interval.Point(f), Interval.Point(t), 0.5m);
                    Assert.True(said is ChangeDirection.Open || said == exact, string.Create(CultureInfo.InvariantCulture, $"{from} to {to}: {said}, {f} to {t}: {exact}"));
                }
            }
        }

        Assert.Equal(4, directions.Count);
    }

    private static Interval Between(decimal one, decimal other, Random random)
    {
        var (low, high) = (Math.Min(one, other), Math.Max(one, other));
        high = random.Next(2) == 0 ? low * 1.1m : high;
        return new Interval(random.Next(10) == 0 ? 0 : low, random.Next(2) == 0, high, random.Next(2) == 0);
    }

    private static IEnumerable<decimal> Within(Interval interval)
    {
        var (min, max) = (interval.Min!.Value, interval.Max!.Value);
        return new[] { min, min + ((max - min) / 1000), (min + max) / 2, max - ((max - min) / 1000), max }.Where(interval.Contains);
    }
}
