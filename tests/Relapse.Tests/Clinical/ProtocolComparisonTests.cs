using Relapse.Clinical;
using Relapse.Decisions;

namespace Relapse.Tests.Clinical;

/// <summary>What two protocols of the review conclude differently, as the review's own prose has it.</summary>
public sealed class ProtocolComparisonTests
{
    private static readonly ProtocolLibrary _library = ProtocolLibrary.Load();

    [Fact]
    public void Ukall_r3_differs_from_the_bfm_scheme_in_very_early_isolated_extramedullary_relapse_only()
    {
        // L1046-1053: "patients with a very early isolated extramedullary relapse ... were classified as high risk".
        var region = Assert.Single(Compare("all-rez-bfm", "ukall-r3").Regions);

        Assert.Equal(["relapse_site: ISOLATED_EXTRAMEDULLARY", "timing: VERY_EARLY"], Conditions(region));
        Assert.Equal(("INTERMEDIATE", "HIGH"), (region.ConclusionA, region.ConclusionB));
    }

    [Fact]
    public void I_bfm_differs_from_ukall_r3_by_turning_intermediate_into_standard_in_five_cells()
    {
        // The cells of Table 5 (L770-782): every Intermediate of the UK grid is Standard in the I-BFM SG grid.
        string[] expected =
        [
            "B_CELL_PRECURSOR EARLY COMBINED", "B_CELL_PRECURSOR EARLY ISOLATED_EXTRAMEDULLARY", "B_CELL_PRECURSOR LATE COMBINED",
            "B_CELL_PRECURSOR LATE ISOLATED_MARROW", "T_CELL EARLY ISOLATED_EXTRAMEDULLARY",
        ];

        var result = Compare("ukall-r3", "i-bfm-sg");

        Assert.All(result.Regions, region => Assert.Equal(("INTERMEDIATE", "STANDARD"), (region.ConclusionA, region.ConclusionB)));
        Assert.Equal(expected, result.Regions.SelectMany(Cells).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_protocols_of_the_review_agree_on_where_a_relapse_is()
    {
        foreach (var decision in new[] { "marrow_status", "cns_involvement", "testicular_involvement", "other_involvement", "extramedullary_site", "relapse_site" })
        {
            foreach (var other in new[] { "cog", "i-bfm-sg", "ukall-r3" })
            {
                Assert.True(DecisionComparison.Compare(Model("all-rez-bfm"), decision, Model(other), decision).Agree, $"{decision}: {other}");
            }
        }
    }

    private static CompiledModel Model(string protocol) => _library.Versions.Single(version => version.Id == protocol).Model;

    private static ComparisonResult Compare(string one, string other) =>
        DecisionComparison.Compare(Model(one), "risk_group", Model(other), "risk_group");

    private static IEnumerable<string> Conditions(DifferingRegion region) =>
        region.Conditions
            .Where(condition => condition.Name is "lineage" or "timing" or "relapse_site")
            .Select(condition => $"{condition.Name}: {string.Join(" | ", condition.Labels)}")
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Cells(DifferingRegion region) =>
        from lineage in Labels(region, "lineage", "B_CELL_PRECURSOR", "T_CELL")
        from timing in Labels(region, "timing", "VERY_EARLY", "EARLY", "LATE")
        from site in Labels(region, "relapse_site", "ISOLATED_MARROW", "COMBINED", "ISOLATED_EXTRAMEDULLARY")
        select $"{lineage} {timing} {site}";

    private static IEnumerable<string> Labels(DifferingRegion region, string name, params string[] all) =>
        region.Conditions.FirstOrDefault(condition => condition.Name == name) is { } condition ? condition.Labels : all;
}
