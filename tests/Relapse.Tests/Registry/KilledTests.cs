using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

public sealed class SqliteKilledTests : KilledTests
{
    private protected override Task<Engine> EngineAsync() => Engine.SqliteAsync();
}

public sealed class PostgresKilledTests(PostgresServer server) : KilledTests
{
    private protected override Task<Engine> EngineAsync() => Engine.PostgresAsync(server);
}

/// <summary>
/// The process killed (-9) while it publishes and moves labels, and started again: every version is whole or absent, every
/// label stands on one, its history is unbroken, and nothing that a caller heard of is lost.
/// </summary>
public abstract class KilledTests
{
    private static readonly SmallProtocol Small = new("killed", "0");
    private static readonly string Label = $"protocols/{Small.Id}/labels/current";

    private readonly ConcurrentDictionary<string, SmallProtocol> _published = new();
    private readonly ConcurrentQueue<Label> _moves = new();
    private readonly HashSet<string> _foundWhole = new(StringComparer.Ordinal);
    private int _next;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<Engine> EngineAsync();

    [Fact]
    public Task Four_kills_leave_every_version_whole_or_absent_and_every_label_valid() => KillAsync(4);

    [Fact]
    [Trait("Long", "true")]
    public Task Hundreds_of_kills_do_neither() => KillAsync(300);

    private async Task KillAsync(int times)
    {
        using var engine = await EngineAsync();
        for (var time = 0; time < times; time++)
        {
            using var server = await RegistryProcess.StartAsync(engine);
            await CheckAsync(server.Client, again: false);
            using var ended = new CancellationTokenSource();
            var writers = new[] { WriteAsync(server.Client, ended.Token), WriteAsync(server.Client, ended.Token), MoveAsync(server.Client, ended.Token) };
            // A process that was just started has not certified anything yet: its first version takes it longer than those after it.
            for (var (versions, moves) = (_published.Count, _moves.Count); (_published.Count == versions || _moves.Count == moves) && !writers.Any(writer => writer.IsCompleted);)
            {
                await Task.Delay(5, Cancel);
            }

            await Task.Delay(RandomNumberGenerator.GetInt32(5, 250), Cancel);
            server.Kill();
            await ended.CancelAsync();
            await Task.WhenAll(writers);
        }

        using (var last = await RegistryProcess.StartAsync(engine))
        {
            await CheckAsync(last.Client, again: true);
            last.Kill();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{times} kills, {_published.Count} versions and {_moves.Count} moves of which a caller heard");
        // The kills hit something: a run in which nothing was written shows nothing.
        Assert.True(_published.Count > times / 2, $"{_published.Count} versions were published");
        Assert.NotEmpty(_moves);
    }

    /// <param name="client">The registry, just started.</param>
    /// <param name="again">Whether to look also into versions that were found whole before; documents do not change, so that this is for the end.</param>
    private async Task CheckAsync(RegistryService.RegistryServiceClient client, bool again)
    {
        if (_published.IsEmpty)
        {
            return;
        }

        var versions = await AllAsync(client);
        Assert.Empty(_published.Keys.Except(versions.Select(version => version.Name)));
        foreach (var version in versions.Where(version => _foundWhole.Add(version.Name) || again))
        {
            var whole = (await client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = version.Name, WithCases = true }, cancellationToken: Cancel)).Version;
            Assert.Equal(version.Digest, Convert.ToHexStringLower(SHA256.HashData(whole.Yaml.Span)));
            Assert.Equal(version.CasesDigest, Convert.ToHexStringLower(SHA256.HashData(whole.CasesYaml.Span)));
            Assert.Equal(SmallProtocol.Cases, whole.CasesYaml.ToStringUtf8());
            Assert.Equal(version.Name, $"protocols/{whole.Document.Id}/versions/{whole.Document.Version}");
        }

        Assert.Equal(versions.Count, versions.Select(version => version.Name).Distinct().Count());
        if (!_moves.IsEmpty)
        {
            await CheckLabelAsync(client, versions);
        }
    }

    private async Task CheckLabelAsync(RegistryService.RegistryServiceClient client, List<ProtocolVersion> versions)
    {
        var history = await HistoryAsync(client);
        Assert.Equal(history[0], (await client.ResolveLabelAsync(new ResolveLabelRequest { Name = Label }, cancellationToken: Cancel)).Label);
        Assert.Equal(history.Select(move => move.Revision).OrderDescending(), history.Select(move => move.Revision));
        Assert.All(history, move => Assert.Contains(versions, version => version.Name == move.Version));
        Assert.Empty(_moves.Except(history));
    }

    private static async Task<List<Label>> HistoryAsync(RegistryService.RegistryServiceClient client)
    {
        var (all, token) = (new List<Label>(), "");
        do
        {
            var page = await client.ListLabelHistoryAsync(new ListLabelHistoryRequest { Name = Label, PageSize = 1000, PageToken = token }, cancellationToken: Cancel);
            all.AddRange(page.Moves);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return all;
    }

    private static async Task<List<ProtocolVersion>> AllAsync(RegistryService.RegistryServiceClient client)
    {
        var (all, token) = (new List<ProtocolVersion>(), "");
        do
        {
            var page = await client.ListProtocolVersionsAsync(new ListProtocolVersionsRequest { Parent = "protocols/" + Small.Id, PageSize = 1000, PageToken = token }, cancellationToken: Cancel);
            all.AddRange(page.Versions);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return all;
    }

    private async Task WriteAsync(RegistryService.RegistryServiceClient client, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            var small = Small with { Version = Interlocked.Increment(ref _next).ToString(System.Globalization.CultureInfo.InvariantCulture) };
            try
            {
                var answer = await client.PublishProtocolVersionAsync(small.Publish(), cancellationToken: Cancel);
                _published[answer.Version.Name] = small;
            }
            catch (RpcException error)
            {
                // It is gone: nothing was heard, so the version may be there or not.
                Assert.Contains(error.StatusCode, Gone);
                return;
            }
        }
    }

    private async Task MoveAsync(RegistryService.RegistryServiceClient client, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                if (_published.Keys.FirstOrDefault() is { } any)
                {
                    var etag = await EtagAsync(client);
                    _moves.Enqueue((await client.MoveLabelAsync(new MoveLabelRequest { Name = Label, Version = any, Etag = etag }, cancellationToken: Cancel)).Label);
                }
                else
                {
                    await Task.Delay(5, Cancel);
                }
            }
            catch (RpcException error)
            {
                Assert.Contains(error.StatusCode, Gone);
                return;
            }
        }
    }

    private static readonly StatusCode[] Gone = [StatusCode.Unavailable, StatusCode.Internal, StatusCode.Cancelled, StatusCode.Unknown];

    private static async Task<string> EtagAsync(RegistryService.RegistryServiceClient client)
    {
        try
        {
            return (await client.ResolveLabelAsync(new ResolveLabelRequest { Name = Label }, cancellationToken: Cancel)).Label.Etag;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
        {
            return "";
        }
    }
}
