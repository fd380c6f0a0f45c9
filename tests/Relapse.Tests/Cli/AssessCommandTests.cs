using System.Net.Sockets;
using Relapse.Cli;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Cli;

/// <summary>`relapse assess`: what it prints, and the code that it ends with.</summary>
public sealed class AssessCommandTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static readonly Uri Standard = new("http://localhost:8080");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task It_prints_where_the_case_stands_what_comes_next_by_which_way_and_what_is_missing()
    {
        Assert.Equal(0, await Run(server, "examples/eligibility-between-the-cut-offs.json"));
        var text = _output.ToString();
        var ukall = text[text.IndexOf("ukall-r3 2003.1\n", StringComparison.Ordinal)..];
        Assert.Matches(@"(?s)where the case stands.*risk_group +INTERMEDIATE .*what comes next.*post_remission +TRANSPLANT .*given remission is COMPLETE.*: met.*by way of .*mrd_response AT_OR_ABOVE_CUT_OFF by case\.mrd\[1\]", ukall);
        Assert.Contains("between protocols, post_remission", text, StringComparison.Ordinal);
        Assert.Contains("what is missing, what comes next hangs on first", text, StringComparison.Ordinal);
        Assert.Contains("[1] Fuster JL", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT COMPLETE", text, StringComparison.Ordinal);
    }

    /// <summary>What a clinician must not be without: the facts that cannot all be true, and every warning.</summary>
    [Fact]
    public async Task It_prints_which_facts_contradict_each_other_what_is_warned_of_and_what_stands_beside()
    {
        Assert.Equal(0, await Run(server, "examples/contradictory-dates.json", "examples/early-isolated-marrow.json"));
        var text = _output.ToString();
        Assert.Matches(@"timing +inconsistent\n +against case\.timing\.", text);
        Assert.Contains("warning HISTORICAL_PROTOCOL: ", text, StringComparison.Ordinal);
        Assert.Matches(@"(?s)beside the conclusions, changing none\n  (adverse|favourable|disputed|neutral)", text);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_said_to_be()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        var held = Path.Combine(folder.Path, "held.json");
        await using var holding = new FileStream(held, FileMode.Create, FileAccess.Write, FileShare.None);
        Assert.Equal(1, await Run(server, held));
        Assert.Contains($"{held} cannot be read", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_refused_does_not_end_the_rest_and_shows_in_the_code()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        var faulty = Path.Combine(folder.Path, "faulty.json");
        await File.WriteAllTextAsync(faulty, """{"case": {"marrow": {"blastsPercent": 140}}}""", TestContext.Current.CancellationToken);
        Assert.Equal(1, await Run(server, faulty, "examples/early-isolated-marrow.json", "--json"));
        Assert.Contains("case.marrow.blasts_percent", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("[2/2]", _error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("{\"protocols\":", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assessment_that_lacks_a_part_says_so_and_ends_with_three()
    {
        await using var alone = new RelapseServer { Arguments = ["--RELAPSE_SERVICE_OUTCOME_GRPC=http://127.0.0.1:9"] };
        await alone.InitializeAsync();
        Assert.Equal(3, await Run(alone, "examples/early-isolated-marrow.json"));
        Assert.Contains("NOT COMPLETE: outcome could not be had", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_answers_it_says_what_starts_it()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var nobody = new Uri("http://" + listener.LocalEndpoint);
        listener.Stop();
        using var http = new HttpClient();
        Assert.Equal(1, await AssessCommand.Run(http, new AssessQuestion(nobody, nobody, [Path.Combine(Repository.Root, "examples/early-isolated-marrow.json")], [], AsJson: false), _output, _error));
        Assert.Contains("./relapse up starts it", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_say_nothing_that_can_be_done_are_none()
    {
        Assert.Null(AssessCommand.Parse([], Standard, Standard));
        Assert.Null(AssessCommand.Parse(["a.json", "--loud"], Standard, Standard));
        Assert.Null(AssessCommand.Parse(["a.json", "--url"], Standard, Standard));
        var asked = AssessCommand.Parse(["a.json", "--json", "--url", "http://there:1", "b.json"], Standard, Standard)!;
        Assert.Equal((new Uri("http://there:1"), true), (asked.Service, asked.AsJson));
        Assert.Equal(["a.json", "b.json"], asked.Files);
    }

    private Task<int> Run(RelapseServer at, params string[] words)
    {
        var asked = AssessCommand.Parse([.. words, "--url", at.Http.BaseAddress!.ToString(), "--grpc-url", at.GrpcAddress.ToString()], Standard, Standard)!;
        return AssessCommand.Run(at.Http, asked with { Files = [.. asked.Files.Select(file => Path.Combine(Repository.Root, file))] }, _output, _error);
    }
}
