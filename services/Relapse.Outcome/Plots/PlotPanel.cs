using System.Collections.Immutable;
using System.Globalization;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>The rows of one endpoint and clock, on one axis of percentages.</summary>
internal sealed record PlotPanel(string Title, ImmutableArray<PlotRow> Rows, int LeftOut)
{
    private const double RowHeight = 20;
    private const double AxisLeft = 400;
    private const double AxisWidth = 260;
    private const double FigureLeft = 672;
    private const double HorizonLeft = 790;
    private const double NumberLeft = 865;
    private const double EraLeft = 945;
    private const double FitLeft = 1030;
    private const int LettersOfLabel = 62;
    private const int LettersOfRemark = 150;
    private const int Percents = 100;
    private const int Step = 20;

    public void Draw(SvgImage image)
    {
        image.Subheading(Title);
        DrawColumns(image);
        image.List(Title, () =>
        {
            foreach (var row in Rows)
            {
                image.Item(row.InWords, () => DrawRow(image, row));
                image.Advance(RowHeight);
            }
        });
        // Durations have no place on an axis of percentages.
        if (Rows.Any(row => row.IsOnAxis))
        {
            DrawAxis(image);
        }
        else
        {
            image.Advance(RowHeight / 2);
        }
        if (LeftOut > 0)
        {
            image.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{LeftOut} more rows of this endpoint fit less closely and are not drawn."));
        }
    }

    private static void DrawColumns(SvgImage image)
    {
        foreach (var (left, text) in new[] { (FigureLeft, "figure (interval)"), (HorizonLeft, "horizon"), (NumberLeft, "n"), (EraLeft, "years"), (FitLeft, "fit") })
        {
            image.Text(left, text, isStrong: true);
        }
        image.Advance(RowHeight);
    }

    private static void DrawRow(SvgImage image, PlotRow row)
    {
        if (row.IsOnAxis)
        {
            DrawMark(image, row);
        }
        image.Text(FigureLeft, row.Printed + (row.Interval is null ? "" : $" ({PlotWords.Interval(row.Interval)})"));
        image.Text(HorizonLeft, PlotWords.Horizon(row.Figure));
        image.Text(NumberLeft, PlotWords.Number(row.Figure));
        image.Text(EraLeft, PlotWords.Era(row.Figure));
        image.Text(FitLeft, PlotWords.Fit(row.Match));
        // Last, since whom a figure is about may take several lines; it is never cut short.
        image.Wrapped(SvgImage.Margin, row.Label, LettersOfLabel);
        image.Advance(SvgImage.RemarkHeight);
        image.Remark(SvgImage.Margin * 2, row.Remark, LettersOfRemark);
    }

    private static void DrawMark(SvgImage image, PlotRow row)
    {
        var estimate = row.Figure.Estimate;
        if (estimate.HasLow)
        {
            image.Band(X(estimate.Low), X(estimate.High));
            if (row.IsSuperseded)
            {
                image.Cross((X(estimate.Low) + X(estimate.High)) / 2);
            }
            return;
        }
        if (row.Interval is { } interval)
        {
            image.Whisker(X(interval.Low), X(interval.High), interval.Origin switch
            {
                IntervalOrigin.Wilson => "4 3",
                IntervalOrigin.PublishedPlusMinus => "1 3",
                _ => "",
            });
        }
        // A filled mark is of exactly this combination; a bound points where the figure may lie.
        image.Mark(X(estimate.Percent), isFilled: row.Match is MatchLevel.Exact or MatchLevel.Unspecified && !row.IsSuperseded, estimate.Qualifier switch
        {
            Qualifier.AtMost or Qualifier.LessThan => -1,
            Qualifier.GreaterThan => 1,
            _ => 0,
        });
        if (row.IsSuperseded)
        {
            image.Cross(X(estimate.Percent));
        }
    }

    private static void DrawAxis(SvgImage image)
    {
        image.Line(AxisLeft, AxisLeft + AxisWidth);
        for (var percent = 0; percent <= Percents; percent += Step)
        {
            image.Tick(X(percent), percent.ToString(CultureInfo.InvariantCulture) + (percent == Percents ? " %" : ""));
        }
        // The numbers of the ticks stand beneath the line.
        image.Advance(RowHeight * 2);
    }

    private static double X(double percent) => AxisLeft + (AxisWidth * percent / Percents);
}
