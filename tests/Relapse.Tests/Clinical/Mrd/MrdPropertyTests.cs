using System.Globalization;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;
using static Relapse.Tests.Clinical.Mrd.MrdCase;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>What better knowledge of a level may do to an answer, over random results; and what no document may hold.</summary>
public sealed class MrdPropertyTests
{
    private static readonly string[] _levels = ["1e-6", "5e-5", "1e-4", "3e-4", "1e-3", "4e-3", "1e-2", "3e-2", "5e-2", "0.4"];

    [Fact]
    public void A_narrower_interval_never_widens_the_answer() => ForEach((random, decide) =>
    {
        var ends = Enumerable.Range(0, 4).Select(_ => Pick(random)).Order().ToArray();
        var wide = decide(Bounded(ends[0], ends[3]));
        var narrow = decide(Bounded(ends[1], ends[2]));
        AssertNarrower(wide, narrow, $"[{ends[0]}, {ends[3]}] and [{ends[1]}, {ends[2]}]");
    });

    [Fact]
    public void A_better_assay_never_makes_a_settled_answer_unsettled() => ForEach((random, decide) =>
    {
        var (one, other) = (Pick(random), Pick(random));
        var (better, worse) = (Math.Min(one, other), Math.Max(one, other));
        AssertNarrower(decide(Of(BelowDetection(Text(worse)))), decide(Of(BelowDetection(Text(better)))), $"below detection at {worse} and {better}");
        AssertNarrower(decide(Of(BelowDetection(null))), decide(Of(BelowDetection(Text(worse)))), $"below detection at {worse}");
        AssertNarrower(decide(Of(Positive(Text(worse)))), decide(Of(Positive(Text(better)))), $"positive below {worse} and {better}");
        AssertNarrower(decide(Of(Quantified("0").By(MrdMethod.Unspecified))), decide(Of(Quantified("0"))), "method stated");
    });

    [Fact]
    public void The_unit_and_the_spelling_change_nothing() => ForEach((random, decide) =>
    {
        var level = Pick(random);
        var expected = decide(Of(Quantified(Text(level))));
        var cells = 1 / level;
        string[] spellings = [level.ToString("0.################", CultureInfo.InvariantCulture), level.ToString("0.###e+0", CultureInfo.InvariantCulture), .. decimal.IsInteger(cells) ? new[] { $"1/{cells:0}", $"1 in {cells.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ')}" } : []];
        Assert.All(spellings, spelling => Assert.Equal(expected, decide(Of(Quantified(spelling)))));
        var percent = decide(Of(Quantified((level * 100).ToString(CultureInfo.InvariantCulture), MrdUnit.Percent)));
        Assert.Equal(expected, percent);
    });

    [Fact]
    public void Answers_remembered_are_those_derived()
    {
        var random = new Random(11);
        for (var i = 0; i < 300; i++)
        {
            MrdResult[] results = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Any(random))];
            var @case = Of(results);
            foreach (var protocol in Shipped.Library.Versions)
            {
                foreach (var decision in protocol.Document.Decisions.Keys.Intersect(WellKnownDecisions.Mrd))
                {
                    // With a trace nothing is remembered.
                    var derived = new CaseEvaluator(@case).Decide(protocol, [decision], [], includeTrace: true)[0].Clone();
                    derived.Trace.Clear();
                    Assert.Equal(derived, protocol.Decide(@case, decision));
                }
            }
        }
    }

    /// <summary>The impossible band of E03, the tenfold slips of E04 and E05: no document has a cut-off there.</summary>
    [Fact]
    public void No_document_has_a_misprint_of_the_review_as_a_cut_off()
    {
        foreach (var document in Shipped.Library.Versions.Select(version => version.Document))
        {
            var measured = document.Inputs.Where(input => input.Key.StartsWith("mrd_", StringComparison.Ordinal) && input.Value.Bands.Count > 0);
            foreach (var band in measured.SelectMany(input => input.Value.Bands.Values))
            {
                Assert.True(Interval.TryParse(band, out var interval, out _) && !interval.IsEmpty, band);
                Assert.All(new[] { interval.Min, interval.Max }, end => Assert.Contains(end, new decimal?[] { 0, 0.0001m, 0.001m, 0.01m, 0.05m, 1 }));
            }
        }
        // E04, E05: COG and UKALL R3 at 1e-4, ALL-REZ BFM at 1e-3 and E03, E07 its four bands; E02: CSF by the microlitre; E06: no dose.
        // UKALL R3 has a band between the two cut-offs, in which the review contradicts itself (D-19).
        Assert.Equal(["[0, 0.0001)", "[0.0001, 0.001)", "[0.001, 0.05)", "[0.05, 1]"], Bands("ukall-r3", "mrd_decision_level"));
        Assert.Equal(["[0, 0.0001)", "[0.0001, 0.001)", "[0.001, 0.01)", "[0.01, 0.05)", "[0.05, 1]"], Bands("all-rez-bfm", "mrd_decision_level"));
        Assert.Equal("CUT_1E_4", Shipped.Protocol("cog").Document.Readings["mrd_cut_off"].Default);
        Assert.Equal(["[0, 5)", "[5, inf)"], Bands("review-2014", "response_csf_wbc_per_ul"));
        Assert.All(Shipped.Ids, id => Assert.DoesNotContain("mg/m", Shipped.Text($"{Shipped.Of(Shipped.Protocol(id))}/protocol.yaml"), StringComparison.OrdinalIgnoreCase));
        Assert.All(Shipped.Ids, id => Assert.DoesNotContain("0.001%", Shipped.Text($"{Shipped.Of(Shipped.Protocol(id))}/protocol.yaml"), StringComparison.Ordinal));
    }

    private static IEnumerable<string> Bands(string protocol, string input) =>
        Shipped.Protocol(protocol).Document.Inputs[input].Bands.Values.OrderBy(band => Interval.TryParse(band, out var interval, out _) ? interval.Min : 0);

    private static void ForEach(Action<Random, Func<RelapseCase, string>> check)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            foreach (var protocol in Shipped.Library.Versions.Where(version => version.Document.Measurements.ContainsKey("decision")))
            {
                foreach (var decision in protocol.Document.Decisions.Keys.Intersect(WellKnownDecisions.Mrd))
                {
                    var random = new Random(seed);
                    var treatment = new Treatment { Reinduction = Reinduction.AllR3 };
                    if (random.Next(3) is > 0 and var arm)
                    {
                        treatment.Arm = arm == 1 ? "A" : "B";
                    }
                    check(random, @case => Say(protocol.Decide(@case.With(changed => changed.Treatment = treatment), decision)));
                }
            }
        }
    }

    private static string Say(Decision decision) => $"{decision.Say()} {string.Join(" ", decision.Conditions.Select(condition => condition.Id))}";

    private static void AssertNarrower(string before, string after, string context)
    {
        var (had, has) = (Words(before), Words(after));
        Assert.True(
            after.StartsWith("OutOfScope", StringComparison.Ordinal) || (!before.StartsWith("OutOfScope", StringComparison.Ordinal) && has.All(had.Contains)),
            $"{context}: {before} became {after}");
        Assert.True(!before.StartsWith("Determined", StringComparison.Ordinal) || after == before, $"{context}: {before} became {after}");
    }

    private static string[] Words(string said) => said[(said.IndexOf('{', StringComparison.Ordinal) + 1)..said.IndexOf('}', StringComparison.Ordinal)].Split(", ");

    private static RelapseCase Bounded(decimal min, decimal max)
    {
        var @case = Of(new MrdResult { TimePoint = TimePoint.EndOfInduction, Specimen = Specimen.Marrow, Method = MrdMethod.PcrIgTr, Unit = MrdUnit.Fraction });
        @case.Bounded.Add(new BoundedFact { Field = "case.mrd[0].quantified", Min = (double)min, Max = (double)max });
        return @case;
    }

    private static MrdResult Any(Random random)
    {
        MrdResult[] some = [Quantified(Text(Pick(random))), BelowDetection(random.Next(2) == 0 ? null : Text(Pick(random))), Positive(random.Next(2) == 0 ? null : Text(Pick(random))), NotEvaluable()];
        return some[random.Next(4)].At((TimePoint)random.Next(9)).By((MrdMethod)random.Next(4)).On((Specimen)random.Next(3));
    }

    private static decimal Pick(Random random) => decimal.Parse(_levels[random.Next(_levels.Length)], NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Text(decimal level) => level.ToString(CultureInfo.InvariantCulture);
}
