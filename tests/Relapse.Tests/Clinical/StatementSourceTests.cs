using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>What a statement says is in the source that it cites; where a source was corrected later, the correction stands beside it.</summary>
public sealed class StatementSourceTests
{
    [Theory]
    [InlineData("cog-aall1331", "agent-blinatumomab-low-risk", "Hogan LE", "97.1")]
    [InlineData("cog-aall1331", "agent-blinatumomab-before-transplant", "Haematologica 2025", "115 of 661 (17.4 %) were stratified and not randomised")]
    [InlineData("review-2014", "agent-epratuzumab", "IntReALL SR 2010", "")]
    [InlineData("review-2014", "against-dcog", "van den Berg", "another endpoint than the study's")]
    [InlineData("review-2014", "against-intermediate", "Fuster", "not significant")]
    [InlineData("review-2014", "caveat-late", "Fuster", "not significant")]
    [InlineData("review-2014", "agent-clofarabine", "Fuster", "no whole number of 23")]
    [InlineData("review-2014", "agent-inotuzumab", "known from memory", "known from memory only")]
    [InlineData("review-2014", "agent-blinatumomab-consolidation", "Locatelli", "")]
    public void A_statement_has_its_source_and_what_corrects_it(string protocol, string statement, string source, string words)
    {
        var found = Statements(protocol).Single(one => one.Id == statement);
        Assert.Contains(found.Citations, citation => citation.Source.Contains(source, StringComparison.Ordinal));
        Assert.Contains(words, found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_advice_for_low_risk_cites_the_paper_of_low_risk() => Assert.Contains(
        Shipped.Protocol("cog-aall1331").Decisions["post_remission"].Rules.Single(rule => rule.Because.Rule == "low-risk").Because.Citations,
        citation => citation.Source.Contains("Hogan LE", StringComparison.Ordinal));

    [Fact]
    public void T_cell_lineage_is_said_to_be_adverse_and_not_uniformly_so() => Assert.Contains(
        Shipped.Protocol("review-2014").Document.Modifiers,
        modifier => modifier.Code == "T_CELL_LINEAGE" && modifier.Detail.Contains("not uniform", StringComparison.Ordinal) && modifier.Because.Values_.Contains("rheingold2024.t_cell"));

    /// <summary>Of what is shown only that which fits is sent, so that a statement cannot lean on the one before it.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void No_statement_points_to_another(string id) =>
        Assert.All(Statements(id), statement => Assert.DoesNotContain("above", $"{statement.Text} {statement.Status}", StringComparison.Ordinal));

    public static TheoryData<string> Ids => [.. Shipped.Ids];

    private static IEnumerable<ContextStatement> Statements(string id) => Shipped.Protocol(id).Context.Select(context => context.Say(ContextFit.Applies));
}
