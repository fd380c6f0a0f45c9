using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Checks one figure: its words, and that its numbers can be what they say they are.</summary>
internal sealed class FigureCheck(Figure figure, LibraryFile words, Action<string, string> fault)
{
    private const int Percents = 100;
    private static readonly string[] Units = ["YEARS", "MONTHS", "DAYS"];

    public void Run()
    {
        Require(figure.Population.Length > 0, "population", "required");
        Require(words.Endpoints.ContainsKey(figure.Endpoint), "endpoint", "is no endpoint of library.yaml");
        Require(words.Families.ContainsKey(figure.Family), "family", "is no family of library.yaml");
        Require(figure.Clock is not Clock.Unspecified, "clock", "required; CLOCK_NOT_STATED where it is not printed");
        Require(figure.Read is not Reading.Unspecified, "read", "required");
        Require(!figure.HasHorizonYears || figure.HorizonYears > 0, "horizon_years", "must be above 0");
        Require(figure.HasHorizonFromYears == figure.HasHorizonToYears && !(figure.HasHorizonYears && figure.HasHorizonFromYears), "horizon_from_years", "a range of years has both ends, and stands for one horizon");
        Require(!figure.HasHorizonFromYears || (figure.HorizonFromYears > 0 && figure.HorizonFromYears < figure.HorizonToYears), "horizon_from_years", "must be above 0 and below horizon_to_years");
        Require(figure.Era is null || figure.Era.From <= figure.Era.To, "era", "ends before it begins");
        Require(!figure.HasN || figure.N > 0, "n", "must be 1 or more");
        Require(!figure.HasEvents || (figure.HasN && figure.Events >= 0 && figure.Events <= figure.N), "events", "must be 0 to n");
        CheckEstimate();
        CheckInterval();
    }

    private void CheckEstimate()
    {
        if (figure.Estimate is not { } estimate)
        {
            fault("estimate", "required");
            return;
        }
        var isRange = estimate.Qualifier is Qualifier.Range;
        Require(estimate.Qualifier is not Qualifier.Unspecified, "estimate", "says how it is printed");
        Require(estimate.HasLow == isRange && estimate.HasHigh == isRange, "estimate", "a range has both ends, and nothing else has");
        Require(!isRange || (estimate.Low < estimate.High && IsPercent(estimate.Low) && IsPercent(estimate.High)), "estimate", "a range goes from one percentage up to another");
        Require((estimate.HasPercent ? 1 : 0) + (estimate.HasValue ? 1 : 0) + (isRange ? 1 : 0) == 1, "estimate", "is one of a percentage, a range and a number in a unit");
        Require(!estimate.HasPercent || IsPercent(estimate.Percent), "estimate", "a percentage is 0 to 100");
        Require(estimate.HasValue == (estimate.Unit.Length > 0), "estimate", "a number has a unit");
        Require(estimate.Unit.Length == 0 || Units.Contains(estimate.Unit), "estimate", $"the unit is one of {string.Join(", ", Units)}");
        Require(!estimate.HasValue || estimate.Value >= 0, "estimate", "a number is 0 or more");
    }

    private void CheckInterval()
    {
        if (figure.Interval is not { } interval)
        {
            return;
        }
        var isDeviation = interval.Kind is IntervalKind.StandardError or IntervalKind.PlusMinusUnlabelled;
        Require(interval.Kind is not IntervalKind.Unspecified, "interval", "says what it is");
        Require(interval.HasPlusMinus == isDeviation && interval.HasLow != isDeviation && interval.HasHigh != isDeviation, "interval", "has either two ends or a deviation, as its kind is");
        Require(!interval.HasPlusMinus || interval.PlusMinus >= 0, "interval", "a deviation is 0 or more");
        var middle = figure.Estimate is { } estimate ? estimate.HasPercent ? estimate.Percent : estimate.Value : 0;
        Require(!interval.HasLow || !interval.HasHigh || (interval.Low <= middle && middle <= interval.High), "interval", "does not hold the figure");
    }

    private static bool IsPercent(double value) => value is >= 0 and <= Percents;

    private void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            fault(field, message);
        }
    }
}
