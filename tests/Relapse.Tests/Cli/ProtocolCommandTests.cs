using Relapse.Cli.Protocol;
using Relapse.Tests.Clinical;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Cli;

/// <summary>The author's commands against a real server: what they print, and with what code they end.</summary>
public sealed class ProtocolCommandTests : IClassFixture<RelapseServer>, IDisposable
{
    private readonly RelapseServer _server;
    private readonly string _folder = Directory.CreateTempSubdirectory("relapse-author-").FullName;
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public ProtocolCommandTests(RelapseServer server)
    {
        _server = server;
        Save(DocumentText.Shipped);
    }

    private string Protocol => Path.Combine(_folder, "protocol.yaml");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
        _server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task A_clean_version_is_said_to_be_clean_by_its_folder_or_its_file()
    {
        Assert.Equal(0, await Run("verify", _folder, Protocol));
        Assert.Equal(2, _output.ToString().Split("protocols/i-bfm-sg/versions/2014.1: clean; ").Length - 1);
    }

    [Fact]
    public async Task Each_fault_is_a_line_that_editors_read()
    {
        Save(DocumentText.Shipped.Without("standard-bcp-combined"));

        Assert.Equal(1, await Run("verify", Protocol));
        var (line, column) = DocumentText.Position(File.ReadAllText(Protocol), "risk_group:\n");
        Assert.Contains($"{Protocol}:{line}:{column}: GAP decisions.risk_group: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_protocols_are_compared_in_sentences_with_rules()
    {
        Assert.Equal(1, await Run("compare", "all-rez-bfm", "ukall-r3/2003.1", "--decision", "risk_group"));
        var printed = _output.ToString();
        Assert.Contains("all-rez-bfm 2002.1 and ukall-r3 2003.1\n\nrisk_group\n  INTERMEDIATE in all-rez-bfm and HIGH in ukall-r3 for very early isolated extramedullary relapse.\n", printed, StringComparison.Ordinal);
        Assert.Contains("        high-very-early-isolated-extramedullary: Table 5", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_region_has_the_rules_of_both_sides_and_a_case_that_stands_as_it_is_said()
    {
        Assert.Equal(1, await Run("compare", "i-bfm-sg", "ukall-r3/2003.1", "--decision", "risk_group"));
        var lines = _output.ToString().Split('\n');
        var regions = lines.Index().Where(line => line.Item.StartsWith("  - ", StringComparison.Ordinal)).Select(line => lines[line.Index..].TakeWhile((next, at) => at == 0 || next.StartsWith("      ", StringComparison.Ordinal)).ToArray()).ToArray();
        Assert.NotEmpty(regions);
        Assert.All(regions, region =>
        {
            Assert.Equal(2, region.Count(line => line.StartsWith("      ", StringComparison.Ordinal) && (line.EndsWith(" in i-bfm-sg 2014.1", StringComparison.Ordinal) || line.EndsWith(" in ukall-r3 2003.1", StringComparison.Ordinal))));
            Assert.True(region.Count(line => line.StartsWith("        ", StringComparison.Ordinal)) >= 2);
            Assert.Contains("first_remission_achieved true; ", region[^1], StringComparison.Ordinal);
            Assert.Matches("^      for example: [a-z_.\\[\\]0-9]+ [^;]+(; [a-z_.\\[\\]0-9]+ [^;]+)*$", region[^1]);
        });
    }

    [Fact]
    public async Task A_version_does_not_differ_from_the_same_document()
    {
        Assert.Equal(0, await Run("compare", "i-bfm-sg", Protocol));
    }

    /// <summary>They conclude alike, and what changed stands beside the conclusions.</summary>
    [Fact]
    public async Task A_version_that_changes_no_conclusion_is_not_said_to_be_the_same_as_the_one_before()
    {
        Assert.Equal(1, await Run("compare", "review-2014/2014.1", "review-2014/2014.2"));

        Assert.DoesNotContain("\n  - ", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            """


            Beside the answers, changing no conclusion:
              modifier AGE_RELAPSE_RISK: not the same
              modifier CNS_RELAPSE_RISK_NOT_COMPLETE: only in review-2014 2014.2
              modifier FRONTLINE_INTENSITY_DISPUTED: only in review-2014 2014.2
              modifier NRAS_WITH_HIGH_HYPERDIPLOIDY: not the same
              modifier RELAPSED_COHORT_LINEAGE: only in review-2014 2014.2
              modifier RELAPSED_COHORT_MALE_SEX: only in review-2014 2014.2
              warning ETHNICITY_NOT_COLLECTED: not the same

            """,
            _output.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Protocols_without_a_decision_in_common_are_not_said_to_be_the_same()
    {
        Save(new DocumentText(new SmallProtocol("small", "1").Yaml, SmallProtocol.Cases));

        Assert.Equal(1, await Run("compare", "review-2014", Protocol));
        Assert.Contains("\n\nOnly review-2014 2014.2 defines: marrow_status, ", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\n\nOnly small 1 defines: risk_group\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_is_exported_to_a_file_and_imported_from_it()
    {
        var (file, yaml) = (Path.Combine(_folder, "cog.dmn"), Path.Combine(_folder, "cog.yaml"));

        Assert.Equal(0, await Run("export", "cog/2012.1", "--output", file));
        Assert.Equal(0, await Run("import", file, "--output", yaml));
        Assert.Contains("- id: timing-late", File.ReadAllText(yaml), StringComparison.Ordinal);

        File.WriteAllText(file, "<a/>");
        Assert.Equal(1, await Run("import", file));
        Assert.Contains($"{file}:1:1: NOT_LOSSLESS ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_answer_itself()
    {
        Assert.Equal(1, await Run("compare", "cog", "all-rez-bfm", "--decision", "timing", "--json"));
        Assert.Equal("timing", System.Text.Json.JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("decisions")[0].GetProperty("decision").GetString());
    }

    [Theory]
    [InlineData]
    [InlineData("verify")]
    [InlineData("compare", "cog")]
    [InlineData("compare", "cog", "all-rez-bfm", "--reading", "nonsense")]
    [InlineData("export", "cog/2012.1", "--output")]
    [InlineData("verify", "a", "--shared")]
    [InlineData("dance", "cog")]
    public async Task What_is_not_a_command_says_how(params string[] args)
    {
        Assert.Equal(2, await Run(args));
        Assert.Contains("relapse protocol verify FILE...", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_no_fault_of_a_document() => Assert.Equal(2, await Run("verify", Path.Combine(_folder, "nothing.yaml")));

    [Theory]
    [InlineData("compare", "cog", "nothing")]
    [InlineData("export", "nothing/1")]
    public async Task A_refusal_is_printed_with_its_fields(params string[] args)
    {
        Assert.Equal(3, await Run(args));
        Assert.Contains("no such protocol", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_answers_it_says_so()
    {
        Assert.Equal(3, await Run("export", "cog/2012.1", "--url", "http://127.0.0.1:1"));
        Assert.Contains("Nothing answers at", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> Run(params string[] args) => ProtocolCommand.Run(_server.Http, args, _server.Http.BaseAddress!, _output, _error);

    private void Save(DocumentText text)
    {
        File.WriteAllText(Protocol, text.Protocol);
        File.WriteAllText(Path.Combine(_folder, "cases.yaml"), text.Cases);
    }
}
