using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>One line of a plot.</summary>
internal sealed class PlotRow(OutcomeRow row, EvidenceLibrary library)
{
    public Figure Figure => row.Figure;

    public MatchLevel Match => row.Match;

    public ShownInterval? Interval => row.Interval;

    /// <summary>Whether it has a place on the axis of percentages.</summary>
    public bool IsOnAxis => Figure.Estimate.HasPercent || Figure.Estimate.HasLow;

    public string Label => $"{Figure.Id} {Figure.Population}{(Figure.SupersededBy.Length > 0 ? $" (superseded by {Figure.SupersededBy})" : "")}";

    public string Family => library.Words.Families[Figure.Family].Title;

    public string Printed => NaturalFrequency.Printed(Figure.Estimate);

    /// <summary>Everything of the line for those who do not see it.</summary>
    public string InWords => string.Join("; ", new[]
    {
        $"{Figure.Id}, {Figure.Population}",
        PlotWords.Fit(Match),
        $"{Printed}{(Interval is null ? ", no interval" : $", {PlotWords.Interval(Interval)}, {Interval.Label}")}",
        $"horizon {PlotWords.Horizon(Figure)}",
        $"n {PlotWords.Number(Figure)}",
        $"years {PlotWords.Era(Figure)}",
        $"cohort {Family}",
    }.Where(part => part.Length > 0)) + ".";
}
