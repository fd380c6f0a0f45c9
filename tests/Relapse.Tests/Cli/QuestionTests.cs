using Relapse.Cli;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Cli;

/// <summary>The questions of one case file, asked of a running service with the examples, and printed.</summary>
public sealed class QuestionTests(RelapseServer server) : IClassFixture<RelapseServer>
{
    [Fact]
    public async Task Mrd_is_printed_with_the_result_that_each_protocol_uses_and_the_series()
    {
        var (code, printed, _) = await Ask("interpret", "mrd-below-detection.json");

        Assert.Equal(0, code);
        Assert.Contains("ukall-r3 2003.1", printed);
        Assert.Contains(printed, line => line.StartsWith("  MRD                BELOW_CUT_OFF ", StringComparison.Ordinal));
        Assert.DoesNotContain(printed, line => line.Contains("not defined", StringComparison.Ordinal));
        Assert.Contains("  ukall-r3 2003.1, mrd_response: case.mrd[1] [0, 0.001); open 0.0001", printed);
        Assert.Contains(printed, line => line.StartsWith("    settled by a more sensitive assay: ", StringComparison.Ordinal));
        Assert.Contains("    not case.mrd[0]: it is of another time point than the protocol's", printed);
        Assert.Contains("  case.mrd[0]  at relapse  0.04", printed);
        Assert.Contains("  case.mrd[1]  end of induction  [0, 0.001)  falling since case.mrd[0], log10 reduction at least 1.6", printed);
    }

    [Fact]
    public async Task A_response_is_printed_with_the_rules_that_disagree()
    {
        var (code, printed, _) = await Ask("assess-response", "response-count-rules-disagree.json");

        Assert.Equal(0, code);
        Assert.Equal("The response assessed is case.responses[0].", printed[0]);
        Assert.Contains(printed, line => line.StartsWith("review-2014 2014.1: The rules disagree: ", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("  counts B high  NOT_RECOVERED", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("  missing for remission: readings.count_recovery_rule;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_refused_or_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "case.json");
        await File.WriteAllTextAsync(file, """{"case":{"mrd":[{"quantified":"0.01"}]}}""", TestContext.Current.CancellationToken);
        var (code, _, error) = await Ask("interpret", file);
        Assert.Equal(1, code);
        Assert.Contains("  case.mrd[0].unit: required with a number", error);

        (code, _, error) = await Ask("interpret", "nowhere.json");
        Assert.Equal(1, code);
        Assert.Equal("There is no file nowhere.json.", error[0]);
        Assert.Null(Question.Find("guess"));
    }

    private async Task<(int Code, string[] Printed, string[] Error)> Ask(string word, string file)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var example = Path.Combine(Repository.Root, "examples", file);
        var code = await AskCommand.Run(server.Http, server.Http.BaseAddress!, Question.Find(word)!, File.Exists(example) ? example : file, output, error);
        return (code, output.ToString().Split('\n'), error.ToString().Split('\n'));
    }
}
