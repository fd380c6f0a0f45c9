using System.Globalization;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using static Relapse.Tests.Clinical.Mrd.MrdCase;

namespace Relapse.Tests.Clinical.Mrd;

/// <summary>What is said to be missing of a series, and to settle it, is stated as a caller would state it: the answer is then what was said.</summary>
public sealed class MrdClaimTests
{
    private static readonly DateOnly _early = new(2013, 6, 20);
    private static readonly DateOnly _late = new(2013, 12, 30);

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void What_is_missing_leaves_what_is_said_of_it_and_what_settles_does(int block)
    {
        var (left, settled) = (0, 0);
        for (var seed = block * 120; seed < (block + 1) * 120; seed++)
        {
            var random = new Random(seed);
            var @case = Of([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => MrdSeriesMonotonicityTests.Any(random))]);
            @case.Treatment = new Treatment { Reinduction = (Reinduction)random.Next(1, 5), Arm = random.Next(2) == 0 ? "A" : "B" };
            for (var drops = random.Next(1, 5); drops > 0; drops--)
            {
                MrdSeriesMonotonicityTests.Drop(@case, random);
            }
            foreach (var protocol in Shipped.Library.Versions.Where(version => version.Document.Measurements.Count > 0))
            {
                foreach (var decision in protocol.Document.Decisions.Keys.Intersect(WellKnownDecisions.Mrd))
                {
                    Replay(protocol, decision, @case, seed, ref left, ref settled);
                }
            }
        }
        Assert.True(left > 300 && settled > 100, $"{left} {settled}");
    }

    private static void Replay(CompiledProtocol protocol, string decision, RelapseCase @case, int seed, ref int left, ref int settled)
    {
        var answer = protocol.Decide(@case, decision);
        foreach (var (field, would) in answer.Missing.SelectMany(missing => missing.WouldDecide.Select(would => (missing.Field, would))))
        {
            if (would.Possible.Count > 0 && Stated(protocol, @case, [(field, would.Value)]) is { } stated && protocol.Decide(stated, decision) is { Outcome: not (Outcome.Inconsistent or Outcome.OutOfScope) } after)
            {
                Assert.True(would.Possible.Order(StringComparer.Ordinal).SequenceEqual(after.Possible.Order(StringComparer.Ordinal)), $"seed {seed} {protocol.Id} {decision}: {field} {would.Value} was said to leave {would.Possible}, leaves {after.Say()}\n{@case.Mrd} {@case.Treatment}");
                left++;
            }
        }
        foreach (var set in answer.Shortest)
        {
            if (Stated(protocol, @case, [.. set.Facts.Select(fact => (fact.Field, fact.Value))]) is { } stated && protocol.Decide(stated, decision) is { Outcome: not Outcome.Inconsistent } after)
            {
                Assert.True(after.Outcome is Outcome.Determined or Outcome.Conditional && after.Possible.SequenceEqual([set.Conclusion]), $"seed {seed} {protocol.Id} {decision}: {set.Facts} was said to give {set.Conclusion}, gives {after.Say()}\n{@case.Mrd} {@case.Treatment}");
                settled++;
            }
        }
    }

    /// <summary>Flow cytometry is there and the PCR is awaited: whatever it finds, it is the one that counts.</summary>
    [Fact]
    public void A_pending_result_by_the_protocols_method_settles_whatever_it_finds()
    {
        var @case = Of(Quantified("5e-4").By(MrdMethod.Flow), Pending());
        var answer = Shipped.Protocol("all-rez-bfm").Decide(@case, "mrd_response");
        var missing = Assert.Single(answer.Missing, missing => missing.Field == "case.mrd[1].quantified");
        Assert.Equal(["BELOW_CUT_OFF"], missing.WouldDecide.First(would => would.Value == "[0, 0.0001)").Possible);
        // A new result in the words of the conclusion leaves that conclusion, whatever is open of those there are.
        Assert.All(answer.Missing.Where(other => other.Field == "case.mrd").SelectMany(other => other.WouldDecide), would => Assert.Equal(would.Value, $"new finding: {Assert.Single(would.Possible)}"));
    }

    [Fact]
    public void Two_pending_results_are_two()
    {
        var @case = Of(Pending(), Pending());
        Assert.Equal([0, 1], Select("ukall-r3", @case).Used);
        Assert.Equal(["case.mrd[0].quantified", "case.mrd[1].quantified"], Shipped.Protocol("ukall-r3").Decide(@case, "mrd_response").Shortest.Single(set => set.Conclusion == "BELOW_CUT_OFF").Facts.Select(fact => fact.Field));
        Assert.Equal([0, 1], Select("ukall-r3", Of(BelowDetection(null), BelowDetection(null))).Used);
    }

    [Fact]
    public void One_date_says_nothing_of_a_third_result_without_one()
    {
        var @case = Of(Quantified("5e-5").Collected(10, 26), Quantified("5e-4"), Quantified("6e-4"));
        var below = Shipped.Protocol("ukall-r3").Decide(@case, "mrd_response").Shortest.Where(set => set.Conclusion == "BELOW_CUT_OFF");
        Assert.All(below, set => Assert.Equal(2, set.Facts.Count));
    }

    /// <summary>By its date the result is before the end of induction, and so none before transplant.</summary>
    [Fact]
    public void A_time_point_that_the_date_excludes_is_not_offered()
    {
        var @case = Of(Quantified("2e-4").At(TimePoint.Unspecified).Collected(8, 10), Quantified("1e-5").Collected(9, 16));
        var answer = Shipped.Protocol("review-2014").Decide(@case, "pre_transplant_mrd");
        Assert.DoesNotContain("case.mrd[0].time_point", answer.Missing.Select(missing => missing.Field));
    }

    /// <summary>Where the method of the end of induction turns out to be another, the end of block 1 alone counts, which is known second-hand.</summary>
    [Fact]
    public void An_answer_that_may_rest_on_the_provided_time_point_alone_says_so()
    {
        var @case = Of(Quantified("5e-5").By(MrdMethod.Unspecified), Quantified("5e-5").At(TimePoint.EndOfBlock1));
        var answer = Shipped.Protocol("ukall-r3").Decide(@case, "mrd_response");
        Assert.Equal("block-1-is-the-induction", Assert.Single(answer.Conditions).Id);
        Assert.Contains("another of a time point that counts on a condition", Select("ukall-r3", @case).Reason, StringComparison.Ordinal);
        Assert.Empty(Shipped.Protocol("ukall-r3").Decide(@case.With(changed => changed.Mrd[0].Method = MrdMethod.PcrIgTr), "mrd_response").Conditions);
    }

    [Fact]
    public void The_order_of_the_list_and_a_result_listed_twice_change_nothing()
    {
        for (var seed = 3000; seed < 3150; seed++)
        {
            var random = new Random(seed);
            var @case = Of([.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => MrdSeriesMonotonicityTests.Any(random))]);
            MrdSeriesMonotonicityTests.Drop(@case, random);
            MrdResult[] shuffled = [.. @case.Mrd, @case.Mrd[random.Next(@case.Mrd.Count)].Clone()];
            random.Shuffle(shuffled);
            var other = @case.With(changed => changed.Mrd.Clear());
            other.Mrd.Add(shuffled);
            foreach (var protocol in Shipped.Library.Versions.Where(version => version.Document.Measurements.Count > 0))
            {
                foreach (var decision in protocol.Document.Decisions.Keys.Intersect(WellKnownDecisions.Mrd))
                {
                    var (one, two) = (protocol.Decide(@case, decision), protocol.Decide(other, decision));
                    Assert.True(Said(one) == Said(two), $"seed {seed} {protocol.Id} {decision}: {Said(one)} and {Said(two)}\n{@case.Mrd}\n{other.Mrd}");
                }
            }
        }

        static string Said(Decision decision) => $"{decision.Say()} {string.Join(' ', decision.Conditions.Select(condition => condition.Id))} {string.Join(' ', decision.Warnings.Select(warning => warning.Code))}";
    }

    [Fact]
    public void A_duplicate_of_the_result_used_is_no_morphological_disease_elsewhere()
    {
        var later = Quantified("1e-5").At(TimePoint.Unspecified).Collected(11, 2);
        foreach (var results in new MrdResult[][] { [Quantified("0.3"), later], [Quantified("0.3"), Quantified("0.3"), later] })
        {
            Assert.DoesNotContain("MORPHOLOGICAL_LEVEL", Shipped.Protocol("ukall-r3").Decide(Of(results), "mrd_response").Warnings.Select(warning => warning.Code));
        }
    }

    private static MrdResult Pending() => new() { TimePoint = TimePoint.EndOfInduction, Specimen = Specimen.Marrow, Method = MrdMethod.PcrIgTr };

    /// <summary>The case with these fields stated; null when one is not a result's, or what it says is no case.</summary>
    private static RelapseCase? Stated(CompiledProtocol protocol, RelapseCase @case, (string Field, string Value)[] facts)
    {
        var stated = @case.Clone();
        foreach (var (field, value) in facts)
        {
            if (field == "case.treatment.reinduction")
            {
                stated.Treatment.Reinduction = value switch { "ALL_REZ_BFM" => Reinduction.AllRezBfm, "ALL_R3" => Reinduction.AllR3, "AALL01P2" => Reinduction.Aall01P2, _ => Reinduction.Other };
            }
            else if (!field.StartsWith("case.mrd[", StringComparison.Ordinal) || !State(protocol, stated.Mrd, int.Parse(field[9..field.IndexOf(']', StringComparison.Ordinal)], CultureInfo.InvariantCulture), field[(field.LastIndexOf('.') + 1)..], value))
            {
                return null;
            }
        }
        return CaseValidator.Validate(stated).IsEmpty ? stated : null;
    }

    private static bool State(CompiledProtocol protocol, Google.Protobuf.Collections.RepeatedField<MrdResult> results, int index, string field, string value)
    {
        var result = results[index];
        var own = protocol.Document.Measurements.Values.First().Methods;
        switch (field)
        {
            case "specimen":
                result.Specimen = value == "MARROW" ? Specimen.Marrow : Specimen.Blood;
                return true;
            case "method":
                result.Method = value == "PROTOCOL" ? own[0] : Enum.GetValues<MrdMethod>().First(method => method is not MrdMethod.Unspecified && !own.Contains(method));
                return true;
            case "time_point":
                result.TimePoint = value == "another time point" ? TimePoint.Other : Enum.Parse<TimePoint>(value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
                return true;
            case "collect_date":
                var day = value.StartsWith($"case.mrd[{index}]", StringComparison.Ordinal);
                var (first, last) = result.CollectDate is { Day: 0 } month ? (new DateOnly(month.Year, month.Month, 1), new DateOnly(month.Year, month.Month, 1).AddMonths(1).AddDays(-1)) : (_early, _late);
                result.CollectDate = day ? SoundCase.Day(last.Year, last.Month, last.Day) : SoundCase.Day(first.Year, first.Month, first.Day);
                return true;
            case "quantified" when value == "not evaluable":
                result.NotEvaluable = true;
                return true;
            case "quantified" or "sensitivity" or "quantifiable_from" when Interval.TryParse(value, out var interval, out _):
                var level = field == "quantified" ? (interval.Min is { } min && min > 0 ? min : interval.Max!.Value / 2) : interval.Max!.Value;
                var text = level.ToString(CultureInfo.InvariantCulture);
                result.Unit = MrdUnit.Fraction;
                if (field == "quantified")
                {
                    result.Quantified = text;
                }
                else if (field == "sensitivity")
                {
                    result.Sensitivity = text;
                }
                else
                {
                    result.QuantifiableFrom = text;
                }
                return true;
            default:
                return false;
        }
    }
}
