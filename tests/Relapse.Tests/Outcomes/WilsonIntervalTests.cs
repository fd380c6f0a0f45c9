using System.Text.Json;
using Relapse.Contracts.Outcome.V1;
using Relapse.Outcomes;

namespace Relapse.Tests.Outcomes;

/// <summary>The interval that is ours, against published worked values, and when there is none.</summary>
public sealed class WilsonIntervalTests
{
    /// <summary>Newcombe 1998, Table I, method 3; and intervals worked from counts printed in sources of the library.</summary>
    public static TheoryData<int, int, double, double> Worked =>
    [
        .. Golden.Head.GetProperty("wilson").GetProperty("values").EnumerateArray()
            .Concat(Golden.Head.GetProperty("wilson").GetProperty("rows").EnumerateArray())
            .Select(row => (row.GetProperty("events").GetInt32(), row.GetProperty("n").GetInt32(), row.GetProperty("low").GetDouble(), row.GetProperty("high").GetDouble())),
    ];

    public static TheoryData<string> Without => [.. Golden.Head.GetProperty("no_wilson").EnumerateArray().SelectMany(entry => entry.GetProperty("rows").EnumerateArray()).Select(row => row.GetString()!)];

    public static TheoryData<string> Printed => [.. Golden.Head.GetProperty("intervals").EnumerateArray().Select(entry => entry.GetProperty("row").GetString()!)];

    [Theory]
    [MemberData(nameof(Worked))]
    public void It_is_the_published_one_to_four_decimals(int events, int n, double low, double high)
    {
        var interval = WilsonInterval.Of((double)events / n, n);
        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Theory]
    [MemberData(nameof(Without))]
    public void Where_it_would_be_wrong_there_is_none(string id)
    {
        if (EvidenceLibrary.Shipped.ById.TryGetValue(id, out var row))
        {
            Assert.NotEqual(IntervalOrigin.Wilson, Shown(row)?.Origin);
        }
    }

    [Theory]
    [MemberData(nameof(Printed))]
    public void A_printed_interval_stands_as_printed(string id)
    {
        var expected = Golden.Head.GetProperty("intervals").EnumerateArray().Single(entry => entry.GetProperty("row").GetString() == id);
        var row = EvidenceLibrary.Shipped.ById[id];
        Assert.Equal(expected.GetProperty("kind").GetString()!.Replace("_", "", StringComparison.Ordinal), row.Figure.Interval.Kind.ToString(), ignoreCase: true);
        var shown = Shown(row)!;
        if (expected.TryGetProperty("low", out var low))
        {
            Assert.Equal((low.GetDouble(), expected.GetProperty("high").GetDouble(), IntervalOrigin.Published), (shown.Low, shown.High, shown.Origin));
        }
        else if (expected.GetProperty("plus_minus").GetDouble() is > 0 and var deviation)
        {
            var percent = row.Figure.Estimate.Percent;
            Assert.Equal((percent - deviation, percent + deviation, IntervalOrigin.PublishedPlusMinus), (shown.Low, shown.High, shown.Origin));
        }
        else
        {
            // 0 of 53 with a printed spread of 0: no certainty.
            Assert.Equal(IntervalOrigin.Wilson, shown.Origin);
            Assert.InRange(shown.High, 6.7, 6.8);
        }
    }

    private static ShownInterval? Shown(EvidenceRow row) => ShownIntervals.Of(row.Figure, EvidenceLibrary.Shipped.Words.Endpoints[row.Figure.Endpoint]);
}
