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
        // On a busy machine it may come before the call does.
        Assert.InRange(server.Calls, 0, 1);
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

    [Theory]
    [InlineData(Cut.Calm, StatusCode.ResourceExhausted)]
    [InlineData(Cut.Unsafe, StatusCode.PermissionDenied)]
    public async Task Who_asks_for_less_or_refuses_is_not_asked_again(Cut cut, StatusCode said)
    {
        await using var server = await new CuttingServer(cut, times: int.MaxValue).StartAsync();
        await using var provider = Register(server);
        Assert.Equal(said, (await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, Cancel))).StatusCode);
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task A_line_whose_TLS_is_refused_is_not_made_again()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: 0).StartAsync();
        await using var provider = Register(server, options => options.Address = new UriBuilder(server.Address) { Scheme = Uri.UriSchemeHttps }.Uri);
        Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, Cancel))).StatusCode);
        Assert.Equal((1, 0), (server.Connections, server.Calls));
    }

    /// <summary>What <see cref="RelapseClientOptions.Retry"/> says: five attempts of the channel's, three times.</summary>
    [Fact]
    public async Task A_call_is_sent_fifteen_times_at_most()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: int.MaxValue) { UnavailableBefore = 4 }.StartAsync();
        await using var provider = Register(server);
        await Assert.ThrowsAsync<RpcException>(async () => await Ask(provider, Cancel));
        Assert.Equal(15, server.Calls);
    }

    [Fact]
    public async Task A_call_that_is_disposed_of_while_it_waits_is_not_sent_again()
    {
        await using var server = await new CuttingServer(Cut.Reset, times: 1).StartAsync();
        var time = new StillTime();
        var sent = new Sent();
        await using var provider = Register(server, time: time, sent: sent);
        var call = Ask(provider, Cancel);
        await time.Waits.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        call.Dispose();
        time.Pass();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal(1, sent.Requests);
    }

    private static ServiceProvider Register(CuttingServer server, Action<RelapseClientOptions>? configure = null, TimeProvider? time = null, Sent? sent = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        var client = services.AddRelapseClient(options =>
        {
            options.Address = server.Address;
            configure?.Invoke(options);
        });
        if (sent is not null)
        {
            client.AddHttpMessageHandler(() => sent);
        }

        return services.BuildServiceProvider();
    }

    private static AsyncUnaryCall<ClassifyRelapseResponse> Ask(ServiceProvider provider, CancellationToken caller) =>
        provider.GetRequiredService<RelapseClient>().Classification.ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: caller);

    /// <summary>Counts what goes to the line.</summary>
    private sealed class Sent : DelegatingHandler
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Whoever waits by it waits until told otherwise.</summary>
    private sealed class StillTime : TimeProvider
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action _pass = () => { };

        public Task Waits => _waits.Task;

        public void Pass() => _pass();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _pass = () => callback(state);
            var timer = base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _waits.TrySetResult();
            return timer;
        }
    }
}
