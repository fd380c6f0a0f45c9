using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Measurements;

/// <summary>
/// The order in which results were taken, as far as dates and time points say it. Dates decide; a result without one stands by its time
/// point, and one without either last.
/// </summary>
internal static class SeriesOrder
{
    /// <summary>One order that agrees with all of the above, for results without a date.</summary>
    private static readonly TimePoint[] _shown =
    [
        TimePoint.AtRelapse, TimePoint.EndOfBlock1, TimePoint.EndOfInduction, TimePoint.EndOfBlock2, TimePoint.EndOfBlock3,
        TimePoint.Week12, TimePoint.PreTransplant, TimePoint.PostTransplant,
    ];

    /// <summary>The results, earliest first.</summary>
    public static List<MeasuredResult> Sort(IReadOnlyCollection<MeasuredResult> results)
    {
        List<MeasuredResult> sorted =
        [
            .. ByContent(results).Where(result => result.HasDate).OrderBy(result => result.Dates.Min).ThenBy(result => result.Dates.Max).ThenBy(Place),
        ];
        foreach (var undated in ByContent(results).Where(result => !result.HasDate && Place(result) >= 0).OrderBy(Place))
        {
            sorted.Insert(1 + sorted.FindLastIndex(placed => Place(placed) >= 0 && Place(placed) <= Place(undated)), undated);
        }

        return Straightened([.. sorted, .. ByContent(results).Where(result => !result.HasDate && Place(result) < 0)]);
    }

    /// <summary>By what they say, for those that neither dates nor time points order: as the caller lists them is no order.</summary>
    private static IEnumerable<MeasuredResult> ByContent(IEnumerable<MeasuredResult> results) => results
        .OrderBy(result => result.Level is null).ThenBy(result => result.Level?.Max).ThenBy(result => result.Level?.Min)
        .ThenBy(result => result.Result.TimePoint).ThenBy(result => result.Result.Method).ThenBy(result => result.Result.Specimen).ThenBy(result => result.Result.ResultCase);

    /// <summary>The same order but where it has one before another that certainly came first: dates may overlap.</summary>
    private static List<MeasuredResult> Straightened(List<MeasuredResult> shown)
    {
        var before = shown.Select(later => shown.Select(earlier => IsBefore(earlier, later)).ToArray()).ToArray();
        List<int> left = [.. Enumerable.Range(0, shown.Count)];
        List<MeasuredResult> straightened = [];
        while (left.Count > 0)
        {
            // Dates and time points of several may go round in a circle: then the first, as shown.
            var next = Math.Max(0, left.FindIndex(candidate => !left.Exists(other => before[candidate][other])));
            straightened.Add(shown[left[next]]);
            left.RemoveAt(next);
        }

        return straightened;
    }

    /// <summary>Whether one was certainly taken before the other.</summary>
    public static bool IsBefore(MeasuredResult one, MeasuredResult other) =>
        !Contradict(one, other) && !Contradict(other, one) && (DatesSay(one, other) || (!DatesSay(other, one) && TimePointsSay(one, other)));

    /// <summary>Whether the dates say that one was before the other, and the time points that it was after.</summary>
    public static bool Contradict(MeasuredResult one, MeasuredResult other) => DatesSay(one, other) && TimePointsSay(other, one);

    /// <summary>Whether both are of one known day, so that neither is before the other.</summary>
    public static bool AreOfOneDay(MeasuredResult one, MeasuredResult other) =>
        one.Dates.Min is { } day && one.Dates.Max == day && one.Dates == other.Dates;

    /// <summary>Whether the place of one among the others is certain.</summary>
    /// <param name="sorted">All of them, in order.</param>
    /// <param name="place">Its place.</param>
    public static bool IsCertain(List<MeasuredResult> sorted, int place) =>
        sorted.Index().All(other => other.Index == place
            || AreOfOneDay(other.Item, sorted[place])
            || other.Item.IsSameAs(sorted[place])
            || (other.Index < place ? IsBefore(other.Item, sorted[place]) : IsBefore(sorted[place], other.Item)));

    /// <summary>Its place among results without a date; below 0 when its time point says none.</summary>
    private static int Place(MeasuredResult result) => Array.IndexOf(_shown, result.Result.TimePoint);

    private static bool DatesSay(MeasuredResult one, MeasuredResult other) => one.Dates.Max < other.Dates.Min;

    private static bool TimePointsSay(MeasuredResult one, MeasuredResult other) => TimePointOrder.IsBefore(one.Result.TimePoint, other.Result.TimePoint);
}
