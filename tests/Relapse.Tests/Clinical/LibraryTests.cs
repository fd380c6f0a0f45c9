using System.Security.Cryptography;
using System.Text;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Tests.Clinical;

/// <summary>The shipped library: complete, certified, frozen where it says so, and Table 5 of the review cell by cell.</summary>
public sealed class LibraryTests
{
    public static TheoryData<string, string, string, string, string, string> Table5
    {
        get
        {
            using var reader = new StreamReader(typeof(LibraryTests).Assembly.GetManifestResourceStream("table5.csv")!);
            var data = new TheoryData<string, string, string, string, string, string>();
            foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            {
                var cells = line.Split(',');
                data.Add(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
            }
            return data;
        }
    }

    public static TheoryData<string> Ids => [.. Shipped.Ids];

    [Theory]
    [MemberData(nameof(Table5))]
    public void Every_cell_of_Table_5_comes_out_of_raw_facts(string id, string scheme, string lineage, string timing, string site, string group)
    {
        var @case = site == "isolated_BM" ? SoundCase.LateIsolatedMarrow() : SoundCase.LateCombined();
        @case.Lineage = lineage == "T" ? Lineage.TCell : Lineage.BCellPrecursor;
        if (site == "isolated_EM")
        {
            (@case.Marrow.BlastsPercent, @case.Blood.BlastsPresent) = (2, false);
        }
        if (timing == "very_early")
        {
            @case = @case.VeryEarly();
        }
        else if (timing == "early")
        {
            @case.Timing.RelapseDate = SoundCase.Day(2012, 6, 20);
        }
        var protocol = Shipped.Protocol(scheme switch { "BFM" => "all-rez-bfm", "UK_ALLR3" => "ukall-r3", _ => "i-bfm-sg" });
        var answer = protocol.Decide(@case, "risk_group");
        var expected = group switch { "SR" => "STANDARD", "IR" => "INTERMEDIATE", _ => "HIGH" };
        Assert.True(answer.Outcome == Outcome.Determined && answer.Possible.SequenceEqual([expected]), $"{id}: {answer.Say()}, printed {expected}");
    }

    [Fact]
    public void Table_5_has_54_cells() => Assert.Equal(54, Table5.Count);

    [Fact]
    public void The_library_holds_the_protocols_of_the_review_the_review_itself_and_those_that_came_after() =>
        Assert.Equal(
            ["all-rez-bfm/2002.1", "cog-aall1331/2014.1", "cog/2012.1", "i-bfm-sg/2014.1", "intreall-hr-2010/2010.1", "intreall-sr-2010/2010.2", "review-2014/2014.1", "review-2014/2014.2", "ukall-r3/2003.1"],
            Shipped.Library.Versions.Select(Shipped.Of).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_version_has_a_clean_certificate_and_the_digest_of_its_bytes(string id)
    {
        var protocol = Shipped.Protocol(id);
        Assert.Equal(0, protocol.Certificate.Faults);
        Assert.True(protocol.Certificate.Cells > 100 && protocol.Certificate.Cases > (id.StartsWith("intreall", StringComparison.Ordinal) ? 30 : 50), protocol.Certificate.ToString());
        Assert.Equal(protocol.Document.Decisions.Values.Sum(table => table.Rules.Count), protocol.Certificate.Rules);
        var bytes = Shipped.Bytes($"{Shipped.Of(protocol)}/protocol.yaml");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), protocol.Digest);
        Assert.True(protocol.Yaml.Span.SequenceEqual(bytes));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_warning_and_modifier_is_cited(string id)
    {
        var protocol = Shipped.Protocol(id);
        Assert.All(protocol.Decisions.Values.SelectMany(decision => decision.Rules), rule => Cited(rule.Because.Citations));
        Assert.All(protocol.Decisions.Values.SelectMany(decision => decision.Warnings), warning => Cited(warning.Warning.Citations));
        Assert.All(protocol.Modifiers, modifier => Cited(modifier.Modifier.Citations));

        static void Cited(IReadOnlyCollection<Citation> citations)
        {
            Assert.NotEmpty(citations);
            Assert.All(citations, citation => Assert.NotEmpty(citation.Source));
        }
    }

    [Fact]
    public void A_frozen_version_with_its_digest_is_accepted() =>
        Assert.Empty(Released($"# frozen\n\n{string.Join('\n', Shipped.Library.Versions.Select(version => $"{version.Id}/{version.Version} {version.Digest}"))}\n"));

    [Fact]
    public void A_frozen_version_that_changed_is_refused() =>
        Assert.Contains("cog/2012.1 is frozen with digest 00", Assert.Single(Released("cog/2012.1 00")), StringComparison.Ordinal);

    [Fact]
    public void A_frozen_version_that_is_gone_is_refused() =>
        Assert.Contains("cog/1999.1 is frozen and missing", Assert.Single(Released("cog/1999.1 00")), StringComparison.Ordinal);

    [Fact]
    public void A_line_that_is_neither_comment_nor_version_and_digest_is_refused_and_all_are_listed() =>
        Assert.Equal(3, Released("cog/2012.1\ncog/2012.1 a b\n# fine\nnonsense").Count());

    [Theory]
    [InlineData("2014.2", "2014.10", -1)]
    [InlineData("2014.1", "2014.1", 0)]
    [InlineData("2014.1.1", "2014.1", 1)]
    [InlineData("2014.a", "2014.b", -1)]
    public void Versions_are_ordered_part_by_part(string one, string other, int order) =>
        Assert.Equal(order, Math.Sign(VersionOrder.Instance.Compare(one, other)));

    private static IEnumerable<string> Released(string list) => ReleasedVersions.Check(Encoding.UTF8.GetBytes(list), Shipped.Library.Versions);
}
