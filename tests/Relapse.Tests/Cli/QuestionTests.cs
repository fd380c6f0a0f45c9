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
        Assert.Contains(printed, line => line.StartsWith("review-2014 2014.2: The rules disagree: ", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("  counts B high  NOT_RECOVERED", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("  missing for remission: readings.count_recovery_rule;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Figures_are_printed_as_published_with_how_each_fits_and_what_would_tell()
    {
        var (code, printed, _) = await Ask("estimate", "outcome-early-b-cell-precursor.json");

        Assert.Equal(0, code);
        Assert.StartsWith("Figures of exactly this combination, as far as it is told (", printed[0], StringComparison.Ordinal);
        var row = Array.FindIndex(printed, line => line.StartsWith("  EXT-014  exact    25.8 % (23.4 to 28.2)  at 5 years; n not printed; 1996-2014  [1] ", StringComparison.Ordinal));
        Assert.Equal("overall survival, from relapse", printed[row - 2]);
        Assert.Equal("  At least one of these figures is about exactly this combination, as far as it is told.", printed[row - 1]);
        Assert.Equal("      plus or minus, of what is not said, as published; no confidence interval", printed[row + 2]);
        Assert.Equal("      Of 100 such children, about 26 were alive 5 years after the relapse.", printed[row + 3]);
        Assert.Contains("      timing, lineage: the source does not restrict it", printed);
        Assert.Contains(printed, line => line.Contains(" more figures may apply; what is not known, and for how many of those returned: ", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("SELECTION_BIAS: ", StringComparison.Ordinal));
        Assert.DoesNotContain(printed, line => line.Contains("  open ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_case_outside_the_library_gets_no_figure()
    {
        var (code, printed, _) = await Ask("estimate", "outcome-mature-b.json");

        Assert.Equal(0, code);
        Assert.Equal(["The library is of relapses of acute lymphoblastic leukaemia after a first remission; a stated fact puts this case outside it.", "", ""], printed);
    }

    [Fact]
    public void Where_no_figure_applies_the_nearest_are_printed_with_what_they_differ_in()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Question.Estimate.Print(
            """
            {"detail": "No published estimate for this combination.", "nearest": [
              {"match": "MATCH_LEVEL_NOT_APPLICABLE", "figure": {"id": "OUT-1", "population": "late relapse", "estimate": {"low": 16, "high": 39, "qualifier": "QUALIFIER_RANGE"}},
               "dimensions": [{"dimension": "extramedullary_site", "detail": "the figure is of another site"}], "citations": [{"source": "Book", "locator": "page 3"}]}]}
            """,
            output);

        Assert.Equal(
            """
            No published estimate for this combination.

            nearest, of other children
              OUT-1  not applicable  16 to 39 %  horizon not printed; n not printed; years not printed  [1] page 3
                late relapse
                  extramedullary site: the figure is of another site
                  no interval is published, and none can be made

            [1] Book

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [Fact]
    public void A_figure_without_a_number_is_not_printed_as_none_of_a_hundred()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Question.Estimate.Print("""{"detail": "d", "nearest": [{"figure": {"id": "OUT-1", "estimate": {}}}]}""", output);

        Assert.Contains("  no number  ", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("0 %", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plot_is_the_image_itself()
    {
        var (code, printed, _) = await Ask("plot", "outcome-early-b-cell-precursor.json");

        Assert.Equal(0, code);
        Assert.StartsWith("<svg ", printed[0], StringComparison.Ordinal);
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
