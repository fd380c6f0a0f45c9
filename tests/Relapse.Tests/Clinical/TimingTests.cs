using Relapse.Clinical;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>Pairs of clocks, critical days and stretches, held to every day that the dates may be.</summary>
public sealed class TimingTests
{
    /// <summary>Days far outside what any threshold reaches stand for every day beyond.</summary>
    private static readonly DateInterval _window = new(new DateOnly(2010, 10, 1), new DateOnly(2013, 6, 30));

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 4)];

    /// <summary>Both documents of COG count from diagnosis alone: the day on which therapy ended is no answer to its question, though it lies between the two dates.</summary>
    [Fact]
    public void A_document_of_one_clock_asks_for_no_end_of_therapy()
    {
        var @case = new RelapseCase { RelapseNumber = 1, Timing = new Timing { DiagnosisDate = SoundCase.Day(2010, 3), RelapseDate = SoundCase.Day(2013, 3) } };

        Assert.DoesNotContain("case.timing.primary_therapy_end_date", Asked("cog-aall1331"));
        Assert.Equal(["case.timing.diagnosis_date", "case.timing.relapse_date"], Asked("cog").Order(StringComparer.Ordinal));
        Assert.Contains("case.timing.primary_therapy_end_date", Asked("all-rez-bfm"));

        IEnumerable<string> Asked(string protocol) => Shipped.Protocol(protocol).Decide(@case, "timing").Missing.Select(missing => missing.Field);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Pairs_are_those_of_every_day_that_the_dates_may_be(int block) => ForEachTiming(block, 25, (known, clocks, context) =>
        Assert.True(known.Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd) == DaysNaively.Pairs(known, clocks, _window), $"{context}: {known}"));

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Between_two_critical_days_every_day_leaves_the_same_pairs(int block) => ForEachTiming(block, 15, (known, clocks, context) =>
    {
        for (var date = TimingDate.Diagnosis; date <= TimingDate.Relapse; date++)
        {
            DateOnly[] critical = [.. known.CriticalDates(date, clocks.SinceDiagnosis, clocks.SinceTherapyEnd)];
            var at = 0;
            var (first, last) = (known[date].Min ?? _window.Min!.Value, known[date].Max ?? _window.Max!.Value);
            for (var day = first; day <= last; day = day.AddDays(1))
            {
                while (at + 1 < critical.Length && critical[at + 1] <= day)
                {
                    at++;
                }
                var expected = PairsOn(known, clocks, date, critical[at]);
                Assert.True(SameBut(PairsOn(known, clocks, date, day), expected, day, clocks), $"{context}: {date} {day:O} unlike {critical[at]:O} in {known}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Stretches_hold_every_possible_day_once_with_the_pairs_it_leaves(int block) => ForEachTiming(block, 15, (known, clocks, context) =>
    {
        var answers = new ClockAnswers(known, clocks);
        for (var date = TimingDate.Diagnosis; date <= TimingDate.Relapse; date++)
        {
            var stretches = answers.Stretches(date);
            var (first, last) = (known[date].Min ?? _window.Min!.Value, known[date].Max ?? _window.Max!.Value);
            for (var day = first; day <= last; day = day.AddDays(1))
            {
                var pairs = PairsOn(known, clocks, date, day);
                var holding = stretches.Where(stretch => stretch.Days.Contains(day)).ToArray();
                Assert.True(
                    pairs.IsEmpty ? holding.Length == 0 : holding.Length == 1 && SameBut(pairs, holding[0].Pairs, day, clocks),
                    $"{context}: {date} {day:O} leaves {pairs}, stretches {string.Join("; ", holding.Select(stretch => $"{stretch} {stretch.Pairs}"))} in {known}");
            }
        }
    });

    /// <summary>With every date exact the changes are computed, not looked for: held to every day, whatever the order of the dates.</summary>
    [Theory]
    [MemberData(nameof(Blocks))]
    public void Around_exact_dates_the_stretches_are_those_of_every_day(int block) => ForEachTiming(block, 15, (drawn, clocks, context) =>
    {
        var known = drawn with
        {
            Diagnosis = Exact(drawn.Diagnosis, new DateOnly(2011, 1, 31)),
            TherapyEnd = drawn.MayHaveEnded ? Exact(drawn.TherapyEnd, new DateOnly(2011, 8, 31)) : DateInterval.Everything,
            Relapse = Exact(drawn.Relapse, new DateOnly(2012, 2, 29)),
            MonthsFromDiagnosis = TimingKnown.AnyMonths,
            MonthsFromTherapyEnd = TimingKnown.AnyMonths,
        };
        for (var date = TimingDate.Diagnosis; date <= TimingDate.Relapse; date++)
        {
            if (date == TimingDate.TherapyEnd && !known.MayHaveEnded)
            {
                continue;
            }
            var stretches = ExactStretches.Find(date, known, clocks, clocks.Scales.ByDates.Starts);
            Assert.NotNull(stretches);
            for (var day = _window.Min!.Value; day <= _window.Max; day = day.AddDays(1))
            {
                var pairs = PairsOn(known, clocks, date, day);
                var holding = stretches.Where(stretch => stretch.Days.Contains(day)).ToArray();
                Assert.True(
                    pairs.IsEmpty ? holding.Length == 0 : holding.Length == 1 && holding[0].Pairs == pairs,
                    $"{context}: {date} {day:O} leaves {pairs}, stretches {string.Join("; ", stretches)} in {known}");
            }
            Assert.All(stretches.Zip(stretches.Skip(1)), two => Assert.True(two.First.Pairs != two.Second.Pairs && two.First.Days.Max < two.Second.Days.Min, context));
        }

        static DateInterval Exact(DateInterval drawn, DateOnly otherwise) => DateInterval.Point(drawn.Min ?? otherwise);
    });

    [Fact]
    public void Where_a_date_is_not_exact_or_months_are_told_changes_are_not_computed()
    {
        var clocks = Shipped.Protocol("cog").Bindings.OfType<ClocksInput>().Single();
        var day = DateInterval.Point(new DateOnly(2012, 2, 29));
        var known = new TimingKnown(day, day, day, TimingKnown.AnyMonths, TimingKnown.AnyMonths, MayBeOnTreatment: false, MayHaveEnded: true);

        Assert.NotNull(ExactStretches.Find(TimingDate.Relapse, known, clocks, clocks.Scales.ByDates.Starts));
        Assert.NotNull(ExactStretches.Find(TimingDate.Relapse, known with { Relapse = DateInterval.Everything }, clocks, clocks.Scales.ByDates.Starts));
        Assert.Null(ExactStretches.Find(TimingDate.Relapse, known with { Diagnosis = DateInterval.Everything }, clocks, clocks.Scales.ByDates.Starts));
        Assert.Null(ExactStretches.Find(TimingDate.Relapse, known with { MonthsFromDiagnosis = Interval.Point(3) }, clocks, clocks.Scales.ByDates.Starts));
    }

    [Theory]
    [InlineData("2011-08-31", "2012-02-29", 6, true)]
    [InlineData("2011-08-31", "2012-02-28", 6, false)]
    [InlineData("2011-08-29", "2012-02-29", 6, true)]
    [InlineData("2010-08-31", "2011-02-28", 6, true)]
    [InlineData("2012-02-29", "2012-08-29", 6, true)]
    [InlineData("2012-02-29", "2012-08-28", 6, false)]
    public void The_last_of_a_long_month_reaches_a_threshold_on_the_last_of_a_short_one(string start, string relapse, int months, bool reached)
    {
        var latest = ClockBands.LatestStart(DateOnly.Parse(relapse, System.Globalization.CultureInfo.InvariantCulture), months, more: false);
        Assert.Equal(reached, DateOnly.Parse(start, System.Globalization.CultureInfo.InvariantCulture).DayNumber <= latest);
    }

    [Theory]
    [InlineData("17.5", MonthsPrecision.Exact, "[17.5, 17.5]")]
    [InlineData("17", MonthsPrecision.CompletedMonths, "[17, 18)")]
    [InlineData("17.5", MonthsPrecision.Rounded, "[17.45, 17.55]")]
    [InlineData("17.5", MonthsPrecision.Unspecified, "[17.45, 17.55]")]
    [InlineData("18", MonthsPrecision.Unspecified, "[17.5, 18.5]")]
    [InlineData("0", MonthsPrecision.Rounded, "[0, 0.5]")]
    [InlineData("1.75e1", MonthsPrecision.Exact, "[17.5, 17.5]")]
    public void Months_are_as_exact_as_they_were_written_down(string months, MonthsPrecision precision, string expected) =>
        Assert.Equal(expected, CaseNumbers.ReadMonths(months, precision).ToString());

    /// <summary>
    /// Late in a month there may be no day exactly so many months before, the 31st of March and six months for one; a stretch
    /// that holds such a day still says "exactly".
    /// </summary>
    private static bool SameBut(ValueSet pairs, ValueSet expected, DateOnly day, ClocksInput clocks)
    {
        var exactly = ValueSet.Empty;
        for (var band = 0; day.Day > 28 && band < clocks.SinceTherapyEnd.Count; band++)
        {
            exactly |= clocks.SinceTherapyEnd.Intervals[band] is { } point && point.Min == point.Max ? clocks.Clocks.Where(1, ValueSet.Of(band)) : ValueSet.Empty;
        }
        return pairs.Except(exactly) == expected.Except(exactly) && pairs.IsSubsetOf(expected);
    }

    private static ValueSet PairsOn(TimingKnown known, ClocksInput clocks, TimingDate date, DateOnly day) =>
        known.With(date, DateInterval.Point(day)).Pairs(clocks.SinceDiagnosis, clocks.SinceTherapyEnd);

    private static void ForEachTiming(int block, int timings, Action<TimingKnown, ClocksInput, string> check)
    {
        var clocks = Shipped.Library.Versions
            .Where(protocol => protocol.Bindings.OfType<ClocksInput>().Any())
            .Select(protocol => (protocol.Id, protocol.Bindings.OfType<ClocksInput>().Single()))
            .Where(clock => clock.Id is "i-bfm-sg" or "cog")
            .ToArray();
        for (var seed = block * timings; seed < (block + 1) * timings; seed++)
        {
            var random = new Random(seed);
            var known = RandomTiming(random);
            foreach (var (id, input) in clocks)
            {
                check(known, input, $"seed {seed}, {id}");
            }
        }
    }

    /// <summary>Dates known, known to the month or absent, now and then with months; often at ends of months and beside thresholds.</summary>
    private static TimingKnown RandomTiming(Random random)
    {
        var diagnosis = new DateOnly(2011, 1, 1).AddDays(random.Next(120));
        var relapse = diagnosis.AddMonths(random.Next(4) switch { 0 => 18, 1 => 17, 2 => 24, _ => random.Next(1, 26) }).AddDays(random.Next(-2, 3));
        var end = relapse.AddMonths(-random.Next(4) switch { 0 => 6, 1 => 5, _ => random.Next(12) }).AddDays(random.Next(-2, 3));
        end = end < diagnosis ? diagnosis : end > relapse ? relapse : end;
        var status = random.Next(4);
        var (since, ago) = (CalendarMonths.Completed(diagnosis, relapse), CalendarMonths.Completed(end, relapse));
        return new TimingKnown(
            Part(diagnosis),
            status == 0 ? DateInterval.Everything : Part(end),
            Part(relapse),
            Months(since),
            status == 0 ? new Interval(0, false, null, false) : Months(ago),
            MayBeOnTreatment: status is 0 or 1,
            MayHaveEnded: status is not 0);

        DateInterval Part(DateOnly date) => random.Next(6) switch
        {
            0 => DateInterval.Everything,
            1 or 2 => new(new DateOnly(date.Year, date.Month, 1), new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month))),
            _ => DateInterval.Point(date),
        };

        Interval Months(int completed) => random.Next(6) switch
        {
            0 => new Interval(completed, false, completed + 1, true),
            1 => new Interval(Math.Max(0, completed - 0.5m), false, completed + 0.5m, false),
            2 => new Interval(completed, true, null, false),
            _ => new Interval(0, false, null, false),
        };
    }
}
