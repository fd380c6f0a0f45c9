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
    /// <param name="always">Ids of rows to show beyond that.</param>
    public static EstimateGroup Of(string endpoint, Clock clock, ImmutableArray<(EvidenceRow Row, RowMatch Match)> rows, EvidenceLibrary library, int most, IReadOnlySet<string> always)
    {
        var (words, status) = (library.Words.Endpoints[endpoint], AnswerWords.StatusOf(rows));
        ImmutableArray<(EvidenceRow Row, RowMatch Match)> shown = [.. rows.Where((entry, index) => index < most || always.Contains(entry.Row.Id))];
        var group = new EstimateGroup { Endpoint = endpoint, Title = words.Title, Clock = clock, LeftOut = rows.Length - shown.Length, Status = status, Detail = AnswerWords.OfGroup(status), Kind = words.Kind };
        group.Rows.AddRange(shown.Select(entry => Show(entry.Row, entry.Match, library)));
        group.Ranges.AddRange(rows
            .Where(entry => HasValue(entry.Row.Figure.Estimate))
            .GroupBy(entry => (entry.Match.Level, Horizon: HorizonOf(entry.Row.Figure)))
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

    /// <summary>A bound is no value: nothing says how far below or above it the figure lies.</summary>
    private static bool HasValue(PublishedEstimate estimate) =>
        estimate is { HasPercent: true, Qualifier: Qualifier.Point or Qualifier.Approximate } or { HasLow: true };

    private static (double? Years, double? From, double? To) HorizonOf(Figure figure) =>
        (figure.HasHorizonYears ? figure.HorizonYears : null, figure.HasHorizonFromYears ? figure.HorizonFromYears : null, figure.HasHorizonToYears ? figure.HorizonToYears : null);

    private static PublishedRange Range(MatchLevel match, (double? Years, double? From, double? To) horizon, ImmutableArray<Figure> figures)
    {
        var range = new PublishedRange
        {
            Match = match,
            Low = figures.Min(figure => figure.Estimate.HasLow ? figure.Estimate.Low : figure.Estimate.Percent),
            High = figures.Max(figure => figure.Estimate.HasHigh ? figure.Estimate.High : figure.Estimate.Percent),
        };
        if (horizon.Years is { } years)
        {
            range.HorizonYears = years;
        }
        if (horizon is { From: { } from, To: { } to })
        {
            (range.HorizonFromYears, range.HorizonToYears) = (from, to);
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
