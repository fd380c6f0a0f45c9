using Relapse.Clinical;
using Relapse.Contracts.Case.V1;

namespace Relapse.Tests.Clinical;

/// <summary>The marrow by the Ponte-di-Legno criteria of 2022: every row of its table, both sides of each threshold, and which test counts where.</summary>
public sealed class PonteDiLegnoTests
{
    private static readonly MrdMethod[] _methods = [MrdMethod.Flow, MrdMethod.PcrIgTr, MrdMethod.Ngs];

    private static readonly ChosenReading _criteria = new("marrow_definition", "PONTE_DI_LEGNO_2022");

    /// <summary>Blasts of the first marrow; other tests on it; tests of a second marrow; `only` says that there are no more.</summary>
    [Theory]
    [InlineData(25, "", "", "M3")]
    [InlineData(80, "", "", "M3")]
    [InlineData(24.9, "1", "", "M3")]
    [InlineData(5, "1", "", "M3")]
    [InlineData(5, "0.99", "", "M2, M3")]
    [InlineData(5, "0.99", "1 1", "M3")]
    [InlineData(5, "", "1 1", "M3")]
    [InlineData(5, "", "1 0.9", "M2, M3")]
    [InlineData(5, "", "1", "M2, M3")]
    [InlineData(24.9, "", "", "M2, M3")]
    [InlineData(4.9, "1 1", "", "M3")]
    [InlineData(1, "1 3", "", "M3")]
    [InlineData(4.9, "1 0.9", "", "M1, M3")]
    [InlineData(4.9, "1", "1 1", "M3")]
    [InlineData(1, "", "2 1 0", "M3")]
    [InlineData(1, "1", "1", "M1, M3")]
    [InlineData(4.9, "5", "", "M1, M3")]
    [InlineData(4.9, "30", "", "M1, M3")]
    [InlineData(0.99, "50 50", "50 50", "M1, M3")]
    [InlineData(0, "1", "", "M1, M3")]
    [InlineData(0.99, "", "", "M1, M3")]
    public void Each_row_of_the_table_and_what_falls_short_of_it(double blasts, string first, string second, string status) =>
        Assert.Equal(status, Status(Case(blasts, first, second)));

    [Theory]
    [InlineData(25, "M3")]
    [InlineData(24.9, "M2")]
    [InlineData(5, "M2")]
    [InlineData(4.9, "M1")]
    [InlineData(1, "M1")]
    [InlineData(0.99, "M1")]
    [InlineData(0, "M1")]
    public void Where_no_test_was_made_the_morphology_stands(double blasts, string status)
    {
        var @case = Case(blasts, "", "").With(changed => changed.Unknown.Add(new UnknownFact { Field = "case.mrd", Reason = UnknownReason.NotDone }));
        Assert.Equal(status, Status(@case));
        var pending = @case.With(changed => changed.Unknown[0].Reason = UnknownReason.Pending);
        Assert.Equal(blasts >= 25 ? "M3" : blasts >= 5 ? "M2, M3" : "M1, M3", Status(pending));
    }

    [Theory]
    [InlineData(10, "M2", "M3", "Conditional")]
    [InlineData(25, "M2", "M3", "Conditional")]
    [InlineData(80, "M3", "M3", "Determined")]
    public void By_default_the_morphology_decides_and_a_chosen_definition_is_a_condition_where_it_differs(double blasts, string usual, string chosen, string outcome)
    {
        var @case = Case(blasts, "3", "");
        Assert.Equal($"Determined {{{usual}}}", Shipped.Protocol("review-2014").Decide(@case, "marrow_status").Say());
        Assert.Equal($"{outcome} {{{chosen}}}", Shipped.Protocol("review-2014").Decide(@case, "marrow_status", _criteria).Say());
    }

    [Fact]
    public void The_site_follows_by_the_same_table()
    {
        var @case = SoundCase.LateIsolatedMarrow().With(changed =>
        {
            (changed.Marrow.BlastsPercent, changed.Blood.BlastsPresent) = (10, false);
            changed.Mrd.Add(Test("2", null));
        });
        Assert.Equal("Determined {MARROW_M2_ONLY}", Shipped.Protocol("review-2014").Decide(@case, "relapse_site").Say());
        Assert.Equal("Conditional {ISOLATED_MARROW}", Shipped.Protocol("review-2014").Decide(@case, "relapse_site", _criteria).Say());
    }

    [Fact]
    public void One_percent_is_one_number_in_every_spelling_and_unit()
    {
        foreach (var (unit, level) in new[] { (MrdUnit.Percent, "1.0"), (MrdUnit.Percent, "1e0"), (MrdUnit.Fraction, "0.01"), (MrdUnit.Fraction, "1e-2") })
        {
            Assert.Equal("M3", Status(Case(5, "", "").With(changed => changed.Mrd.Add(Test(level, null, unit)))));
        }
        Assert.Equal("M2, M3", Status(Case(5, "", "").With(changed => changed.Mrd.Add(Test("0.0099", null, MrdUnit.Fraction)))));
    }

    [Fact]
    public void A_test_counts_when_it_is_certain_that_it_reached_the_level()
    {
        Assert.Equal("M3", Status(Case(5, "", "").With(changed =>
        {
            changed.Mrd.Add(Test(null, null));
            changed.Bounded.Add(new BoundedFact { Field = "case.mrd[0].quantified", Min = 1 });
        })));
        foreach (var result in new Action<MrdResult>[] { test => test.BelowDetection = true, test => test.PositiveNotQuantifiable = true, test => test.NotEvaluable = true })
        {
            Assert.Equal("M2, M3", Status(Case(5, "", "").With(changed => changed.Mrd.Add(Test(null, null).With(result)))));
        }
    }

    [Fact]
    public void Only_tests_of_the_marrow_at_relapse_count()
    {
        foreach (var other in new Action<MrdResult>[]
        {
            test => test.Specimen = Specimen.Blood,
            test => test.Specimen = Specimen.Unspecified,
            test => test.TimePoint = TimePoint.EndOfBlock1,
            test => test.TimePoint = TimePoint.Unspecified,
        })
        {
            Assert.Equal("M2, M3", Status(Case(5, "", "").With(changed => changed.Mrd.Add(Test("50", null).With(other)))));
        }
    }

    /// <summary>One test of 5 percent, dated; with a marrow of 5 percent it counts on the first marrow alone.</summary>
    [Theory]
    [InlineData("2013-06-20", "2013-06-20", "M3")]
    [InlineData("2013-06-20", "2013-06-19", "M3")]
    [InlineData("2013-06-20", "2013-06-21", "M2, M3")]
    [InlineData("2013-06-20", "2013-06", "M2, M3")]
    [InlineData("2013-06", "2013-06-20", "M2, M3")]
    [InlineData("2013-06", "2013-06-01", "M3")]
    [InlineData("2013-06-20", "", "M3")]
    [InlineData("", "2013-06-20", "M3")]
    [InlineData("", "2013-06", "M3")]
    public void A_test_is_on_the_first_marrow_unless_it_is_later_than_the_relapse(string relapse, string tested, string status) => Assert.Equal(status, Status(Case(5, "", "").With(changed =>
    {
        changed.Timing = new Timing { RelapseDate = Date(relapse) };
        changed.Mrd.Add(Test("5", Date(tested)));
    })));

    /// <summary>Without a date of the relapse the earliest test says when the first marrow was.</summary>
    [Theory]
    [InlineData("2013-06-20 2013-06-27 2013-06-27", "0 1 1", "M3")]
    [InlineData("2013-06-20 2013-06-27 2013-06-27", "0 1 0.5", "M2, M3")]
    [InlineData("2013-06-27 2013-06-20 2013-06-28", "1 0 1", "M2, M3")]
    [InlineData("2013-06-27 2013-06-20 2013-06-27", "1 0 1", "M3")]
    [InlineData("2013-06-20 2013-06-20", "0 1", "M3")]
    [InlineData("2013-06 2013-07 2013-08", "0 1 1", "M2, M3")]
    [InlineData("2013-06 2013-07-05 2013-07-05", "0 1 1", "M3")]
    [InlineData("2013-06-20 2013-07 2013-07", "0 1 1", "M2, M3")]
    [InlineData("2013-06 2013-06-20 2013-06-25", "0 1 1", "M2, M3")]
    public void Without_a_date_of_the_relapse_the_earliest_test_dates_the_first_marrow(string dates, string levels, string status) => Assert.Equal(status, Status(Case(5, "", "").With(changed =>
    {
        changed.Timing = new Timing();
        changed.Mrd.Add(dates.Split(' ').Zip(levels.Split(' ')).Select((test, index) => Test(test.Second, Date(test.First), method: _methods[index])));
    })));

    /// <summary>Two tests on a marrow of 3 percent, which needs two.</summary>
    [Theory]
    [InlineData(MrdMethod.Flow, MrdMethod.PcrIgTr, "M3")]
    [InlineData(MrdMethod.Flow, MrdMethod.Flow, "M1, M3")]
    [InlineData(MrdMethod.Flow, MrdMethod.Unspecified, "M1, M3")]
    [InlineData(MrdMethod.Unspecified, MrdMethod.Unspecified, "M1, M3")]
    public void One_method_on_one_marrow_is_one_test(MrdMethod one, MrdMethod other, string status)
    {
        Assert.Equal(status, Status(Case(3, "", "").With(changed => changed.Mrd.Add([Test("2", SoundCase.Day(2013, 6, 20), method: one), Test("3", SoundCase.Day(2013, 6, 20), method: other)]))));
        Assert.Equal(status, Status(Case(3, "", "").With(changed => changed.Mrd.Add([Test("2", SoundCase.Day(2013, 6, 27), method: one), Test("3", SoundCase.Day(2013, 6, 27), method: other)]))));
    }

    [Fact]
    public void Two_second_marrows_do_not_make_two_tests_on_one() =>
        Assert.Equal("M2, M3", Status(Case(5, "", "1").With(changed => changed.Mrd.Add(Test("1", SoundCase.Day(2013, 7, 4), method: MrdMethod.PcrIgTr)))));

    [Fact]
    public void With_a_test_of_the_day_of_the_relapse_an_earlier_one_is_of_another_marrow() =>
        Assert.Equal("M1, M3", Status(Case(3, "1", "").With(changed => changed.Mrd.Add(Test("1", SoundCase.Day(2013, 6, 18), method: MrdMethod.PcrIgTr)))));

    [Fact]
    public void A_test_before_the_diagnosis_or_a_previous_relapse_contradicts_where_tests_are_looked_at()
    {
        foreach (var (change, field) in new (Action<RelapseCase>, string)[]
        {
            (changed => changed.Timing.DiagnosisDate = SoundCase.Day(2013, 6, 21), "case.timing.diagnosis_date"),
            (changed => changed.PreviousRelapses.Add(new PreviousRelapse { Date = SoundCase.Day(2013, 6, 21) }), "case.previous_relapses[0].date"),
        })
        {
            var @case = Case(5, "1", "").With(changed => changed.Timing.RelapseDate = SoundCase.Day(2013, 7, 1)).With(change);
            var answer = Shipped.Protocol("review-2014").Decide(@case, "marrow_status", _criteria);
            Assert.Equal(Contracts.Decision.V1.Outcome.Inconsistent, answer.Outcome);
            Assert.Equal(["case.mrd[0].collect_date", field], Assert.Single(answer.Contradictions).Fields);
            Assert.Equal("Determined {M2}", Shipped.Protocol("review-2014").Decide(@case, "marrow_status").Say());
        }
    }

    [Fact]
    public void A_marrow_short_of_two_tests_that_were_not_made_is_to_be_repeated()
    {
        var made = Case(3, "1 1", "");
        var notMade = Case(3, "", "").With(changed => changed.Unknown.Add(new UnknownFact { Field = "case.mrd", Reason = UnknownReason.NotDone }));
        Assert.Contains("MARROW_M2_REPEAT", Codes(notMade, _criteria));
        Assert.DoesNotContain("MARROW_M2_REPEAT", Codes(made, _criteria));
        Assert.DoesNotContain("MARROW_M2_REPEAT", Codes(notMade));

        static IEnumerable<string> Codes(RelapseCase @case, params ChosenReading[] readings) =>
            Shipped.Protocol("review-2014").Decide(@case, "relapse_site", readings).Warnings.Select(warning => warning.Code);
    }

    [Fact]
    public void The_reading_says_that_the_footnotes_were_not_seen() =>
        Assert.Contains("footnotes", Shipped.Protocol("review-2014").Document.Readings["marrow_definition"].Values["PONTE_DI_LEGNO_2022"], StringComparison.Ordinal);

    [Fact]
    public void A_missing_test_is_asked_for_in_words()
    {
        var missing = Assert.Single(Shipped.Protocol("review-2014").Decide(Case(5, "", ""), "marrow_status", _criteria).Missing);
        Assert.Equal("case.mrd", missing.Field);
        Assert.Contains("highest other test of the first marrow, in percent, [1, 5)", missing.WouldDecide.Select(would => would.Value));
        Assert.Contains("highest other test of the first marrow, in percent, [5, 100]", missing.WouldDecide.Select(would => would.Value));
    }

    private static string Status(RelapseCase @case) => string.Join(", ", Shipped.Protocol("review-2014").Decide(@case, "marrow_status", _criteria).Possible);

    private static RelapseCase Case(double blasts, string first, string second)
    {
        var @case = new RelapseCase { Marrow = new Marrow { BlastsPercent = blasts }, Timing = new Timing { RelapseDate = SoundCase.Day(2013, 6, 20) } };
        @case.Mrd.Add(Levels(first).Select((level, index) => Test(level, SoundCase.Day(2013, 6, 20), method: _methods[index])));
        @case.Mrd.Add(Levels(second).Select((level, index) => Test(level, SoundCase.Day(2013, 6, 27), method: _methods[index])));
        return @case;
    }

    private static string[] Levels(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static MrdResult Test(string? level, Google.Type.Date? date, MrdUnit unit = MrdUnit.Percent, MrdMethod method = MrdMethod.Unspecified)
    {
        var test = new MrdResult { TimePoint = TimePoint.AtRelapse, Specimen = Specimen.Marrow, Unit = unit, Method = method, CollectDate = date };
        if (level is not null)
        {
            test.Quantified = level;
        }
        return test;
    }

    private static Google.Type.Date? Date(string text) => text.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray() switch
    {
        [var year, var month, var day] => SoundCase.Day(year, month, day),
        [var year, var month] => SoundCase.Day(year, month),
        _ => null,
    };
}

file static class MrdResultChange
{
    public static MrdResult With(this MrdResult test, Action<MrdResult> change)
    {
        change(test);
        return test;
    }
}
