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

    /// <summary>Whether another row stands instead, so that the figure is not to be used.</summary>
    public bool IsSuperseded => Figure.SupersededBy.Length > 0;

    /// <summary>The row and whom it is about. That a figure is not to be used comes first: what stands last in a line is read last.</summary>
    public string Label => $"{Figure.Id}{Superseded} {Figure.Population}";

    /// <summary>Beneath the label: whose children, and in what they are others than this one.</summary>
    public string Remark => string.Join("; ", new[] { $"cohort: {Family}", PlotWords.Fit(row.Dimensions) }.Where(part => part.Length > 0));

    private string Superseded => IsSuperseded ? $", SUPERSEDED by {Figure.SupersededBy}, not to be used:" : "";

    public string Family => library.Words.Families[Figure.Family].Title;

    public string Printed => NaturalFrequency.Printed(Figure.Estimate);

    /// <summary>Everything of the line for those who do not see it.</summary>
    public string InWords => string.Join("; ", new[]
    {
        IsSuperseded ? $"{Figure.Id}{Superseded} {Figure.Population}" : $"{Figure.Id}, {Figure.Population}",
        PlotWords.Fit(Match),
        PlotWords.Fit(row.Dimensions),
        $"{Printed}{(Interval is null ? ", no interval" : $", {PlotWords.Interval(Interval)}, {Interval.Label}")}",
        $"horizon {PlotWords.Horizon(Figure)}",
        $"n {PlotWords.Number(Figure)}",
        $"years {PlotWords.Era(Figure)}",
        $"cohort {Family}",
    }.Where(part => part.Length > 0)) + ".";
}
