using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Load.Measuring;
using Relapse.Load.Rows;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;
using Relapse.Tests.Gateway;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Load;

/// <summary>
/// Every row for which servers are put under load, for a second and in one process, so that the load cannot rot. What is
/// measured here says nothing and is not looked at; that no call failed is.
/// </summary>
public sealed class RowTests(RelapseServer server) : IClassFixture<RelapseServer>, IAsyncDisposable
{
    private const string Failed = "calls failed";

    private static readonly Pace Glance = new(1, 1, TimeSpan.FromSeconds(0.2));

    private WebApplication? _echo;

    private Address Service => new(server.Http.BaseAddress!, server.GrpcAddress, null);

    public async ValueTask DisposeAsync()
    {
        if (_echo is not null)
        {
            await _echo.DisposeAsync();
        }

        server.AssertNoErrorsLogged();
    }

    [Theory]
    [InlineData("all facts known")]
    [InlineData("the named examples (many of them partly known)")]
    public async Task The_service_and_its_echo_answer_every_call_alike(string pool)
    {
        var opponents = await Opponents(CasePool.All.Single(one => one.Name == pool));
        var rows = (await UnaryRows.MeasureAsync(opponents, Glance)).Append(await CohortRow.MeasureAsync(opponents, Glance)).ToList();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(Failed, row.Measured, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Contains(pool, row.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_answer_to_a_chunk_is_compared_message_by_message()
    {
        var pool = CasePool.Examples();
        var answers = await Ask(pool);
        Assert.All(answers.Cohort, messages => Assert.Equal(CasePool.Count, messages.Sum(message => message.Results.Count)));
        // As the service would send the answers were they longer.
        var split = answers with
        {
            Cohort = [.. answers.Cohort.Select(messages => messages.SelectMany(message => message.Results).Chunk(100).Select(results => new ClassifyCohortResponse { Results = { results } }).ToList())],
        };
        var opponents = await Opponents(pool, split);
        var echo = opponents with { Service = opponents.Echo };
        Assert.DoesNotContain(Failed, (await CohortRow.MeasureAsync(echo, Glance)).Measured, StringComparison.Ordinal);

        split.Cohort[1][2].Results[^1].ItemId += "?";
        Assert.Contains(Failed, (await CohortRow.MeasureAsync(echo with { Answers = split }, Glance)).Measured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_and_the_bare_proxy_pass_on_every_call()
    {
        var opponents = await Opponents(CasePool.Examples());
        await using var proxy = BareProxy.Build(opponents.Echo.Http, opponents.Echo.Grpc, 0, 0);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        using var issuer = new TokenIssuer();
        await using var gateway = await GatewayProcess.Before(
            [$"RELAPSE_SERVICE_CLASSIFICATION_GRPC={opponents.Echo.Grpc}", $"RELAPSE_SERVICE_CLASSIFICATION_HTTP={opponents.Echo.Http}"],
            [.. issuer.Settings.Select(setting => $"{setting.Name}={setting.Value}")]);
        var rows = await GatewayRows.MeasureAsync(
            opponents, new Address(gateway.Http.BaseAddress!, new Uri("http://" + gateway.Channel.Target), null), Of(proxy), issuer.Bearer, Glance);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(Failed, row.Measured, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_is_another_than_before_is_a_failed_call_and_its_row_does_not_hold()
    {
        var pool = CasePool.Examples();
        var answers = await Ask(pool);
        answers.Unary[7].CaseRef += "?";
        var rows = await UnaryRows.MeasureAsync(await Opponents(pool, answers) with { Answers = await Ask(pool) }, Glance);
        Assert.All(rows, row => Assert.Contains(Failed, row.Measured, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal(Verdict.NotHeld, row.Verdict));
    }

    [Fact]
    public async Task The_cases_are_all_different_and_all_answered()
    {
        foreach (var pool in CasePool.All)
        {
            Assert.Equal(CasePool.Count, pool.Requests.Count);
            Assert.Equal(CasePool.Count, (await Ask(pool)).Unary.Select(answer => answer.Receipts.Single().RequestDigest).Distinct(StringComparer.Ordinal).Count());
            Assert.All(pool.CohortChunks(), chunk => Assert.Equal(CasePool.Count, chunk.Items.Select(item => item.Case.CaseRef).Distinct(StringComparer.Ordinal).Count()));
        }
    }

    [Fact]
    public async Task Of_the_cases_called_known_nothing_is_missing_and_of_many_examples_something_is()
    {
        Assert.All((await Ask(CasePool.Known())).Unary.SelectMany(answer => answer.Decisions), decision =>
        {
            Assert.Empty(decision.Missing);
            Assert.Contains(decision.Outcome, new[] { Outcome.Determined, Outcome.Conditional });
        });
        var open = (await Ask(CasePool.Examples())).Unary.Count(answer => answer.Decisions.Any(decision => decision.Missing.Count > 0));
        Assert.InRange(open, CasePool.Count / 3, CasePool.Count);
    }

    [Fact]
    public async Task The_whole_case_and_the_cohort_are_measured_over_answers_that_lack_nothing()
    {
        using var channel = GrpcChannel.ForAddress(server.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var rows = await AssessCaseRow.MeasureAsync(channel, CasePool.Examples(), 0, 1);
        Assert.Equal(["by ClassifyRelapse", "by EstimateOutcome"], rows.Select(row => row.What[row.What.IndexOf("by ", StringComparison.Ordinal)..].Split(' ', ',') is [var by, var rpc, ..] ? $"{by} {rpc}" : ""));

        var (heaviest, refused) = await AssessCohortRows.RunAsync(channel, 300, () => 7);
        Assert.Equal((7, 0), (heaviest, refused));
    }

    private static Address Of(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return new Address(new Uri(addresses[0]), new Uri(addresses[1]), null);
    }

    private async Task<Opponents> Opponents(CasePool pool, AnswerBook? echoed = null)
    {
        var answers = echoed ?? await Ask(pool);

        // Through the file, as the echo of another process gets it.
        var path = Path.GetTempFileName();
        answers.Save(path);
        _echo = EchoServer.Build(
            [AnswerBook.Read(path)],
            ["--RELAPSE_BIND=127.0.0.1", "--RELAPSE_HTTP_PORT=0", "--RELAPSE_GRPC_PORT=0", "--Logging:Console:LogLevel:Default=None"]);
        File.Delete(path);
        await _echo.StartAsync(TestContext.Current.CancellationToken);
        return new Opponents(Service, Of(_echo), pool, answers);
    }

    private async Task<AnswerBook> Ask(CasePool pool)
    {
        using var channel = GrpcChannel.ForAddress(server.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        return await AnswerBook.AskAsync(channel, pool);
    }
}
