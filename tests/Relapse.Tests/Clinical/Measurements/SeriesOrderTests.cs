using Relapse.Clinical.Measurements;
using Relapse.Contracts.Case.V1;
using static Relapse.Tests.Clinical.Measurements.Measured;
using Date = Google.Type.Date;

namespace Relapse.Tests.Clinical.Measurements;

/// <summary>In which order results stand, and whether that is certain: by date, else by time point, else last.</summary>
public sealed class SeriesOrderTests
{
    [Fact]
    public void Dates_decide_whatever_the_order_of_the_list()
    {
        var series = Series(Quantified("0.001", on: Day(70)), Quantified("0.01", on: Day(0)), Quantified("0.002", on: Day(30)));

        Assert.Equal([Path(1), Path(2), Path(0)], Order(series));
        Assert.All(series.Points, point => Assert.True(point.OrderCertain));
    }

    [Fact]
    public void Without_dates_time_points_decide()
    {
        var series = Series(
            Quantified("0.001", TimePoint.Week12), Quantified("0.001", TimePoint.PostTransplant), Quantified("0.1", TimePoint.AtRelapse), Quantified("0.001", TimePoint.EndOfBlock1));

        Assert.Equal([Path(2), Path(3), Path(0), Path(1)], Order(series));
    }

    [Fact]
    public void One_without_a_date_stands_among_the_others_by_its_time_point_and_one_without_either_last()
    {
        var series = Series(
            Quantified("0.001"), Quantified("0.001", TimePoint.EndOfBlock1), Quantified("0.1", TimePoint.AtRelapse, Day(0)), Quantified("0.0001", TimePoint.Week12, Day(84)));

        Assert.Equal([Path(2), Path(1), Path(3), Path(0)], Order(series));
        // The last one could be anywhere, and so no place is certain.
        Assert.All(series.Points, point => Assert.False(point.OrderCertain));
        Assert.Equal([Path(1), Path(0)], Assert.Single(Notes(series, "DATE_MISSING")).Fields);
    }

    /// <summary>The end of induction is block 1 or block 2, by the protocol.</summary>
    [Fact]
    public void The_end_of_induction_and_a_block_are_in_no_certain_order_and_relapse_is_certainly_before_both()
    {
        var series = Series(Quantified("0.001", TimePoint.EndOfInduction), Quantified("0.001", TimePoint.EndOfBlock2), Quantified("0.1", TimePoint.AtRelapse));

        Assert.Equal((Path(2), true), (series.Points[0].Field, series.Points[0].OrderCertain));
        Assert.All(series.Points.Skip(1), point => Assert.False(point.OrderCertain));
    }

    [Fact]
    public void Dates_that_overlap_leave_the_order_open_unless_the_time_points_say_it()
    {
        var may = new Date { Year = 2014, Month = 5 };
        var open = Series(Quantified("0.001", on: may), Quantified("0.001", on: new Date { Year = 2014, Month = 5, Day = 20 }));
        Assert.All(open.Points, point => Assert.False(point.OrderCertain));

        var said = Series(Quantified("0.001", TimePoint.EndOfBlock1, may), Quantified("0.1", TimePoint.AtRelapse, new Date { Year = 2014, Month = 5, Day = 20 }));
        Assert.Equal([Path(1), Path(0)], Order(said));
        Assert.All(said.Points, point => Assert.True(point.OrderCertain));
    }

    /// <summary>Whatever is certain of two results, the series has them so.</summary>
    [Fact]
    public void What_certainly_came_first_stands_first()
    {
        var ordered = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            MrdResult[] results = [.. Enumerable.Range(0, 8).Select(_ => Quantified("0.001", (TimePoint)random.Next(0, 10), random.Next(3) switch
            {
                0 => null,
                1 => new Date { Year = 2014, Month = random.Next(1, 4) },
                _ => Day(random.Next(100)),
            }))];
            var sorted = SeriesOrder.Sort([.. results.Select((result, index) => new MeasuredResult(index, result, null))]);
            // Three that go round in a circle, by dates and time points, have no order, and what comes after them none with them.
            if (!sorted.Exists(result => IsInACircle(result, sorted)))
            {
                ordered++;
                Assert.All(sorted.Index(), later => Assert.DoesNotContain(sorted.Skip(later.Index + 1), earlier => SeriesOrder.IsBefore(earlier, later.Item)));
            }
        }

        Assert.InRange(ordered, 100, 300);
    }

    private static bool IsInACircle(MeasuredResult from, List<MeasuredResult> all)
    {
        List<MeasuredResult> reached = [.. all.Where(next => SeriesOrder.IsBefore(from, next))];
        for (var i = 0; i < reached.Count; i++)
        {
            reached.AddRange(all.Where(next => !reached.Contains(next) && SeriesOrder.IsBefore(reached[i], next)).ToList());
        }

        return reached.Contains(from);
    }

    [Fact]
    public void Dates_and_time_points_that_contradict_each_other_are_said_and_shown_by_date()
    {
        var series = Series(Quantified("0.1", TimePoint.AtRelapse, Day(40)), Quantified("0.001", TimePoint.EndOfBlock1, Day(10)));

        Assert.Equal([Path(1), Path(0)], Order(series));
        Assert.Equal([Path(1), Path(0)], Assert.Single(Notes(series, "ORDER_CONFLICT")).Fields);
        Assert.All(series.Points, point => Assert.False(point.OrderCertain));
        Assert.Empty(series.Changes);
    }

    [Fact]
    public void The_order_of_the_list_means_nothing()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var days = Enumerable.Range(0, 40).OrderBy(_ => random.Next()).Take(random.Next(2, 12)).ToArray();
            MrdResult[] results = [.. days.Select(day => Quantified($"0.{random.Next(1, 400):D4}", (TimePoint)random.Next(0, 10), Day(day), (MrdMethod)random.Next(0, 3)))];
            MrdResult[] shuffled = [.. results.OrderBy(_ => random.Next())];
            string[] Days(MrdResult[] list) => [.. Order(Series(list)).Select(path => list[int.Parse(path[9..^1], System.Globalization.CultureInfo.InvariantCulture)].CollectDate.ToString())];

            Assert.Equal(Days(results), Days(shuffled));
            Assert.Equal(Series(results).Notes.Select(note => note.Code).Order(StringComparer.Ordinal), Series(shuffled).Notes.Select(note => note.Code).Order(StringComparer.Ordinal));
            Assert.Equal(Series(results).Changes.Select(change => change.Direction), Series(shuffled).Changes.Select(change => change.Direction));
        }
    }
}
