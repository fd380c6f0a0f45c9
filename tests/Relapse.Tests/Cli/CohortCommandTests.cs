using System.Globalization;
using System.Text.Json;
using Relapse.Cli;
using Relapse.Cli.Cohort;
using Relapse.Client.Cohorts;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Cli;

/// <summary>`relapse assess` of a file of JSON Lines: a cohort.</summary>
public sealed class CohortCommandTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Child = """{"itemId": "one", "case": {"relapseNumber": 1, "lineage": "LINEAGE_T_CELL", "timing": {"monthsFromDiagnosis": "14", "primaryTherapyStatus": "PRIMARY_THERAPY_STATUS_ON_TREATMENT"}, "marrow": {"blastsPercent": 80}, "history": {"noPriorTransplant": true}}}""";
    private const string Impossible = """{"case": {"marrow": {"blastsPercent": 140}}}""";

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task It_prints_how_many_came_to_what_and_names_those_that_were_refused_by_their_line()
    {
        Assert.Equal(3, await Run($"{Child}\n\n{Impossible}\n", "--protocol", "protocols/all-rez-bfm"));
        var text = _output.ToString();
        Assert.Matches(@"^2 cases in [0-9.]+ s, 1 of them refused\n\nall-rez-bfm 2002\.1\n", text);
        Assert.Matches(@"\n  risk_group +HIGH 1\n", text);
        Assert.Matches(@"\n  relapse_site +undetermined 1\n", text);
        Assert.DoesNotContain("cog 2012.1", text, StringComparison.Ordinal);
        Assert.Contains("line 3: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("case.marrow.blasts_percent", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("100 %  2 of 2 cases, 1 refused", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_each_item_is_a_line_in_order()
    {
        Assert.Equal(3, await Run($"{Child}\n{Impossible}", "--protocol", "protocols/cog", "--json"));
        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["one", "line 2"], lines.Select(line => line.GetProperty("itemId").GetString()));
        Assert.Contains(lines[0].GetProperty("conclusions").EnumerateArray(), one =>
            one.GetProperty("decision").GetString() == "marrow_status" && one.GetProperty("outcome").GetString() == "OUTCOME_DETERMINED" && one.GetProperty("possible")[0].GetString() == "M3");
        var error = lines[1].GetProperty("error");
        Assert.Equal("case.marrow.blasts_percent", error.GetProperty("faults")[0].GetProperty("field").GetString());
        Assert.Equal((3, "INVALID_REQUEST"), (error.GetProperty("code").GetInt32(), error.GetProperty("reason").GetString()));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Nothing_is_sent_of_a_file_with_lines_that_cannot_be_read_and_all_of_them_are_named()
    {
        Assert.Equal(1, await Run($"{Child}\nno json\n{{\"case\": {{\"noSuchField\": 1}}}}\n{Child}\n{{\"itemId\": \"{new string('x', 65)}\"}}\n"));
        Assert.Empty(_output.ToString());
        var said = _error.ToString();
        Assert.Contains("nothing of it was sent", said, StringComparison.Ordinal);
        Assert.Contains("line 2: ", said, StringComparison.Ordinal);
        Assert.Contains("line 3: ", said, StringComparison.Ordinal);
        Assert.Contains("line 4: an item before it has the same id", said, StringComparison.Ordinal);
        Assert.Contains("line 5: an id has at most 64 characters", said, StringComparison.Ordinal);
    }

    /// <summary>A reader of JSON takes the last of two, and a list is joined: the case would be another.</summary>
    [Theory]
    [InlineData("{\"case\": {\"marrow\": {\"blastsPercent\": 80}, \"marrow\": {\"blastsPercent\": 2}}}", "marrow")]
    [InlineData("{\"case\": {\"mrd\": [], \"mrd\": []}}", "mrd")]
    public async Task A_key_that_stands_twice_is_a_fault_of_its_line(string line, string key)
    {
        Assert.Equal(1, await Run($"{Child}\n{line}\n"));
        Assert.Empty(_output.ToString());
        Assert.Contains($"line 2: `{key}` stands twice in one object", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_said_to_be()
    {
        var file = await Write(Child);
        await using var holding = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None);
        using var http = new HttpClient();
        Assert.Equal(1, await AssessCommand.Run(http, AssessCommand.Parse([file], server.GrpcAddress, server.GrpcAddress)!, _output, _error));
        Assert.Contains($"{file} cannot be read", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_as_a_whole_or_not_answered_at_all_ends_with_one()
    {
        Assert.Equal(1, await Run(Child, "--protocol", "protocols/nowhere"));
        Assert.Contains("protocols[0]", _error.ToString(), StringComparison.Ordinal);
        // A protocol is chosen here for cohorts alone.
        Assert.Null(AssessCommand.Parse(["a.json", "--protocol", "protocols/cog"], server.GrpcAddress, server.GrpcAddress));
    }

    [Fact]
    public async Task The_token_goes_with_a_cohort_too_and_over_cleartext_to_this_machine_only()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var house = new RelapseServer { Arguments = issuer.Arguments };
        await house.InitializeAsync();
        var file = await Write(Child);
        var asked = new AssessQuestion(house.Http.BaseAddress!, house.GrpcAddress, [file], ["protocols/cog"], AsJson: false);
        using var http = new HttpClient();
        Assert.Equal(1, await AssessCommand.Run(http, asked, _output, _error));
        Assert.Equal(0, await AssessCommand.Run(http, asked with { Token = issuer.Token("north") }, _output, _error));
        Assert.Equal(1, await AssessCommand.Run(http, asked with { Token = "secret", Grpc = new Uri("http://relapse.invalid") }, _output, _error));
        Assert.Contains("in the clear", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_drawn_over_itself_on_a_terminal_and_told_by_tenths_elsewhere()
    {
        var bar = new ProgressBar(200, _output, isTerminal: true);
        bar.Report(new CohortProgress(50, 0, 0));
        bar.Report(new CohortProgress(200, 1, 2));
        bar.End();
        Assert.Equal(
            "[#######.......................] 25 %  50 of 200 cases\r\u001b[K[##############################] 100 %  200 of 200 cases, 1 refused, taken up again 2 time(s)\n",
            _output.ToString());

        var told = new ProgressBar(1000, _error, isTerminal: false);
        for (var answered = 1; answered <= 1000; answered++)
        {
            told.Report(new CohortProgress(answered, 0, 0));
        }

        Assert.Equal(
            Enumerable.Range(1, 10).Select(tenth => string.Create(CultureInfo.InvariantCulture, $"{tenth * 10} %  {tenth * 100:N0} of 1,000 cases")),
            _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<string> Write(string lines)
    {
        Directory.CreateDirectory(_folder.Path);
        var file = Path.Combine(_folder.Path, "cohort.jsonl");
        await File.WriteAllTextAsync(file, lines, Cancel);
        return file;
    }

    private async Task<int> Run(string lines, params string[] words)
    {
        var file = await Write(lines);
        using var http = new HttpClient();
        return await AssessCommand.Run(http, AssessCommand.Parse([file, .. words], server.GrpcAddress, server.GrpcAddress)!, _output, _error);
    }
}
