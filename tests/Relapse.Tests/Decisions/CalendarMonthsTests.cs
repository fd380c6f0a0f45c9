using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

public sealed class CalendarMonthsTests
{
    [Theory]
    [InlineData("2023-01-31", 1, "2023-02-28")]
    [InlineData("2024-01-31", 1, "2024-02-29")]
    [InlineData("2024-02-29", 12, "2025-02-28")]
    [InlineData("2024-02-29", 48, "2028-02-29")]
    [InlineData("2024-03-31", -1, "2024-02-29")]
    [InlineData("2024-12-15", 1, "2025-01-15")]
    [InlineData("9999-12-31", 1, "9999-12-31")]
    [InlineData("0001-01-01", -1, "0001-01-01")]
    public void The_end_of_a_month_is_clamped(string from, int months, string expected) =>
        Assert.Equal(Date(expected), CalendarMonths.Add(Date(from), months));

    [Theory]
    [InlineData("2024-01-31", "2024-02-28", 0)]
    [InlineData("2024-01-31", "2024-02-29", 1)]
    [InlineData("2023-01-31", "2023-02-28", 1)]
    [InlineData("2024-01-15", "2024-01-14", -1)]
    [InlineData("2024-01-15", "2025-07-14", 17)]
    [InlineData("2024-01-15", "2025-07-15", 18)]
    public void Completed_months_reach_no_further_than_the_date(string from, string to, int months) =>
        Assert.Equal(months, CalendarMonths.Completed(Date(from), Date(to)));

    [Fact]
    public void The_day_of_the_threshold_belongs_to_the_later_band()
    {
        var diagnosis = Date("2022-08-31");
        var before = IntervalTests.Parse("[0, 18)");
        Assert.True(CalendarMonths.IsWithin(diagnosis, Date("2024-02-28"), before));
        Assert.False(CalendarMonths.IsWithin(diagnosis, Date("2024-02-29"), before));
        Assert.Throws<ArgumentException>(() => CalendarMonths.IsWithin(diagnosis, diagnosis, IntervalTests.Parse("[0, 1.5)")));
        Assert.False(
            CalendarMonths.CanBeWithin(new DateInterval(Date("2024-01-02"), Date("2024-01-01")), DateInterval.Everything,
                Interval.Everything));
    }

    private static DateOnly Date(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
