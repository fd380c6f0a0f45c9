using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Which marrow each test at relapse was made on, and the least percentage it can have found. Each day of collection is a
/// marrow of its own. The first is that of the day of the relapse; without a test of that day, the earliest one before it,
/// and without a date of the relapse the earliest of all. A test without a date is on it. A later day is a second marrow.
/// A test that only may be of a day counts for neither.
/// </summary>
internal static class MarrowTests
{
    /// <summary>
    /// The levels on the first marrow, highest first, and the highest level that two tests of one second marrow reach; null
    /// when no second marrow has two tests.
    /// </summary>
    public static (decimal[] First, decimal? TwoOnOneSecond) ByMarrow(RelapseCase @case, CaseNumbers numbers)
    {
        var relapse = CaseNumbers.ReadDate(@case.Timing?.RelapseDate);
        Test[] tests = [.. AtRelapse(@case).Select(entry => new Test(CaseNumbers.ReadDate(entry.Test.CollectDate), entry.Test.Method, AtLeast(entry.Test, entry.Index, numbers)))];
        var first = FirstDay(tests, relapse);
        var later = relapse == DateInterval.Everything ? first.Max : relapse.Max;
        var second = tests.Where(test => IsOneDay(test.Date) && test.Date.Min > later)
            .GroupBy(test => test.Date, (_, ofOneDay) => Levels(ofOneDay))
            .Where(levels => levels.Length > 1)
            .Select(levels => (decimal?)levels[1]);
        return (Levels(tests.Where(test => test.Date == DateInterval.Everything || test.Date == first)), second.Max());
    }

    /// <summary>The tests of the marrow at this relapse that found anything to judge, each with its place in the list.</summary>
    public static IEnumerable<(int Index, MrdResult Test)> AtRelapse(RelapseCase @case) => @case.Mrd.Index()
        .Where(entry => entry.Item is { TimePoint: TimePoint.AtRelapse, Specimen: Specimen.Marrow } && entry.Item.ResultCase is not MrdResult.ResultOneofCase.NotEvaluable);

    /// <summary>All cells, in the unit of the test; without a unit there is no number.</summary>
    public static decimal Whole(MrdUnit unit) => unit is MrdUnit.Fraction ? 1 : 100;

    /// <summary>The day of the first marrow among the tests' dates; everything when no dated test is certainly on it.</summary>
    private static DateInterval FirstDay(Test[] tests, DateInterval relapse)
    {
        var dated = tests.Select(test => test.Date).Where(date => date != DateInterval.Everything).ToArray();
        if (IsOneDay(relapse) && dated.Contains(relapse))
        {
            return relapse;
        }
        var earliest = dated.Where(date => (relapse == DateInterval.Everything || date.Max <= relapse.Min) && dated.All(other => other == date || date.Max < other.Min)).ToArray();
        // Of one imprecise date two tests may be of different days.
        return earliest.Length == 1 || (earliest.Length > 1 && IsOneDay(earliest[0])) ? earliest[0] : DateInterval.Everything;
    }

    private static bool IsOneDay(DateInterval date) => date.Min is { } day && date.Max == day;

    /// <summary>
    /// One level for each method, highest first: the same method twice is one test. A test without a method may be another
    /// result of a method that is named, so that it is no test beside it.
    /// </summary>
    private static decimal[] Levels(IEnumerable<Test> ofOneMarrow)
    {
        var byMethod = ofOneMarrow.ToLookup(test => test.Method, test => test.AtLeast);
        decimal[] named = [.. byMethod.Where(method => method.Key != MrdMethod.Unspecified).Select(method => method.Max()).OrderDescending()];
        return !byMethod.Contains(MrdMethod.Unspecified) ? named
            : named.Length == 0 ? [byMethod[MrdMethod.Unspecified].Max()]
            : [Math.Max(named[0], byMethod[MrdMethod.Unspecified].Max()), .. named[1..]];
    }

    /// <summary>What is below detection, or positive below what can be quantified, is at least nothing.</summary>
    private static decimal AtLeast(MrdResult test, int index, CaseNumbers numbers)
    {
        var perUnit = 100 / Whole(test.Unit);
        if (test.HasQuantified && MrdNumber.ReadFraction(test.Quantified, test.Unit) is { } level)
        {
            return level * 100;
        }
        var field = $"case.mrd[{index}].quantified";
        return numbers.IsBounded(field) && numbers.Bound(field, new Interval(0, false, Whole(test.Unit), false)) is { IsEmpty: false, Min: { } least } ? least * perUnit : 0;
    }

    private sealed record Test(DateInterval Date, MrdMethod Method, decimal AtLeast);
}
