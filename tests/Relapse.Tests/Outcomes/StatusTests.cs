using System.Xml.Linq;
using Relapse.Contracts.Outcome.V1;
using Relapse.Outcomes;

namespace Relapse.Tests.Outcomes;

/// <summary>How far an answer says that there is one: by endpoint, and on the whole by outcomes alone.</summary>
public sealed class StatusTests
{
    /// <summary>First relapse, late in the words of the BFM by its dates; nothing else.</summary>
    private const string Late = """
        "relapseNumber":1,"timing":{"diagnosisDate":{"year":1990,"month":1,"day":5},"primaryTherapyEndDate":{"year":1992,"month":1,"day":5},"relapseDate":{"year":1994,"month":6,"day":5},"primaryTherapyStatus":"PRIMARY_THERAPY_STATUS_COMPLETED"}
        """;

    [Fact]
    public void A_share_of_relapses_never_makes_an_answer_on_outcome()
    {
        var answer = Asked.Of($$$"""{"case":{{{{Late}}}}}""");

        Assert.Equal(MatchLevel.Exact, answer.Fit("OUT-016"));
        Assert.All(answer.Groups.Where(group => group.Kind is EndpointKind.Outcome).SelectMany(group => group.Rows), row => Assert.NotEqual(MatchLevel.Exact, row.Match));
        Assert.Equal(AnswerStatus.Broader, answer.Status);
        Assert.StartsWith("No published estimate for this combination", answer.Detail, StringComparison.Ordinal);
        Assert.EndsWith("describes relapses, and is no outcome: share of relapses of this timing.", answer.Detail, StringComparison.Ordinal);
        // Outcomes come first.
        Assert.Equal(answer.Groups.Select(group => group.Kind).Order(), answer.Groups.Select(group => group.Kind));
    }

    [Fact]
    public void What_only_describes_is_answered_when_nothing_else_is_asked()
    {
        var answer = Asked.Of($$$"""{"case":{{{{Late}}}},"endpoints":["RELAPSE_SHARE_BY_TIMING"]}""");

        Assert.Equal(AnswerStatus.Exact, answer.Status);
        Assert.Empty(answer.Nearest);
    }

    [Fact]
    public void Each_group_has_the_status_of_its_own_rows()
    {
        var answer = Asked.Of("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","timing":{"monthsFromDiagnosis":"14","monthsPrecision":"MONTHS_PRECISION_EXACT"}}}""");

        Assert.Equal(AnswerStatus.Exact, answer.Status);
        Assert.StartsWith("Figures of exactly this combination, as far as it is told (relapse number; timing; lineage), are published of overall survival. Outcome hangs on what is not known here as well: site.", answer.Detail, StringComparison.Ordinal);
        Assert.All(answer.Groups, group =>
        {
            Assert.Equal(AnswerWords.StatusOf(group.Rows.Select(row => (EvidenceLibrary.Shipped.ById[row.Figure.Id], new RowMatch(row.Match, [])))), group.Status);
            Assert.Equal(group.Status is AnswerStatus.Exact, !group.Detail.StartsWith("None of these figures", StringComparison.Ordinal));
        });
        Assert.Contains(answer.Groups, group => group is { Endpoint: "EFS", Status: not AnswerStatus.Exact });
    }

    [Fact]
    public void Nothing_but_a_number_of_the_relapse_is_said_to_be_little()
    {
        var answer = Asked.Of("""{"case":{"relapseNumber":1}}""");

        Assert.Equal(AnswerStatus.Exact, answer.Status);
        Assert.Contains("(relapse number)", answer.Detail, StringComparison.Ordinal);
        Assert.Contains("Outcome hangs on what is not known here as well: timing; site; lineage.", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_that_contradict_each_other_make_no_answer()
    {
        var answer = Asked.Of("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_T_CELL","timing":{"diagnosisDate":{"year":2012,"month":3,"day":1},"relapseDate":{"year":2010,"month":3,"day":1}}}}""");

        Assert.Equal(AnswerStatus.Inconsistent, answer.Status);
        Assert.StartsWith("The facts contradict each other", answer.Detail, StringComparison.Ordinal);
        Assert.Contains(answer.Groups, group => group.Status is AnswerStatus.Broader);
        // What is contradicted is no year either.
        Assert.All(answer.Groups.SelectMany(group => group.Rows).SelectMany(row => row.Dimensions), dimension => Assert.NotEqual("era", dimension.Dimension));
    }

    [Fact]
    public void The_nearest_rows_say_in_what_they_differ_and_stand_under_the_note()
    {
        var answer = Asked.Of("""{"case":{"relapseNumber":2},"endpoints":["IN_REMISSION_SHARE"]}""");
        Assert.Equal(AnswerStatus.None, answer.Status);
        Assert.Contains(answer.Nearest, row => row.Figure.When.Treatment.Count > 0);
        Assert.Contains(answer.Warnings, warning => warning.Code == "SELECTION_BIAS");

        var image = XDocument.Parse(ForestPlot.Of(answer, EvidenceLibrary.Shipped));
        foreach (var row in answer.Nearest)
        {
            var differs = row.Dimensions.First(dimension => dimension.Fit is FitLevel.Differs).Dimension.Replace('_', ' ');
            Assert.Single(image.Descendants(), title => title.Name.LocalName == "title" && title.Value.StartsWith(row.Figure.Id + ",", StringComparison.Ordinal) && title.Value.Contains("differs in " + differs, StringComparison.Ordinal));
            Assert.Contains(image.Descendants(), text => text.Name.LocalName == "text" && text.Value.Contains("differs in " + differs, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_endpoint_is_an_outcome_or_describes()
    {
        Assert.All(EvidenceLibrary.Shipped.Words.Endpoints.Values, endpoint => Assert.True(endpoint.Kind is EndpointKind.Outcome or EndpointKind.Descriptive));
        foreach (var (word, endpoint) in EvidenceLibrary.Shipped.Words.Endpoints.Where(entry => entry.Key.Contains("SURVIVAL", StringComparison.Ordinal) || entry.Key is "EFS" or "OS" or "DFS" or "PFS" or "CIR" or "TRM" or "CR_RATE"))
        {
            Assert.True(endpoint.Kind is EndpointKind.Outcome, word);
        }
    }
}
