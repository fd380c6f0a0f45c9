using System.Diagnostics;
using Grpc.Core;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Remote;
using Relapse.Tests.Registry.Store;
using StackExchange.Redis;

namespace Relapse.Tests.Registry;

/// <summary>Two replicas over one PostgreSQL: what one is told, the other knows within a second, and a label moves once.</summary>
public sealed class ReplicasTests(PostgresServer database)
{
    [Fact]
    public async Task What_one_replica_is_told_the_other_answers_from_and_only_one_of_two_movers_wins()
    {
        using var engine = await Engine.PostgresAsync(database);
        await using var issuer = await TestIssuer.StartAsync();
        string[] arguments = [engine.Argument, .. issuer.Arguments];
        await using var one = new RelapseServer { Arguments = arguments };
        await using var other = new RelapseServer { Arguments = arguments };
        await Task.WhenAll(one.InitializeAsync().AsTask(), other.InitializeAsync().AsTask());
        var (here, there) = (RegistryFace.Of(one, "gRPC", issuer.Token("north")), RegistryFace.Of(other, "JSON", issuer.Token("north")));
        Assert.Equal(await here.Resolve("protocols/cog/labels/current"), await there.Resolve("protocols/cog/labels/current"));

        var small = RegistryHouse.Fresh();
        await here.Publish(small.Publish());
        var label = await here.Move($"protocols/{small.Id}/labels/current", small.Name);
        var told = Stopwatch.StartNew();
        while (await OutcomeAsync(() => there.Resolve(label.Name)) != StatusCode.OK)
        {
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(10));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(label, (await there.Resolve(label.Name)).Label);
        Assert.Equal(small.Yaml, (await there.Get(small.Name)).Yaml.ToStringUtf8());

        // The other has not heard of the next move when it is told to move; the store has.
        var outcomes = await Task.WhenAll(
            OutcomeAsync(() => here.Move(label.Name, small.Name, label.Etag)), OutcomeAsync(() => there.Move(label.Name, small.Name, label.Etag)));
        Assert.Equal([StatusCode.Aborted, StatusCode.OK], outcomes.OrderDescending());
        one.AssertNoErrorsLogged();
        other.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task With_redis_a_replica_rings_when_it_has_written_and_the_other_is_told_at_once()
    {
        using var engine = await Engine.PostgresAsync(database);
        await using var redis = await RedisServer.StartAsync();
        await using var issuer = await TestIssuer.StartAsync();
        string[] arguments = [engine.Argument, redis.Argument, .. issuer.Arguments];
        await using var one = new RelapseServer { Arguments = arguments };
        await using var other = new RelapseServer { Arguments = arguments };
        await Task.WhenAll(one.InitializeAsync().AsTask(), other.InitializeAsync().AsTask());
        var (here, there) = (RegistryFace.Of(one, "gRPC", issuer.Token("north")), RegistryFace.Of(other, "gRPC", issuer.Token("north")));
        await using var listener = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var rung = 0;
        await listener.GetSubscriber().SubscribeAsync(RedisChannel.Literal("relapse:registry:1:changed"), (_, _) => Interlocked.Increment(ref rung));

        var took = new List<long>();
        for (var version = 1; version <= 5; version++)
        {
            var small = RegistryHouse.Fresh();
            await here.Publish(small.Publish());
            var told = Stopwatch.StartNew();
            while (await OutcomeAsync(() => there.Get(small.Name)) != StatusCode.OK)
            {
                Assert.True(told.Elapsed < TimeSpan.FromSeconds(10));
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            took.Add(told.ElapsedMilliseconds);
        }

        TestContext.Current.TestOutputHelper?.WriteLine("the other replica answered after " + string.Join(", ", took) + " ms");
        Assert.True(rung >= 1);

        // Without it the database is asked all the same.
        redis.Kill();
        var last = RegistryHouse.Fresh();
        await here.Publish(last.Publish());
        for (var told = Stopwatch.StartNew(); await OutcomeAsync(() => there.Get(last.Name)) != StatusCode.OK; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(10));
        }
    }

    private static async Task<StatusCode> OutcomeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
