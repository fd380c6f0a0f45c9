using System.Collections.Immutable;
using System.Globalization;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>
/// A forest plot as a static SVG image: one panel for each endpoint and clock, one line for each row, never a common axis of two
/// endpoints. It has no script, no outside reference and no colour: how a row fits, and what its interval is, is told by shape and line, and
/// in words for screen readers.
/// </summary>
internal static class ForestPlot
{
    private const string Nothing = "No row to draw.";

    /// <summary>An answer.</summary>
    public static string Of(EstimateOutcomeResponse answer, EvidenceLibrary library)
    {
        var panels = answer.Groups.Select(group => new PlotPanel(
            PlotWords.Title(group.Title, group.Clock),
            [.. group.Rows.Select(row => new PlotRow(row, library))],
            group.LeftOut)).ToList();
        if (answer.Nearest.Count > 0)
        {
            panels.AddRange(answer.Nearest.GroupBy(row => (row.Figure.Endpoint, row.Figure.Clock)).Select(group => new PlotPanel(
                $"Nearest, of other children: {PlotWords.Title(library.Words.Endpoints[group.Key.Endpoint].Title, group.Key.Clock)}",
                [.. group.Select(row => new PlotRow(row, library))],
                0)));
        }
        return Draw("Published outcome of children like this one", answer.Detail, [.. answer.Conflicts.Select(Words), .. answer.Warnings.Select(warning => warning.Detail)], panels);
    }

    /// <summary>Published rows alone.</summary>
    public static string Of(ImmutableArray<EvidenceRow> rows, EvidenceLibrary library)
    {
        var panels = rows.GroupBy(row => (row.Figure.Endpoint, row.Figure.Clock)).Select(group => new PlotPanel(
            PlotWords.Title(library.Words.Endpoints[group.Key.Endpoint].Title, group.Key.Clock),
            [.. group.Select(row => new PlotRow(RowGroups.Show(row, new RowMatch(MatchLevel.Unspecified, []), library), library))],
            0));
        var bias = rows.SelectMany(row => row.Population.When.Treatment).Distinct().Count() > 1 ? library.Words.SelectionBias : null;
        return Draw("Published figures of the evidence library", "Rows as published. They are of different populations.", bias is null ? [] : [bias], [.. panels]);
    }

    private static string Words(Conflict conflict) =>
        $"Sources disagree ({conflict.Id}). {conflict.Text} {string.Join("; ", conflict.Sides.Select(side => $"{side.Says} ({string.Join(", ", side.Rows)})"))}.";

    private static string Draw(string title, string detail, ImmutableArray<string> notes, List<PlotPanel> panels)
    {
        var image = new SvgImage();
        image.Heading(title);
        image.Paragraph(detail);
        foreach (var panel in panels)
        {
            panel.Draw(image);
        }
        if (panels.Count == 0)
        {
            image.Paragraph(Nothing);
        }
        PlotLegend.Draw(image, panels);
        foreach (var note in notes)
        {
            image.Paragraph(note);
        }
        return image.Complete(title, string.Create(CultureInfo.InvariantCulture, $"{detail} {panels.Count} lists, one for each endpoint and clock, with {panels.Sum(panel => panel.Rows.Length)} rows."));
    }
}
