using System.Globalization;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;
using Date = Google.Type.Date;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Reads numbers and dates of a case as intervals. A double is read as its shortest round-trip decimal, so that 25.1 is
/// exactly 25.1 when it meets a threshold.
/// </summary>
internal sealed class CaseNumbers(RelapseCase @case)
{
    private readonly Dictionary<string, BoundedFact>? _bounded = @case.Bounded.Count == 0 ? null : @case.Bounded.ToDictionary(bound => bound.Field, StringComparer.Ordinal);

    /// <summary>Whether the case bounds any number.</summary>
    public bool AreBounded => _bounded is not null;

    /// <summary>A count is whole, so that more than 1 is 2 or more.</summary>
    public Interval ReadCount(string field, int? value, Interval range) => value is { } known ? Interval.Point(known) : AreBounded ? Whole(Bound(field, range)) : range;

    public bool IsBounded(string field) => _bounded is not null && _bounded.ContainsKey(field);

    /// <summary>What `bounded` says of the field within its range; the range itself when it says nothing.</summary>
    public Interval Bound(string field, Interval range) =>
        _bounded is not null && _bounded.TryGetValue(field, out var bound) ? range.Intersect(Read(bound)) : range;

    public static Interval Read(BoundedFact bound) =>
        new(bound.HasMin ? ToDecimal(bound.Min) : null, bound.MinExclusive, bound.HasMax ? ToDecimal(bound.Max) : null, bound.MaxExclusive);

    /// <summary>The whole numbers of an interval, as one with inclusive ends.</summary>
    public static Interval Whole(Interval interval) => new(
        interval.Min is { } min ? decimal.IsInteger(min) && interval.MinExclusive ? min + 1 : decimal.Ceiling(min) : null,
        false,
        interval.Max is { } max ? decimal.IsInteger(max) && interval.MaxExclusive ? max - 1 : decimal.Floor(max) : null,
        false);

    public static decimal ToDecimal(double value)
    {
        // Whole numbers, most of what is counted, need no detour; a negative zero keeps it.
        if (value is > 0 and < int.MaxValue && (int)value == value)
        {
            return (int)value;
        }
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        return decimal.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    public static bool TryReadDecimal(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    /// <summary>A date with month or day 0 is the interval of the dates it may be; an absent date is unbounded.</summary>
    public static DateInterval ReadDate(Date? date) => date switch
    {
        null => DateInterval.Everything,
        { Month: 0 } => new(new DateOnly(date.Year, 1, 1), new DateOnly(date.Year, 12, 31)),
        { Day: 0 } => new(new DateOnly(date.Year, date.Month, 1), new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month))),
        _ => DateInterval.Point(new DateOnly(date.Year, date.Month, date.Day)),
    };

    /// <summary>Months as they were written down: exact, completed, or good to half a unit of the last digit.</summary>
    public static Interval ReadMonths(string months, MonthsPrecision precision)
    {
        TryReadDecimal(months, out var value);
        switch (precision)
        {
            case MonthsPrecision.Exact:
                return Interval.Point(value);
            case MonthsPrecision.CompletedMonths:
                return new Interval(value, false, value + 1, true);
            default:
                var half = new decimal(5, 0, 0, false, (byte)Math.Min(28, value.Scale + 1));
                return new Interval(Math.Max(0, value - half), false, value + half, false);
        }
    }
}
