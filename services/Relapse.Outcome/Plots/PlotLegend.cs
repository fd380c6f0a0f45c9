using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>What the marks of a plot mean, for those that stand in it.</summary>
internal static class PlotLegend
{
    public static void Draw(SvgImage image, List<PlotPanel> panels)
    {
        PlotRow[] rows = [.. panels.SelectMany(panel => panel.Rows)];
        if (rows.Length == 0)
        {
            return;
        }
        var marks = new List<string> { "Filled square: as published of exactly this combination, or of the row itself. Open square: of a broader population, conditional or open." };
        Add(rows.Any(row => Has(row, IntervalOrigin.Published)), "Solid line: interval as published.");
        Add(rows.Any(row => Has(row, IntervalOrigin.PublishedPlusMinus)), "Dotted line: plus or minus as published, no confidence interval.");
        Add(rows.Any(row => Has(row, IntervalOrigin.Wilson)), "Dashed line: 95 % score interval (Wilson), ours, of the printed share and number.");
        Add(rows.Any(row => row.IsSuperseded), "Crossed out: superseded by the row that is named, and not to be used.");
        Add(rows.Any(row => row.Figure.Estimate.HasLow), "Bar: a range over several studies, no confidence interval.");
        Add(rows.Any(row => row.Figure.Estimate.Qualifier is Qualifier.AtMost or Qualifier.LessThan or Qualifier.GreaterThan), "Triangle: a bound; the figure lies where it points.");
        image.Paragraph(string.Join(' ', marks));
        image.Paragraph("Rows of one cohort share patients. Nothing is pooled, averaged or compared between endpoints.");

        void Add(bool stands, string words)
        {
            if (stands)
            {
                marks.Add(words);
            }
        }
    }

    private static bool Has(PlotRow row, IntervalOrigin origin) => row.IsOnAxis && row.Interval?.Origin == origin;
}
