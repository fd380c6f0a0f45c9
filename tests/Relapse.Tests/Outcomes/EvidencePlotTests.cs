using System.Xml.Linq;
using Relapse.Contracts.Outcome.V1;
using Relapse.Outcomes;

namespace Relapse.Tests.Outcomes;

/// <summary>What a plot shows to those who see it and to those who do not: the image itself, without a service.</summary>
public sealed class EvidencePlotTests
{
    private static EvidenceLibrary Library => EvidenceLibrary.Shipped;

    public static TheoryData<string> Superseded => [.. Library.Rows.Where(row => row.Figure.SupersededBy.Length > 0).Select(row => row.Id)];

    public static TheoryData<string> Endpoints => [.. Library.Words.Endpoints.Keys];

    [Theory]
    [MemberData(nameof(Superseded))]
    public void A_superseded_figure_is_marked_before_anything_else_is_said(string id)
    {
        var figure = Library.ById[id].Figure;
        var image = XDocument.Parse(ForestPlot.Of([Library.ById[id]], Library));
        var mark = $"{id}, SUPERSEDED by {figure.SupersededBy}, not to be used:";

        Assert.StartsWith(mark, Assert.Single(Items(image)).Title, StringComparison.Ordinal);
        Assert.Contains(Texts(image), text => text.StartsWith(mark, StringComparison.Ordinal));
        Assert.Contains(Texts(image), text => text.Contains("Crossed out: superseded", StringComparison.Ordinal));
        // Two strokes that cross, where there is a place on the axis; and no filled mark.
        var item = Assert.Single(Items(image)).Element;
        var slanting = item.Elements().Count(line => line.Name.LocalName == "line" && line.Attribute("x1")!.Value != line.Attribute("x2")!.Value && line.Attribute("y1")!.Value != line.Attribute("y2")!.Value);
        Assert.Equal(figure.Estimate.HasValue ? 0 : 2, slanting);
        Assert.DoesNotContain(item.Elements(), mark => mark.Name.LocalName is "rect" or "path" && mark.Attribute("fill")!.Value == "#000");
    }

    [Fact]
    public void A_figure_in_use_is_not_crossed_out()
    {
        var image = XDocument.Parse(ForestPlot.Of([Library.ById["EXT-102"]], Library));
        Assert.DoesNotContain("SUPERSEDED", image.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Crossed out", image.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void No_two_rows_of_a_panel_look_the_same(string endpoint)
    {
        foreach (var panel in Library.Rows.Where(row => row.Figure.Endpoint == endpoint).GroupBy(row => row.Figure.Clock))
        {
            string[] labels = [.. panel.Select(row => new PlotRow(RowGroups.Show(row, new RowMatch(MatchLevel.Unspecified, []), Library), Library).Label)];
            Assert.Equal(labels, labels.Distinct());
            // Nor do they in the line that is read first: labels are wrapped.
            var image = XDocument.Parse(ForestPlot.Of([.. panel], Library));
            string[] first = [.. Items(image).Select(item => item.Element.Elements().First(text => text.Name.LocalName == "text" && text.Attribute("x")!.Value == "16").Value)];
            Assert.Equal(panel.Count(), first.Distinct().Count());
            Assert.Equal(panel.Count(), Items(image).Select(item => item.Title).Distinct().Count());
        }
    }

    [Fact]
    public void A_screen_reader_can_walk_through_the_rows()
    {
        var answer = Asked.Of("""{"case":{"relapseNumber":1}}""");
        var image = XDocument.Parse(ForestPlot.Of(answer, Library));

        Assert.Equal("graphics-document document", image.Root!.Attribute("role")!.Value);
        Assert.Equal("forest plot", image.Root!.Attribute("aria-roledescription")!.Value);
        var lists = image.Descendants().Where(element => element.Attribute("role")?.Value == "list").ToList();
        Assert.Equal(answer.Groups.Count, lists.Count);
        Assert.All(lists, list => Assert.NotEmpty(list.Attribute("aria-label")!.Value));
        Assert.All(lists, list => Assert.All(list.Elements(), item => Assert.Equal("listitem", item.Attribute("role")!.Value)));
        Assert.Equal(answer.Groups.Sum(group => group.Rows.Count), Items(image).Count);
        Assert.InRange(image.Root!.Elements().Single(element => element.Name.LocalName == "desc").Value.Length, 20, 1000);
    }

    [Fact]
    public void A_panel_of_durations_has_no_axis_of_percentages()
    {
        var image = XDocument.Parse(ForestPlot.Of([Library.ById["OUT-090"]], Library));
        Assert.DoesNotContain(Texts(image), text => text is "0" or "100 %");
        Assert.Contains(Texts(image), text => text == "255 days");
        Assert.Contains(Texts(XDocument.Parse(ForestPlot.Of([Library.ById["EXT-102"]], Library))), text => text == "100 %");
    }

    [Fact]
    public void Whose_patients_they_are_is_seen_and_ticks_touch_nothing()
    {
        var image = XDocument.Parse(ForestPlot.Of([Library.ById["EXT-102"]], Library));
        Assert.Contains(Texts(image), text => text.StartsWith("cohort: " + Library.Words.Families["DCOG_ALL_98"].Title, StringComparison.Ordinal));
        var texts = image.Descendants().Where(element => element.Name.LocalName == "text").ToList();
        var tick = Y(texts.Single(text => text.Value == "100 %"));
        Assert.True(Y(texts.First(text => text.Value.StartsWith("Filled square", StringComparison.Ordinal))) - tick >= 15);
    }

    private static double Y(XElement text) => double.Parse(text.Attribute("y")!.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(XDocument image) => image.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value);

    private static List<(string Title, XElement Element)> Items(XDocument image) =>
    [
        .. image.Descendants().Where(element => element.Attribute("role")?.Value == "listitem").Select(item => item.Elements().Single())
            .Select(item => (item.Elements().First(title => title.Name.LocalName == "title").Value, item)),
    ];
}
