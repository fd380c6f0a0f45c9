using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Contracts.Classification.V1;
using Relapse.Edge;
using Relapse.Gateway;
using Relapse.Tests.Edge;
using Relapse.Tests.Hosting;
using Yarp.ReverseProxy;

namespace Relapse.Tests.Gateway;

/// <summary>A name with several addresses, as a headless Service has: each replica at an address of its own and the same ports.</summary>
public sealed class ReplicasThroughGatewayTests
{
    private const string Name = "replicas.invalid";

    private static readonly IPAddress Here = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress There = IPAddress.Parse("127.0.0.3");

    private IPAddress[] _addresses = [];
    private int _lookUps;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_are_spread_over_every_replica()
    {
        await using var one = await Backend.Start(at: Here);
        await using var other = await Backend.Start(new Uri(one.HttpAddress).Port, new Uri(one.GrpcAddress).Port, There);
        _addresses = [Here, There];
        await using var gateway = await BeforeAsync(one);
        await CallAsync(gateway, 100);
        Assert.InRange(one.Witness.Calls, 20, 80);
        Assert.Equal(100, one.Witness.Calls + other.Witness.Calls);
    }

    [Fact]
    public async Task Calls_follow_replicas_that_come_and_go_and_a_stream_stays_where_it_is()
    {
        await using var one = await Backend.Start(at: Here);
        await using var other = await Backend.Start(new Uri(one.HttpAddress).Port, new Uri(one.GrpcAddress).Port, There);
        _addresses = [Here];
        await using var gateway = await BeforeAsync(one);
        await CallAsync(gateway, 20);
        Assert.Equal((20, 0), (one.Witness.Calls, other.Witness.Calls));

        using var stream = gateway.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(StreamProbeBase.EchoMethod, null, new CallOptions(cancellationToken: Cancel));
        await EchoAsync(stream);
        _addresses = [Here, There];
        await CallUntilAsync(gateway, () => other.Witness.Calls > 0);
        await EchoAsync(stream);

        _addresses = [There];
        await LimitsTests.WaitUntil(() => Task.FromResult(Replicas(gateway) is [var left] && left.Contains($"{There}", StringComparison.Ordinal)));
        var before = one.Witness.Calls;
        await CallAsync(gateway, 20);
        Assert.Equal(before, one.Witness.Calls);
        await EchoAsync(stream);
    }

    /// <summary>Killed, and still in the name until the name servers have heard of it.</summary>
    [Fact]
    public async Task A_replica_that_cannot_be_reached_is_set_aside_after_one_call()
    {
        await using var one = await Backend.Start(at: Here);
        await using var other = await Backend.Start(new Uri(one.HttpAddress).Port, new Uri(one.GrpcAddress).Port, There);
        _addresses = [Here, There];
        await using var gateway = await BeforeAsync(one);
        await CallAsync(gateway, 20);
        await one.Kill();
        var failed = 0;
        for (var call = 0; call < 50; call++)
        {
            try
            {
                await CallAsync(gateway, 1);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
            {
                failed++;
            }
        }

        Assert.InRange(failed, 0, 5);
    }

    [Fact]
    public async Task A_name_that_is_not_found_is_unavailable_and_keeps_nobody_from_starting()
    {
        await using var backend = await Backend.Start(at: Here);
        await using var gateway = await BeforeAsync(backend);
        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAsync(gateway, 1));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        _addresses = [Here];
        await LimitsTests.WaitUntil(async () =>
        {
            try
            {
                await CallAsync(gateway, 1);
                return true;
            }
            catch (RpcException still) when (still.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        });

        // Gone for a moment, as far as the name servers know.
        _addresses = [];
        var asked = _lookUps;
        await LimitsTests.WaitUntil(() => Task.FromResult(_lookUps > asked + 10));
        await CallAsync(gateway, 5);
    }

    private Task<GatewayProcess> BeforeAsync(Backend backend) => GatewayProcess.Before(
        new ReplicaResolver(new ReplicaAddresses(LookUp), new HurriedClock(times: 50)),
        [
            $"RELAPSE_SERVICE_CLASSIFICATION_GRPC=http://{Name}:{new Uri(backend.GrpcAddress).Port}",
            $"RELAPSE_SERVICE_CLASSIFICATION_HTTP=http://{Name}:{new Uri(backend.HttpAddress).Port}",
        ]);

    private Task<IPAddress[]> LookUp(string host, CancellationToken cancellation)
    {
        Assert.Equal(Name, host);
        Interlocked.Increment(ref _lookUps);
        return _addresses.Length > 0 ? Task.FromResult(_addresses) : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    private static async Task CallAsync(GatewayProcess gateway, int times)
    {
        for (var call = 0; call < times; call++)
        {
            await gateway.Client.ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: Cancel);
        }
    }

    private static string[] Replicas(GatewayProcess gateway) =>
        gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("classification.grpc", out var cluster)
            ? [.. cluster.DestinationsState.AvailableDestinations.Select(destination => destination.DestinationId)]
            : [];

    private static Task CallUntilAsync(GatewayProcess gateway, Func<bool> holds) => LimitsTests.WaitUntil(async () =>
    {
        await CallAsync(gateway, 1);
        return holds();
    });

    private static async Task EchoAsync(AsyncDuplexStreamingCall<byte[], byte[]> stream)
    {
        await stream.RequestStream.WriteAsync([1], Cancel);
        Assert.True(await stream.ResponseStream.MoveNext(Cancel));
    }
}
