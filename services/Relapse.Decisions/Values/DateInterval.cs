namespace Relapse.Decisions;

/// <summary>A closed interval of calendar dates; both ends belong to it. The default value is unbounded.</summary>
/// <param name="Min">The first date; null for no lower bound.</param>
/// <param name="Max">The last date; null for no upper bound.</param>
public readonly record struct DateInterval(DateOnly? Min, DateOnly? Max)
{
    /// <summary>Every date.</summary>
    public static DateInterval Everything => default;

    /// <summary>Whether no date lies within.</summary>
    public bool IsEmpty => Min is { } min && Max is { } max && min > max;

    /// <summary>The interval of one date.</summary>
    public static DateInterval Point(DateOnly date) => new(date, date);

    /// <summary>Whether <paramref name="date"/> lies within.</summary>
    public bool Contains(DateOnly date) => (Min is not { } min || date >= min) && (Max is not { } max || date <= max);
}
