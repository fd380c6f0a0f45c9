using System.Text;
using Relapse.Contracts.Outcome.V1;
using Relapse.Outcomes;

namespace Relapse.Tests.Outcomes;

/// <summary>Where sources disagree: the entries are those of the reading, and each is announced where its sides are.</summary>
public sealed class ConflictTests
{
    private static EvidenceLibrary Library => EvidenceLibrary.Shipped;

    /// <summary>Rows of entries as the errata and the account of primary sources name them.</summary>
    [Theory]
    [InlineData("E31", "OUT-057", true)]
    [InlineData("E31", "EXT-109", false)]
    [InlineData("E31", "OUT-085", false)]
    [InlineData("E36", "EXT-162", true)]
    [InlineData("E37", "OUT-112", true)]
    [InlineData("E37", "OUT-026", false)]
    [InlineData("E38", "OUT-103", false)]
    [InlineData("E38", "OUT-104", false)]
    [InlineData("E38", "OUT-107", false)]
    [InlineData("E38", "EXT-047", true)]
    [InlineData("E38", "OUT-110", true)]
    [InlineData("A11", "EXT-019", true)]
    [InlineData("A13", "EXT-160", true)]
    public void An_entry_has_the_rows_that_it_speaks_of(string id, string row, bool has) =>
        Assert.Equal(has, Library.Words.Conflicts.Single(conflict => conflict.Id == id).Sides.Any(side => side.Rows.Contains(row)));

    /// <summary>One figure of a side is worse after transplant: that is all that E38 may say.</summary>
    [Fact]
    public void Point_estimates_that_are_called_worse_are_worse()
    {
        static double Percent(string row) => Library.ById[row].Figure.Estimate.Percent;
        Assert.True(Percent("EXT-047") < Percent("EXT-048"));
        Assert.True(Percent("OUT-109") < Percent("OUT-110"));
    }

    [Theory]
    [InlineData("""{"case":{}}""", 1)]
    [InlineData("""{"case":{"relapseNumber":1}}""", 1)]
    [InlineData("""{"case":{"relapseNumber":2}}""", 500)]
    [InlineData("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_T_CELL"}}""", 2)]
    public void Both_sides_of_what_is_announced_are_in_the_answer(string body, int rows)
    {
        var request = Asked.Request(body);
        request.RowsPerGroup = rows;
        var answer = GoldenQueryTests.Answer(request);
        var shown = answer.Groups.SelectMany(group => group.Rows).Select(row => row.Figure.Id).ToHashSet();

        Assert.NotEmpty(answer.Conflicts);
        Assert.All(answer.Conflicts, conflict =>
        {
            Assert.True(conflict.Sides.Count > 1, conflict.Id);
            Assert.All(conflict.Sides, side => Assert.NotEmpty(side.Rows));
            Assert.Equal(conflict.Sides.SelectMany(side => side.Rows), conflict.Rows);
            Assert.Subset(shown, conflict.Rows.ToHashSet());
        });
        var image = ForestPlot.Of(answer, Library);
        Assert.All(answer.Conflicts, conflict => Assert.Contains($"Sources disagree ({conflict.Id}).", image, StringComparison.Ordinal));
        // What is not shown is still counted.
        var whole = GoldenQueryTests.Answer(Asked.Request(body));
        Assert.Equal(whole.Groups.Select(group => group.Rows.Count), answer.Groups.Select(group => group.Rows.Count + group.LeftOut));
    }

    [Theory]
    [InlineData("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","timing":{"monthsFromDiagnosis":"50","monthsPrecision":"MONTHS_PRECISION_EXACT"}}}""", "E31-very-early", false)]
    [InlineData("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","timing":{"monthsFromDiagnosis":"14","monthsPrecision":"MONTHS_PRECISION_EXACT"}}}""", "E31-very-early", true)]
    [InlineData("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR"}}""", "A11", false)]
    [InlineData("""{"case":{"relapseNumber":1,"lineage":"LINEAGE_T_CELL"}}""", "A11", true)]
    [InlineData("""{"case":{"relapseNumber":1},"intention":{"treatment":"MODALITY_CHEMOTHERAPY"}}""", "E38", false)]
    [InlineData("""{"case":{"relapseNumber":1}}""", "E38", true)]
    [InlineData("""{"case":{"relapseNumber":1},"endpoints":["OS"]}""", "E31", false)]
    public void A_disagreement_is_announced_to_whom_both_sides_may_apply(string body, string id, bool isAnnounced) =>
        Assert.Equal(isAnnounced, Asked.Of(body).Conflicts.Any(conflict => conflict.Id == id));

    [Theory]
    [InlineData("rows: [OUT-084]", "rows: [EXT-109]", "mixes_endpoints")]
    [InlineData("rows: [OUT-118]", "rows: [EXT-054]", "mixes_endpoints")]
    [InlineData("rows: [OUT-084]", "rows: [OUT-058]", "no row that is used")]
    [InlineData("rows: [OUT-084]", "rows: [OUT-086]", "a row is on one side")]
    [InlineData("      - {says: \"71 to 95 % of all first relapses, depending on timing and site\", rows: [OUT-084]}\n", "", "two sides or more")]
    [InlineData("  - id: E32\n", "  - id: E31\n", "an id of its own")]
    [InlineData("    kind: ENDPOINT_KIND_OUTCOME\n", "", "an outcome or descriptive")]
    public void A_fault_of_the_library_is_named(string from, string to, string expected)
    {
        var files = EvidenceFiles.Shipped().ByName.ToDictionary();
        var text = Encoding.UTF8.GetString(files[EvidenceFiles.Library]);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, from);
        files[EvidenceFiles.Library] = Encoding.UTF8.GetBytes(text[..at] + to + text[(at + from.Length)..]);
        var refused = Assert.Throws<EvidenceException>(() => EvidenceLoader.Load(new EvidenceFiles(files)));
        Assert.Contains(refused.Faults, fault => fault.StartsWith("library.yaml", StringComparison.Ordinal) && fault.Contains(expected, StringComparison.Ordinal));
    }
}
