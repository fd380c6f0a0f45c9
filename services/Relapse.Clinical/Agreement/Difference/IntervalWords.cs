using System.Globalization;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Says an interval of a number in words, with which of its ends belong to it.</summary>
internal static class IntervalWords
{
    /// <summary><c>exactly 6</c>, <c>from 5 to 25</c> (both belong to it), <c>from 18 to before 36</c>, <c>more than 25, up to 30</c>.</summary>
    public static string Say(Interval interval) => interval switch
    {
        { IsPoint: true } => "exactly " + Number(interval.Min!.Value),
        { Min: { } min, Max: { } max } when !IsBottom(interval) => $"{From(min, interval.MinExclusive)}{(interval.MinExclusive ? "," : "")} {To(max, interval.MaxExclusive, afterFrom: !interval.MinExclusive)}",
        { Max: { } max } => interval.MaxExclusive ? "less than " + Number(max) : "up to " + Number(max),
        { Min: { } min } => interval.MinExclusive ? "more than " + Number(min) : Number(min) + " or more",
        _ => "any",
    };

    public static string Number(decimal number) => number.ToString("0.#############################", CultureInfo.InvariantCulture);

    /// <summary>Numbers of the catalogue begin at 0, so that 0 as a lower end says nothing.</summary>
    private static bool IsBottom(Interval interval) => interval is { Min: 0, MinExclusive: false };

    private static string From(decimal min, bool exclusive) => (exclusive ? "more than " : "from ") + Number(min);

    private static string To(decimal max, bool exclusive, bool afterFrom) =>
        (exclusive ? afterFrom ? "to before " : "less than " : afterFrom ? "to " : "up to ") + Number(max);
}
