using System.Diagnostics;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.House;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Cli;

/// <summary>`relapse protocol publish` as an author runs it: the program itself, a token in its environment, a registry that asks for one.</summary>
public sealed class ProtocolPublishTests : IClassFixture<SqliteHouse>, IDisposable
{
    private readonly RegistryHouse _house;
    private readonly SmallProtocol _small = RegistryHouse.Fresh();
    private readonly string _folder = Directory.CreateTempSubdirectory("relapse-author-").FullName;

    public ProtocolPublishTests(SqliteHouse house)
    {
        _house = house;
        Save(_small.Yaml);
        File.WriteAllText(Path.Combine(_folder, "cases.yaml"), SmallProtocol.Cases);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task A_version_is_checked_then_published_then_published_already_and_only_the_second_stores_it()
    {
        var would = await RunAsync("north", "--validate-only");
        Assert.Equal((0, "could be published"), (would.Code, Said(would)));
        Assert.Equal((Grpc.Core.StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => _house.As("north", "gRPC").Get(_small.Name)));

        var first = await RunAsync("north");
        Assert.Equal((0, "published"), (first.Code, Said(first)));
        var stored = await _house.As("north", "gRPC").Get(_small.Name);
        Assert.Equal((_small.Yaml, "north", false), (stored.Yaml.ToStringUtf8(), stored.Centre, stored.Shared));
        Assert.EndsWith($"SHA-256 {stored.Digest}", first.Output.TrimEnd(), StringComparison.Ordinal);

        var again = await RunAsync("north");
        Assert.Equal((0, "is published already"), (again.Code, Said(again)));
    }

    [Fact]
    public async Task What_is_published_as_shared_is_seen_by_other_centres()
    {
        Assert.Equal(0, (await RunAsync("north", "--shared")).Code);
        Assert.True((await _house.As("south", "gRPC").Get(_small.Name)).Shared);
    }

    [Fact]
    public async Task Json_is_the_answer_itself()
    {
        var answer = await RunAsync("north", "--json");
        Assert.Equal(_small.Name, PublishProtocolVersionResponse.Parser.ParseJson(answer.Output).Version.Name);
    }

    [Fact]
    public async Task Faults_are_printed_with_line_and_column_and_nothing_is_stored()
    {
        var faulty = _small.Yaml.Replace("then: HIGH", "then: HIGHEST", StringComparison.Ordinal);
        Save(faulty);
        var line = 1 + faulty[..faulty.IndexOf("then: HIGHEST", StringComparison.Ordinal)].Count(character => character == '\n');

        var refused = await RunAsync("north");

        Assert.Equal(3, refused.Code);
        Assert.Contains($"protocol_yaml: protocol.yaml:{line}:9: INVALID decisions.risk_group.rules[1].then: 'HIGHEST' is not a conclusion", refused.Error, StringComparison.Ordinal);
        Assert.Equal((Grpc.Core.StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => _house.As("north", "gRPC").Get(_small.Name)));
    }

    [Fact]
    public async Task Other_bytes_and_another_centre_are_refused_in_words()
    {
        Assert.Equal(0, (await RunAsync("north")).Code);
        var south = await RunAsync("south");
        Assert.Equal((3, true), (south.Code, south.Error.Contains("another centre's protocol", StringComparison.Ordinal)));

        Save(_small.Yaml + "\n# Another byte.\n");
        var other = await RunAsync("north");
        Assert.Equal((3, true), (other.Code, other.Error.Contains("a version never changes", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_token_or_its_scope_nothing_is_published()
    {
        var without = await PublishAsync(token: null);
        Assert.Equal((3, true), (without.Code, without.Error.Contains("No token", StringComparison.Ordinal)));
        var reader = await PublishAsync(_house.Token("north", "relapse.read"));
        Assert.Equal((3, true), (reader.Code, reader.Error.Contains("relapse.publish", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_case_is_asked_about_with_the_same_token()
    {
        var example = Path.Combine(Repository.Root, "examples", "early-isolated-marrow.json");
        Assert.Equal(1, (await ClientAsync(token: null, "classify", example)).Code);
        var answered = await ClientAsync(_house.Token("north", "relapse.read"), "classify", example);
        Assert.Equal((0, ""), (answered.Code, answered.Error));
    }

    private static string Said((int Code, string Output, string Error) run) =>
        run.Output.Split(": ", 2)[^1].Split(';')[0];

    private Task<(int Code, string Output, string Error)> RunAsync(string centre, params string[] more) => PublishAsync(_house.Token(centre), more);

    private Task<(int Code, string Output, string Error)> PublishAsync(string? token, params string[] more) => ClientAsync(token, ["protocol", "publish", _folder, .. more]);

    private async Task<(int Code, string Output, string Error)> ClientAsync(string? token, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Relapse.Cli.dll"), .. arguments, "--url", $"{_house.Server.Http.BaseAddress}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("RELAPSE_TOKEN");
        if (token is not null)
        {
            start.Environment.Add("RELAPSE_TOKEN", token);
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private void Save(string yaml) => File.WriteAllText(Path.Combine(_folder, "protocol.yaml"), yaml);
}
