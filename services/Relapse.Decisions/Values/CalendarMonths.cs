namespace Relapse.Decisions;

/// <summary>
/// Calendar month arithmetic. <c>from + n months</c> keeps the day of the month, clamped to the end of a shorter month
/// (31 January + 1 = 28 or 29 February). Elapsed time lies in <c>[a, b)</c> when <c>to &gt;= from + a</c> and <c>to &lt; from + b</c>;
/// an exclusive lower or inclusive upper end changes the comparison accordingly.
/// </summary>
public static class CalendarMonths
{
    /// <summary>Months of a year.</summary>
    public const int OfYear = 12;

    /// <summary><paramref name="from"/> plus <paramref name="months"/>, which may be negative; the first or last date there is when it
    /// falls outside them.</summary>
    public static DateOnly Add(DateOnly from, int months)
    {
        var month = ((long)from.Year * OfYear) + from.Month - 1 + months;
        return month switch
        {
            < OfYear => DateOnly.MinValue,
            >= 10000 * OfYear => DateOnly.MaxValue,
            _ => from.AddMonths(months),
        };
    }

    /// <summary>The largest whole number <c>n</c>, possibly negative, with <c>from + n months &lt;= to</c>.</summary>
    public static int Completed(DateOnly from, DateOnly to)
    {
        var months = ((to.Year - from.Year) * OfYear) + to.Month - from.Month;
        return Add(from, months) <= to ? months : months - 1;
    }

    /// <summary>Whether the time elapsed between two dates lies in <paramref name="months"/>.</summary>
    /// <exception cref="ArgumentException">An end of <paramref name="months"/> is not a whole number of months.</exception>
    public static bool IsWithin(DateOnly from, DateOnly to, Interval months) =>
        CanBeWithin(DateInterval.Point(from), DateInterval.Point(to), months);

    /// <summary>Whether some pair of dates from the two intervals has an elapsed time in <paramref name="months"/>. Exact.</summary>
    /// <exception cref="ArgumentException">An end of <paramref name="months"/> is not a whole number of months.</exception>
    public static bool CanBeWithin(DateInterval from, DateInterval to, Interval months)
    {
        var (min, max) = (Whole(months.Min), Whole(months.Max));
        if (from.IsEmpty || to.IsEmpty || months.IsEmpty)
        {
            return false;
        }

        // "from + months" never falls as "from" rises. So the dates late enough for the upper end form a tail, those early enough for the
        // lower end a head, and the earliest of the tail decides.
        var (earliest, latest) = (from.Min ?? DateOnly.MinValue, from.Max ?? DateOnly.MaxValue);
        if (max is { } upper)
        {
            var first = FirstReaching(earliest, latest, upper, to.Min ?? DateOnly.MinValue, months.MaxExclusive);
            if (first is null)
            {
                return false;
            }

            earliest = first.Value;
        }

        var lastTo = to.Max ?? DateOnly.MaxValue;
        return min is not { } lower || (months.MinExclusive ? Add(earliest, lower) < lastTo : Add(earliest, lower) <= lastTo);
    }

    private static DateOnly? FirstReaching(DateOnly earliest, DateOnly latest, int months, DateOnly target, bool beyond)
    {
        bool Reaches(DateOnly date) => beyond ? Add(date, months) > target : Add(date, months) >= target;
        if (!Reaches(latest))
        {
            return null;
        }

        var (low, high) = (earliest.DayNumber, latest.DayNumber);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Reaches(DateOnly.FromDayNumber(middle)) ? (low, middle) : (middle + 1, high);
        }

        return DateOnly.FromDayNumber(low);
    }

    private static int? Whole(decimal? months) => months switch
    {
        null => null,
        { } number when decimal.IsInteger(number) && Math.Abs(number) <= 1_000_000 => (int)number,
        _ => throw new ArgumentException($"{months} is not a whole number of months, so dates cannot be compared with it.", nameof(months)),
    };
}
