using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Which marrow each test at relapse was made on, and the least percentage it can have found. The first marrow is that of
/// the day of the relapse, or of the earliest test when that day is not given. A test without a date is on it; one certainly
/// dated later is on a second marrow; one that may be either counts for neither.
/// </summary>
internal static class MarrowTests
{
    /// <summary>The levels on the first marrow and on a second one, highest first.</summary>
    public static (decimal[] First, decimal[] Second) ByMarrow(RelapseCase @case, CaseNumbers numbers)
    {
        var relapse = CaseNumbers.ReadDate(@case.Timing?.RelapseDate);
        Test[] tests =
        [
            .. @case.Mrd.Index()
                .Where(entry => entry.Item is { TimePoint: TimePoint.AtRelapse, Specimen: Specimen.Marrow } && entry.Item.ResultCase is not MrdResult.ResultOneofCase.NotEvaluable)
                .Select(entry => new Test(entry.Index, CaseNumbers.ReadDate(entry.Item.CollectDate), AtLeast(entry.Item, entry.Index, numbers))),
        ];
        return relapse == DateInterval.Everything
            ? Split(tests, test => tests.All(other => other == test || test.Date.Max <= (other.Date.Min ?? test.Date.Max)), test => tests.Any(other => test.Date.Min > other.Date.Max))
            : Split(tests, test => test.Date.Max <= relapse.Min, test => test.Date.Min > relapse.Max);
    }

    private static (decimal[] First, decimal[] Second) Split(Test[] tests, Func<Test, bool> isFirst, Func<Test, bool> isLater) => (
        Highest(tests.Where(test => test.Date == DateInterval.Everything || isFirst(test))),
        Highest(tests.Where(isLater)));

    private static decimal[] Highest(IEnumerable<Test> tests) => [.. tests.Select(test => test.AtLeast).OrderDescending()];

    /// <summary>All cells, in the unit of the test; without a unit there is no number.</summary>
    public static decimal Whole(MrdUnit unit) => unit is MrdUnit.Fraction ? 1 : 100;

    /// <summary>What is below detection, or positive below what can be quantified, is at least nothing.</summary>
    private static decimal AtLeast(MrdResult test, int index, CaseNumbers numbers)
    {
        var perUnit = 100 / Whole(test.Unit);
        if (test.HasQuantified && CaseNumbers.TryReadDecimal(test.Quantified, out var level))
        {
            return level * perUnit;
        }
        var field = $"case.mrd[{index}].quantified";
        return numbers.IsBounded(field) && numbers.Bound(field, new Interval(0, false, Whole(test.Unit), false)) is { IsEmpty: false, Min: { } least } ? least * perUnit : 0;
    }

    private sealed record Test(int Index, DateInterval Date, decimal AtLeast);
}
