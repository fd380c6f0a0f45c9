using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;
using Relapse.Tests.Edge;
using Relapse.Tests.Gateway;

namespace Relapse.Tests.Hosting;

/// <summary>What services call each other over, and follow the registry by: a name with several addresses.</summary>
public sealed class ServiceChannelTests
{
    private const string Name = "replicas.invalid";

    private static readonly IPAddress Here = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress There = IPAddress.Parse("127.0.0.3");

    private volatile IPAddress[] _addresses = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_take_turns_over_every_replica()
    {
        await using var one = await Backend.Start(at: Here);
        await using var other = await Backend.Start(new Uri(one.HttpAddress).Port, new Uri(one.GrpcAddress).Port, There);
        _addresses = [Here, There];
        using var channel = To(one);
        await LimitsTests.WaitUntil(async () =>
        {
            await CallAsync(channel, 1);
            return one.Witness.Calls > 0 && other.Witness.Calls > 0;
        });
        var before = (one.Witness.Calls, other.Witness.Calls);
        await CallAsync(channel, 20);
        Assert.Equal((before.Item1 + 10, before.Item2 + 10), (one.Witness.Calls, other.Witness.Calls));
    }

    [Fact]
    public async Task Calls_follow_replicas_that_come_and_go_and_a_stream_stays_where_it_is()
    {
        await using var one = await Backend.Start(at: Here);
        await using var other = await Backend.Start(new Uri(one.HttpAddress).Port, new Uri(one.GrpcAddress).Port, There);
        _addresses = [Here];
        using var channel = To(one);
        await CallAsync(channel, 5);
        Assert.Equal((5, 0), (one.Witness.Calls, other.Witness.Calls));
        using var stream = channel.CreateCallInvoker().AsyncDuplexStreamingCall(StreamProbeBase.EchoMethod, null, new CallOptions(cancellationToken: Cancel));
        await EchoAsync(stream);

        _addresses = [Here, There];
        await LimitsTests.WaitUntil(async () =>
        {
            await CallAsync(channel, 1);
            return other.Witness.Calls > 0;
        });
        await EchoAsync(stream);

        _addresses = [There];
        var seen = -1;
        await LimitsTests.WaitUntil(async () =>
        {
            seen = one.Witness.Calls;
            await CallAsync(channel, 10);
            return one.Witness.Calls == seen;
        });
        await EchoAsync(stream);

        // Gone for a moment, as far as the name servers know.
        _addresses = [];
        await Task.Delay(300, Cancel);
        await CallAsync(channel, 5);
        Assert.Equal(seen, one.Witness.Calls);
    }

    [Fact]
    public async Task A_name_that_is_not_found_yet_is_unavailable_and_found_once_it_is_there()
    {
        await using var backend = await Backend.Start(at: Here);
        using var channel = To(backend);
        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, 1));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        _addresses = [Here];
        await LimitsTests.WaitUntil(async () =>
        {
            try
            {
                await CallAsync(channel, 1);
                return true;
            }
            catch (RpcException still) when (still.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        });
    }

    /// <summary>A certificate is for the name, and so is a virtual host; the address is nobody's.</summary>
    [Fact]
    public async Task A_replica_is_called_by_the_name()
    {
        await using var backend = await Backend.Start(at: Here);
        _addresses = [Here];
        using var channel = To(backend);
        await CallAsync(channel, 1);
        Assert.Equal($"{Name}:{new Uri(backend.GrpcAddress).Port}", backend.Witness.Host);
    }

    [Fact]
    public async Task An_address_of_one_process_is_called_as_it_is()
    {
        await using var backend = await Backend.Start(at: Here);
        using var channel = new ServiceChannels(LookUp).Open(new Uri(backend.GrpcAddress), new GrpcChannelOptions());
        await CallAsync(channel, 3);
        Assert.Equal(3, backend.Witness.Calls);
    }

    private GrpcChannel To(Backend backend) => new ServiceChannels(LookUp, new HurriedClock(times: 50))
        .Open(new Uri($"http://{Name}:{new Uri(backend.GrpcAddress).Port}"), new GrpcChannelOptions());

    private Task<IPAddress[]> LookUp(string host, CancellationToken cancellation)
    {
        Assert.Equal(Name, host);
        return _addresses is { Length: > 0 } found ? Task.FromResult(found) : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    private static async Task CallAsync(GrpcChannel channel, int times)
    {
        var client = new ClassificationService.ClassificationServiceClient(channel);
        for (var call = 0; call < times; call++)
        {
            await client.ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: Cancel);
        }
    }

    private static async Task EchoAsync(AsyncDuplexStreamingCall<byte[], byte[]> stream)
    {
        await stream.RequestStream.WriteAsync([1], Cancel);
        Assert.True(await stream.ResponseStream.MoveNext(Cancel));
    }
}
