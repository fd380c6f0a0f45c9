using Relapse.Contracts.Outcome.V1;
using Relapse.Outcomes;

namespace Relapse.Tests.Outcomes;

/// <summary>Horizons, ranges and intervals of ours: what is printed is said, and nothing that is not.</summary>
public sealed class FigureWordsTests
{
    [Theory]
    [InlineData("OUT-032", "Of 100 such children, about 20 were alive 3 to 6 years after the relapse.")]
    [InlineData("OUT-033", "Of 100 such children, 50 to 80 were alive 3 to 6 years after the relapse.")]
    [InlineData("EXT-209", "Of 100 such children, about 29 were alive 1 year on.")]
    [InlineData("EXT-208", "Of 100 such children, about 87 were alive 1 year on.")]
    [InlineData("EXT-079", "Of 100 such children, about 27 were alive without an event at a time that is not printed after the transplant.")]
    public void A_horizon_is_said_as_it_is_printed(string row, string expected)
    {
        var figure = EvidenceLibrary.Shipped.ById[row].Figure;
        Assert.Equal(expected, NaturalFrequency.Of(figure, EvidenceLibrary.Shipped.Words.Endpoints[figure.Endpoint]));
    }

    /// <summary>Every sentence says when: with a clock, or without one "on".</summary>
    [Fact]
    public void No_sentence_ends_in_a_number_of_years() => Assert.All(EvidenceLibrary.Shipped.Rows, row =>
        Assert.DoesNotMatch("(year|years|months)\\.$", NaturalFrequency.Of(row.Figure, EvidenceLibrary.Shipped.Words.Endpoints[row.Figure.Endpoint])));

    [Fact]
    public void A_bound_is_in_no_range()
    {
        var answer = Asked.Of("""{"case":{}}""");
        var ranges = answer.Groups.SelectMany(group => group.Ranges).ToList();
        Assert.All(ranges.SelectMany(range => range.Rows), id => Assert.True(EvidenceLibrary.Shipped.ById[id].Figure.Estimate.Qualifier is Qualifier.Point or Qualifier.Approximate or Qualifier.Range, id));
        Assert.Contains(answer.Groups.SelectMany(group => group.Rows), row => row.Figure.Estimate.Qualifier is Qualifier.LessThan);
        // Nothing else is left out.
        var values = answer.Groups.SelectMany(group => group.Rows).Where(row => row.Figure.Estimate is { HasPercent: true, Qualifier: Qualifier.Point or Qualifier.Approximate } or { HasLow: true });
        Assert.Equal(values.Select(row => row.Figure.Id).Order(), ranges.SelectMany(range => range.Rows).Order());
    }

    [Fact]
    public void A_range_of_years_is_a_horizon_of_its_own()
    {
        var range = Asked.Of("""{"case":{"relapseNumber":1}}""").Groups.SelectMany(group => group.Ranges).Single(range => range.Rows.Contains("OUT-032"));
        Assert.Equal((3, 6, false, 20, 80), (range.HorizonFromYears, range.HorizonToYears, range.HasHorizonYears, range.Low, range.High));
        Assert.Equal(["OUT-032", "OUT-033"], range.Rows.Order());
    }

    [Theory]
    [InlineData("EXT-080", 42.6, 70.3)]
    [InlineData("EXT-081", 45.6, 72.9)]
    [InlineData("EXT-083", 6.8, 46.1)]
    [InlineData("EXT-084", 46.9, 89.2)]
    [InlineData("EXT-085", 46.7, 83.8)]
    [InlineData("EXT-086", 2.4, 28.3)]
    [InlineData("OUT-073", 4.0, 6.2)]
    [InlineData("OUT-074", 52.5, 57.5)]
    [InlineData("OUT-075", 37.6, 42.5)]
    public void Where_a_number_of_patients_is_printed_there_is_an_interval(string row, double low, double high)
    {
        var figure = EvidenceLibrary.Shipped.ById[row].Figure;
        var interval = ShownIntervals.Of(figure, EvidenceLibrary.Shipped.Words.Endpoints[figure.Endpoint])!;
        Assert.Equal(IntervalOrigin.Wilson, interval.Origin);
        Assert.Equal((low, high), (Math.Round(interval.Low, 1), Math.Round(interval.High, 1)));
    }

    /// <summary>67 % of 23 is no whole number of patients, and an objective response is a plain share.</summary>
    [Fact]
    public void A_crude_share_that_belongs_to_no_whole_patients_has_none()
    {
        var figure = EvidenceLibrary.Shipped.ById["OUT-145"].Figure;
        Assert.True(EvidenceLibrary.Shipped.Words.Endpoints[figure.Endpoint].Crude);
        Assert.Null(ShownIntervals.Of(figure, EvidenceLibrary.Shipped.Words.Endpoints[figure.Endpoint]));
    }
}
