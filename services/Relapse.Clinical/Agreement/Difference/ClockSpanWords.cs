using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Says which times of relapse conditions on the two clocks mean; of both together also how they hang on the length of frontline therapy,
/// since the one clock runs ahead of the other by just that.
/// </summary>
internal static class ClockSpanWords
{
    private const string Diagnosis = "first diagnosis";
    private const string TherapyEnd = "the end of frontline therapy";

    /// <summary>To stand after the word relapse; empty for no condition.</summary>
    public static string Of(IReadOnlyList<RegionCondition> clocks) =>
        ProtocolWords.And(clocks.Where(clock => !FactWords.IsOfEveryone(clock)).OrderBy(clock => clock.Name == FactId.MonthsFromDiagnosis ? 0 : 1).Select(Said));

    /// <summary>For both clocks bounded: which months from diagnosis that leaves after N months of therapy, and after which therapies none at
    /// all; null when the length of therapy has no bearing, or the conditions are of more than one stretch.</summary>
    public static string? ByLengthOfTherapy(IReadOnlyList<RegionCondition> clocks)
    {
        if (clocks.FirstOrDefault(clock => clock.Name == FactId.MonthsFromDiagnosis) is not { Intervals: [var since] }
            || clocks.FirstOrDefault(clock => clock.Name == FactId.MonthsFromTherapyEnd) is not { Intervals: [var ended] } end)
        {
            return null;
        }

        if (ended.IsPoint)
        {
            return $"After N months of frontline therapy these are the relapses exactly N + {IntervalWords.Number(ended.Min!.Value)} months from {Diagnosis}, as far as that is {IntervalWords.Say(since)}";
        }

        var (low, high) = (ended.Min is > 0 ? ended.Min : null, ended.Max);
        var ranges = string.Join(" ", new[]
        {
            low is { } least ? $"{(ended.MinExclusive ? "more than" : "from")} N + {IntervalWords.Number(least)}{(since.Min is > 0 and var first ? $" (and at least {IntervalWords.Number(first)})" : "")}"
                : since.Min is > 0 and var from ? $"{(since.MinExclusive ? "more than" : "from")} {IntervalWords.Number(from)}" : "",
            high is { } most ? $"{(ended.MaxExclusive ? "to before" : "up to")} N + {IntervalWords.Number(most)}{(since.Max is { } last ? $" (and {(since.MaxExclusive ? "before" : "at most")} {IntervalWords.Number(last)})" : "")}"
                : since.Max is { } before ? $"{(since.MaxExclusive ? "to before" : "up to")} {IntervalWords.Number(before)}" : "",
        }.Where(part => part.Length > 0));
        return $"After N months of frontline therapy these are the relapses {ranges} months from {Diagnosis}{None(since, ended, low)}{Only(since, ended, high, end.Labels.Length > 0)}";
    }

    private static string None(Interval since, Interval ended, decimal? low) => low is { } least && since.Max is { } max
        ? $"; none when it lasted {Length(max - least, exclusive: !(ended.MinExclusive || since.MaxExclusive))}"
        : "";

    private static string Only(Interval since, Interval ended, decimal? high, bool onTreatment) => high is { } most && since.Min is > 0 and var min && min > most
        ? $"; only when it lasted {Length(min - most, exclusive: ended.MaxExclusive || since.MinExclusive)}{(onTreatment ? " or goes on" : "")}"
        : "";

    private static string Length(decimal months, bool exclusive) => exclusive ? $"more than {IntervalWords.Number(months)} months" : $"{IntervalWords.Number(months)} months or more";

    private static string Said(RegionCondition clock)
    {
        var start = clock.Name == FactId.MonthsFromDiagnosis ? "from " + Diagnosis : "after " + TherapyEnd;
        var words = clock.Labels.Select(label => label == FactCatalogue.OnTreatment ? "on frontline therapy" : ProtocolWords.Spoken(label))
            .Concat(clock.Intervals.Select(interval => $"{IntervalWords.Say(interval)} months {start}"));
        return ProtocolWords.Or(words);
    }
}
