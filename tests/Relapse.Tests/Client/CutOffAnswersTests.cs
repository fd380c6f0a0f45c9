using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Tests.Client;

/// <summary>A server that is killed while it answers: what a retry of gRPC does not retry.</summary>
public sealed class CutOffAnswersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Cut.Reset)]
    [InlineData(Cut.Trailers)]
    [InlineData(Cut.Line)]
    [InlineData(Cut.LineBefore)]
    public async Task An_answer_that_is_cut_off_is_asked_for_again(Cut cut)
    {
        await using var server = await new CuttingServer(cut, times: 2).StartAsync();
        await using var provider = Register(server);
        using var call = Ask(provider, Cancel);
        Assert.Equal(CuttingServer.Whole, await call);
        Assert.Equal((3, StatusCode.OK), (server.Calls, call.GetStatus().StatusCode));
        Assert.NotNull(await call.ResponseHeadersAsync);
    }

    /// <summary>Else the tests above would hold without what they test.</summary>
    [Theory]
    [InlineData(Cut.Reset)]
    [InlineData(Cut.Trailers)]
    [InlineData(Cut.Line)]
    public async Task The_channels_own_retries_do_not_ask_again(Cut cut)
    {
        await using var server = await new CuttingServer(cut, times: 1).StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { ServiceConfig = PublishedServiceConfig.Read() });
        await Assert.ThrowsAsync<RpcException>(async () => await new ClassificationService.ClassificationServiceClient(channel).ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: Cancel));
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task A_call_that_blocks_is_too()
    {
        await using var server = await new CuttingServer(Cut.Line, times: 1).StartAsync();
        await using var provider = Register(server);
        Assert.Equal(CuttingServer.Whole, await Task.Run(() => provider.GetRequiredService<RelapseClient>().Classification.ClassifyRelapse(new ClassifyRelapseRequest(), cancellationToken: Cancel), Cancel));
        Assert.Equal(2, server.Calls);
    }

    [Fact]
    public async Task It_is_given_up_after_the_third()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: int.MaxValue).StartAsync();
        await using var provider = Register(server);
        await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, Cancel));
        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task A_label_is_moved_once()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: 1).StartAsync();
        await using var provider = Register(server);
        await Assert.ThrowsAsync<RpcException>(async () => await provider.GetRequiredService<RelapseClient>().Registry.MoveLabelAsync(new MoveLabelRequest(), cancellationToken: Cancel));
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task Without_retries_nothing_is_asked_again()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: 1).StartAsync();
        await using var provider = Register(server, options => options.Retry = false);
        await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, Cancel));
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task There_is_no_time_for_it_when_the_deadline_comes_first()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: int.MaxValue).StartAsync();
        await using var provider = Register(server, options => options.Deadline = TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, Cancel));
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task A_caller_who_goes_while_it_waits_is_not_kept()
    {
        using var caller = new CancellationTokenSource();
        await using var server = await new CuttingServer(Cut.Reset, times: int.MaxValue) { WhenCut = () => caller.CancelAfter(TimeSpan.FromMilliseconds(30)) }.StartAsync();
        await using var provider = Register(server);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, caller.Token))).StatusCode);
        Assert.Equal(1, server.Calls);
    }

    private static ServiceProvider Register(CuttingServer server, Action<RelapseClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddRelapseClient(options =>
        {
            options.Address = server.Address;
            configure?.Invoke(options);
        });
        return services.BuildServiceProvider();
    }

    private static AsyncUnaryCall<ClassifyRelapseResponse> Ask(ServiceProvider provider, CancellationToken caller) =>
        provider.GetRequiredService<RelapseClient>().Classification.ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: caller);
}
