using System.Collections.Immutable;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>Rows of one endpoint and clock side by side.</summary>
internal static class RowGroups
{
    /// <summary>A group.</summary>
    /// <param name="endpoint">Word of the endpoint.</param>
    /// <param name="clock">When the clock starts.</param>
    /// <param name="rows">All its rows, in order.</param>
    /// <param name="library">The library.</param>
    /// <param name="most">How many rows to show; ranges and families speak of all.</param>
    public static EstimateGroup Of(string endpoint, Clock clock, ImmutableArray<(EvidenceRow Row, RowMatch Match)> rows, EvidenceLibrary library, int most)
    {
        var group = new EstimateGroup { Endpoint = endpoint, Title = library.Words.Endpoints[endpoint].Title, Clock = clock, LeftOut = Math.Max(0, rows.Length - most) };
        group.Rows.AddRange(rows.Take(most).Select(entry => Show(entry.Row, entry.Match, library)));
        group.Ranges.AddRange(rows
            .Where(entry => entry.Row.Figure.Estimate is { HasPercent: true } or { HasLow: true })
            .GroupBy(entry => (entry.Match.Level, Horizon: entry.Row.Figure.HasHorizonYears ? entry.Row.Figure.HorizonYears : (double?)null))
            .Select(range => Range(range.Key.Level, range.Key.Horizon, [.. range.Select(entry => entry.Row.Figure)])));
        group.Families.AddRange(rows.GroupBy(entry => entry.Row.Figure.Family, StringComparer.Ordinal).Select(family => Family(family.Key, [.. family.Select(entry => entry.Row.Figure)], library)));
        return group;
    }

    /// <summary>A row with what stands beside its figure.</summary>
    public static OutcomeRow Show(EvidenceRow row, RowMatch match, EvidenceLibrary library)
    {
        var endpoint = library.Words.Endpoints[row.Figure.Endpoint];
        var shown = new OutcomeRow
        {
            Figure = row.Figure,
            Match = match.Level,
            Interval = ShownIntervals.Of(row.Figure, endpoint),
            Frequency = NaturalFrequency.Of(row.Figure, endpoint),
        };
        shown.Dimensions.Add(match.Dimensions);
        shown.Citations.Add(row.Citations);
        return shown;
    }

    private static PublishedRange Range(MatchLevel match, double? horizon, ImmutableArray<Figure> figures)
    {
        var range = new PublishedRange
        {
            Match = match,
            Low = figures.Min(figure => figure.Estimate.HasLow ? figure.Estimate.Low : figure.Estimate.Percent),
            High = figures.Max(figure => figure.Estimate.HasHigh ? figure.Estimate.High : figure.Estimate.Percent),
        };
        if (horizon is { } years)
        {
            range.HorizonYears = years;
        }
        range.Rows.AddRange(figures.Select(figure => figure.Id));
        return range;
    }

    private static FamilyCount Family(string family, ImmutableArray<Figure> figures, EvidenceLibrary library)
    {
        var words = library.Words.Families[family];
        var count = new FamilyCount { Family = family, Title = words.Title };
        count.Rows.AddRange(figures.Select(figure => figure.Id));
        if (!words.QuotesOthers && figures.Where(figure => figure.HasN).Select(figure => figure.N).DefaultIfEmpty(0).Max() is > 0 and var patients)
        {
            count.Patients = patients;
        }
        return count;
    }
}
