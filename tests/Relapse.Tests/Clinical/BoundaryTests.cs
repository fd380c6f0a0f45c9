using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Date = Google.Type.Date;

namespace Relapse.Tests.Clinical;

/// <summary>Boundaries held to what comes out when the number or date is moved.</summary>
public sealed class BoundaryTests
{
    private const int DaysToScan = 900;

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Each_boundary_of_a_date_is_the_nearest_day_with_other_conclusions(int block)
    {
        for (var seed = block * 4; seed < (block + 1) * 4; seed++)
        {
            var random = new Random(seed);
            var (diagnosis, end, relapse) = TrueChild.Dates(random);
            var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing
            {
                DiagnosisDate = SoundCase.Day(diagnosis),
                PrimaryTherapyEndDate = end is { } day ? SoundCase.Day(day) : null,
                RelapseDate = SoundCase.Day(relapse),
                PrimaryTherapyStatus = end is null ? PrimaryTherapyStatus.OnTreatment : PrimaryTherapyStatus.Completed,
            });
            var protocol = Shipped.Protocol(seed % 2 == 0 ? "all-rez-bfm" : "cog");
            var answer = protocol.Decide(@case, "timing");
            foreach (var (field, get, set) in Dates())
            {
                if (get(@case.Timing) is not { } date)
                {
                    continue;
                }
                foreach (var direction in new[] { BoundaryDirection.Lower, BoundaryDirection.Higher })
                {
                    var step = direction == BoundaryDirection.Higher ? 1 : -1;
                    var said = answer.Boundary.SingleOrDefault(boundary => boundary.Field == field && boundary.Direction == direction);
                    var found = Scan(answer, distance => protocol.Decide(
                        @case.With(changed => set(changed.Timing, SoundCase.Day(new DateOnly(date.Year, date.Month, date.Day).AddDays(step * distance)))), "timing"));
                    Assert.True(
                        said is null ? found is null : found is null ? said.Distance > DaysToScan : said.Distance == found.Value.Distance && said.FlipsTo.SequenceEqual(found.Value.To),
                        $"seed {seed}, {protocol.Id}, {field} {direction}: said {said}, found {found} from {answer.Say()} in {@case.Timing}");
                }
            }
        }
    }

    [Theory]
    [InlineData(3, "HIGHER 2 [5]")]
    [InlineData(12, "LOWER 7 [4.999]; HIGHER 13 [25.001]")]
    [InlineData(25, "LOWER 20 [4.999]; HIGHER 0 [25.001]")]
    [InlineData(25.1, "LOWER 0.1 [25]")]
    public void Moving_the_blasts_just_across_a_boundary_flips_the_marrow(double percent, string expected)
    {
        var cog = Shipped.Protocol("cog");
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Marrow.BlastsPercent = percent);
        var boundaries = cog.Decide(@case, "marrow_status").Boundary;
        var said = expected.Split("; ").Select(boundary => boundary.Split(' ')).ToArray();
        Assert.Equal(said.Select(boundary => $"{boundary[0]} {boundary[1]}"), boundaries.Select(boundary => $"{boundary.Direction.ToString().ToUpperInvariant()} {boundary.Distance}"));
        foreach (var (boundary, moved) in boundaries.Zip(said.Select(words => words[2].Trim('[', ']'))))
        {
            var across = cog.Decide(@case.With(changed => changed.Marrow.BlastsPercent = double.Parse(moved, System.Globalization.CultureInfo.InvariantCulture)), "marrow_status");
            Assert.Equal(boundary.FlipsTo, across.Possible);
        }
    }

    [Theory]
    [InlineData("5.5", BoundaryDirection.Higher, 0.5, "LATE")]
    [InlineData("6", BoundaryDirection.Higher, 0, "LATE")]
    [InlineData("6.5", BoundaryDirection.Lower, 0.5, "EARLY")]
    public void Exact_months_flip_past_the_band_of_exactly_six(string months, BoundaryDirection direction, double distance, string flipsTo)
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed => changed.Timing = new Timing
        {
            MonthsFromDiagnosis = "30",
            MonthsFromTherapyEnd = months,
            MonthsPrecision = MonthsPrecision.Exact,
        });
        var boundary = Assert.Single(Shipped.Protocol("i-bfm-sg").Decide(@case, "timing").Boundary, boundary => boundary.Field.EndsWith("end", StringComparison.Ordinal));
        Assert.Equal((direction, distance, flipsTo), (boundary.Direction, boundary.Distance, Assert.Single(boundary.FlipsTo)));
    }

    [Fact]
    public void A_count_has_no_boundary() =>
        Assert.DoesNotContain(Shipped.Protocol("cog").Decide(SoundCase.LateCombined(), "cns_involvement", new Relapse.Clinical.ChosenReading("csf_confirmation", "TWO_SAMPLES")).Boundary, boundary => boundary.Field.Contains("samples", StringComparison.Ordinal));

    private static (int Distance, string[] To)? Scan(Decision now, Func<int, Decision> moved)
    {
        for (var distance = 1; distance <= DaysToScan; distance++)
        {
            var there = moved(distance);
            if (there.Outcome != Outcome.Inconsistent && !there.Possible.SequenceEqual(now.Possible))
            {
                return (distance, [.. there.Possible]);
            }
        }
        return null;
    }

    private static IEnumerable<(string Field, Func<Timing, Date?> Get, Action<Timing, Date> Set)> Dates() =>
    [
        ("case.timing.diagnosis_date", timing => timing.DiagnosisDate, (timing, date) => timing.DiagnosisDate = date),
        ("case.timing.primary_therapy_end_date", timing => timing.PrimaryTherapyEndDate, (timing, date) => timing.PrimaryTherapyEndDate = date),
        ("case.timing.relapse_date", timing => timing.RelapseDate, (timing, date) => timing.RelapseDate = date),
    ];
}
