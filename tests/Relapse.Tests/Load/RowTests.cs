using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task The_service_and_its_echo_answer_every_call_alike()
    {
        var opponents = await Opponents();
        var rows = (await UnaryRows.MeasureAsync(opponents, Glance)).Append(await CohortRow.MeasureAsync(opponents, Glance)).ToList();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(Failed, row.Measured, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_has_cohorts_is_measured_by_them()
    {
        var opponents = await Opponents();
        using var channel = GrpcChannel.ForAddress(opponents.Echo.Grpc, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var answers = await AnswerBook.AskAsync(channel, opponents.Pool);
        Assert.True(answers.CohortServed);
        Assert.Equal(opponents.Pool.CohortChunks().Count, answers.Cohort.Count);

        // The echo has them: here it is the service too.
        var row = await CohortRow.MeasureAsync(opponents with { Service = opponents.Echo, Answers = answers }, Glance);
        Assert.DoesNotContain(Failed, row.Measured, StringComparison.Ordinal);
        Assert.NotEqual(Verdict.NotMeasured, row.Verdict);
    }

    [Fact]
    public async Task The_gateway_and_the_bare_proxy_pass_on_every_call()
    {
        var opponents = await Opponents();
        await using var proxy = BareProxy.Build(opponents.Echo.Http, opponents.Echo.Grpc, 0, 0);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        await using var gateway = await GatewayProcess.Before(
            [$"RELAPSE_SERVICE_CLASSIFICATION_GRPC={opponents.Echo.Grpc}", $"RELAPSE_SERVICE_CLASSIFICATION_HTTP={opponents.Echo.Http}"]);
        var rows = await GatewayRows.MeasureAsync(
            opponents, new Address(gateway.Http.BaseAddress!, new Uri("http://" + gateway.Channel.Target), null), Of(proxy), Glance);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.DoesNotContain(Failed, row.Measured, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_is_another_than_before_is_a_failed_call_and_its_row_does_not_hold()
    {
        var opponents = await Opponents(book => book.Unary[7].CaseRef += "?");
        var rows = await UnaryRows.MeasureAsync(opponents with { Answers = await Ask() }, Glance);
        Assert.All(rows, row => Assert.Contains(Failed, row.Measured, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal(Verdict.NotHeld, row.Verdict));
    }

    [Fact]
    public async Task The_cases_are_all_different_and_all_answered()
    {
        var pool = CasePool.Draw();
        Assert.Equal(CasePool.Count, pool.Requests.Count);
        Assert.Equal(CasePool.Count, (await Ask()).Unary.Select(answer => answer.Receipts.Single().RequestDigest).Distinct(StringComparer.Ordinal).Count());
        Assert.All(pool.CohortChunks(), chunk => Assert.Equal(CasePool.Count, chunk.Items.Select(item => item.Case.CaseRef).Distinct(StringComparer.Ordinal).Count()));
    }

    private static Address Of(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return new Address(new Uri(addresses[0]), new Uri(addresses[1]), null);
    }

    private async Task<Opponents> Opponents(Action<AnswerBook>? spoil = null)
    {
        var answers = await Ask();
        var echoed = answers;
        spoil?.Invoke(echoed);

        // Through the file, as the echo of another process gets it.
        var path = Path.GetTempFileName();
        echoed.Save(path);
        _echo = EchoServer.Build(
            AnswerBook.Read(path),
            ["--RELAPSE_BIND=127.0.0.1", "--RELAPSE_HTTP_PORT=0", "--RELAPSE_GRPC_PORT=0", "--Logging:Console:LogLevel:Default=None"]);
        File.Delete(path);
        await _echo.StartAsync(TestContext.Current.CancellationToken);
        return new Opponents(Service, Of(_echo), CasePool.Draw(), answers);
    }

    private async Task<AnswerBook> Ask()
    {
        using var channel = GrpcChannel.ForAddress(server.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        return await AnswerBook.AskAsync(channel, CasePool.Draw());
    }
}
