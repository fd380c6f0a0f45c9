using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Registry;
using StackExchange.Redis;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>
/// A real Redis between services and the registry, in every bad state, while classifications run and a label moves: no call
/// fails, none answers from anything but what the registry has, and the moves arrive.
/// </summary>
public sealed class RedisTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("absent")]
    [InlineData("stopped")]
    [InlineData("restarted")]
    [InlineData("frozen")]
    [InlineData("paused")]
    [InlineData("full")]
    [InlineData("wiped")]
    [InlineData("garbage")]
    public async Task No_call_fails_while_redis_is(string state)
    {
        await using var redis = state == "absent" ? RedisServer.Absent() : await RedisServer.StartAsync();
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync(arguments: redis.Argument);
        await service.ReadyAsync();
        var (north, first) = (house.As("north"), RegistryHouse.Fresh());
        await north.Publish(first.Publish());
        var label = await north.Move($"protocols/{first.Id}/labels/current", first.Name);
        await service.AskSoonAsync("north", "protocols/" + first.Id, StatusCode.NotFound, StatusCode.FailedPrecondition, StatusCode.Unavailable);

        var (failed, answers, slowest) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, int>(StringComparer.Ordinal), 0L);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var callers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                var took = Stopwatch.StartNew();
                try
                {
                    answers.AddOrUpdate(Assert.Single(await service.AskAsync("north", "protocols/" + first.Id)), 1, (_, count) => count + 1);
                }
                catch (RpcException error)
                {
                    failed.Add(error.Status.ToString());
                }

                slowest = Math.Max(slowest, took.ElapsedMilliseconds);
            }
        }, Cancel)).ToArray();

        await BreakAsync(redis, state);
        var versions = new List<string> { first.Name };
        for (var version = 2; version <= 4; version++)
        {
            var next = first with { Version = $"{version}" };
            await north.Publish(next.Publish());
            label = await north.Move(label.Name, next.Name, label.Etag);
            versions.Add(next.Name);
            var moved = Stopwatch.StartNew();
            while ((await service.AskAsync("north", "protocols/" + first.Id)) is not [var now] || now != next.Name)
            {
                Assert.True(moved.Elapsed < TimeSpan.FromSeconds(20), "the move did not arrive");
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{state}: version {version} after {moved.ElapsedMilliseconds} ms");
            var soFar = answers.Values.Sum();
            while (answers.Values.Sum() < soFar + 200 && failed.IsEmpty)
            {
                await Task.Delay(20, Cancel);
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
        TestContext.Current.TestOutputHelper?.WriteLine($"{state}: {answers.Values.Sum()} calls, {failed.Count} failed, the slowest {slowest} ms");
        Assert.Empty(failed);
        Assert.Empty(answers.Keys.Except(versions, StringComparer.Ordinal));
        Assert.Empty(service.Logs.Errors);
    }

    [Fact]
    public async Task Documents_come_out_of_redis_in_the_next_process()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var house = await RemoteHouse.StartAsync();
        var small = RegistryHouse.Fresh();
        await using (var before = await house.ServiceAsync(arguments: redis.Argument))
        {
            await before.ReadyAsync();
            await house.As("north").Publish(small.Publish());
            await before.AskSoonAsync("north", small.Name, StatusCode.NotFound, StatusCode.Unavailable);
            await KeptAsync(redis, 2);
        }

        using var measured = new Measured();
        await using var after = await house.ServiceAsync(arguments: redis.Argument);
        await after.ReadyAsync();
        Assert.Equal([small.Name], await after.AskAsync("north", small.Name));
        Assert.True(measured["hit"] >= 2);
    }

    [Theory]
    [InlineData("other bytes")]
    [InlineData("garbage")]
    [InlineData("another type")]
    [InlineData("cut short")]
    public async Task Whatever_stands_in_redis_under_a_digest_is_never_evaluated(string poison)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var house = await RemoteHouse.StartAsync();
        var small = RegistryHouse.Fresh();
        await using (var before = await house.ServiceAsync(arguments: redis.Argument))
        {
            await before.ReadyAsync();
            await house.As("north").Publish(small.Publish());
            await before.AskSoonAsync("north", small.Name, StatusCode.NotFound, StatusCode.Unavailable);
            await KeptAsync(redis, 2);
            await PoisonAsync(redis, before, poison);
        }

        using var measured = new Measured();
        await using var after = await house.ServiceAsync(arguments: redis.Argument);
        await after.ReadyAsync();
        Assert.Equal([small.Name], await after.AskAsync("north", small.Name));
        Assert.True(measured["hit"] == 0 && measured["miss"] + measured["poisoned"] >= 2);
        Assert.True(poison != "other bytes" || measured["poisoned"] >= 2);

        // What was wrong is written over.
        await HealedAsync(after, small);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_500_000)]
    [InlineData(4 * 1024 * 1024)]
    public async Task A_document_of_any_size_that_a_registry_takes_is_kept(int bytes)
    {
        await using var redis = await RedisServer.StartAsync();
        var cache = Cache(redis);
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        cache.Keep("some-digest", content);
        await KeptAsync(redis, 1);
        Assert.Equal(content, await SoonAsync(cache, "some-digest"));
        Assert.Null(await cache.ReadAsync("another", Cancel));
        var key = Assert.Single(await redis.KeysAsync());
        var left = await redis.AskAsync(database => database.KeyTimeToLiveAsync(key));
        Assert.InRange(left!.Value, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task A_document_that_is_too_large_for_it_is_not_kept_and_that_is_said()
    {
        await using var redis = await RedisServer.StartAsync();
        using var measured = new Measured();
        Cache(redis).Keep("some-digest", new byte[Redis.MaxDocumentBytes + 1]);
        Assert.Equal(1, measured["too_large"]);
    }

    [Theory]
    [InlineData("connected")]
    [InlineData("restarted")]
    public async Task A_bell_rung_by_one_process_is_heard_by_another(string state)
    {
        await using var redis = await RedisServer.StartAsync();
        var (here, there) = (Services(redis).GetRequiredService<IReplicaBell>(), Services(redis).GetRequiredService<IReplicaBell>());
        await HeardAsync(here, there);
        if (state == "restarted")
        {
            await redis.RestartAsync();
        }

        await HeardAsync(here, there);
    }

    [Fact]
    public void A_bell_without_redis_is_rung_without_a_word_and_not_waited_for()
    {
        var bell = Services(RedisServer.Absent()).GetRequiredService<IReplicaBell>();
        bell.Ring();
        Assert.False(bell.HeardAsync(Cancel).IsCompleted);
    }

    [Fact]
    public async Task A_frozen_redis_is_waited_for_once_and_then_not_for_a_while()
    {
        await using var redis = await RedisServer.StartAsync();
        var cache = Cache(redis);
        cache.Keep("some-digest", [1]);
        await SoonAsync(cache, "some-digest");
        await redis.FreezeAsync();
        using var measured = new Measured();
        var took = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await cache.ReadAsync("some-digest", Cancel));
        }

        // Each waited for would be 20 seconds.
        Assert.True(took.Elapsed < TimeSpan.FromSeconds(10));
        Assert.True(measured["timeout"] + measured["connection"] >= 1 && measured["not_tried"] >= 50);

        // One that is tried again, as it is every two seconds, is given up after 200 ms; the client by itself waits for 5 seconds.
        var waits = new List<TimeSpan>();
        for (var given = measured["timeout"] + measured["connection"]; waits.Count < 3;)
        {
            took.Restart();
            Assert.Null(await cache.ReadAsync("some-digest", Cancel));
            if (measured["timeout"] + measured["connection"] is var now && now > given)
            {
                waits.Add(took.Elapsed);
                given = now;
            }

            await Task.Delay(50, Cancel);
        }

        TestContext.Current.TestOutputHelper?.WriteLine("given up after " + string.Join(", ", waits.Select(wait => $"{wait.TotalMilliseconds:0} ms")));
        Assert.InRange(waits.Order().ElementAt(1), TimeSpan.Zero, TimeSpan.FromSeconds(2));

        await redis.ThawAsync();
        Assert.Equal([1], await SoonAsync(cache, "some-digest"));
    }

    private static async Task BreakAsync(RedisServer redis, string state)
    {
        switch (state)
        {
            case "stopped":
                redis.Kill();
                break;
            case "restarted":
                await redis.RestartAsync();
                break;
            case "frozen":
                await redis.FreezeAsync();
                break;
            case "paused":
                await redis.AskAsync(database => database.ExecuteAsync("CLIENT", "PAUSE", "60000", "ALL"));
                break;
            case "full":
                await redis.AskAsync(database => database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction"));
                await redis.AskAsync(database => database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"));
                break;
            case "wiped":
                await redis.AskAsync(database => database.ExecuteAsync("FLUSHALL"));
                break;
            case "garbage":
                foreach (var key in await redis.KeysAsync())
                {
                    await redis.AskAsync(database => database.HashSetAsync(key, "data", Encoding.UTF8.GetBytes("garbage")));
                }

                break;
        }
    }

    private static async Task PoisonAsync(RedisServer redis, RemoteService service, string poison)
    {
        var cache = service.Services.GetRequiredService<IDocumentCache>();
        foreach (var key in await redis.KeysAsync())
        {
            switch (poison)
            {
                case "other bytes":
                    var digest = key[(key.LastIndexOf(':') + 1)..];
                    byte[] other = [.. Encoding.UTF8.GetBytes("id: other")];
                    cache.Keep(digest, other);
                    while (await cache.ReadAsync(digest, Cancel) is not { } read || !read.SequenceEqual(other))
                    {
                        await Task.Delay(20, Cancel);
                    }

                    break;
                case "garbage":
                    await redis.AskAsync(database => database.HashSetAsync(key, "data", Encoding.UTF8.GetBytes("garbage")));
                    break;
                case "another type":
                    await redis.AskAsync(database => database.StringSetAsync(key, "garbage"));
                    break;
                default:
                    var whole = (byte[])(await redis.AskAsync(database => database.HashGetAsync(key, "data")))!;
                    await redis.AskAsync(database => database.HashSetAsync(key, "data", whole[..(whole.Length / 2)]));
                    break;
            }
        }
    }

    private static async Task HealedAsync(RemoteService service, SmallProtocol small)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(small.Yaml)));
        var cache = service.Services.GetRequiredService<IDocumentCache>();
        for (var told = Stopwatch.StartNew(); told.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(50, Cancel))
        {
            if (await cache.ReadAsync(digest, Cancel) is { } read && Encoding.UTF8.GetString(read) == small.Yaml)
            {
                return;
            }
        }

        Assert.Fail("the cache still has other bytes");
    }

    private static async Task KeptAsync(RedisServer redis, int documents)
    {
        for (var told = Stopwatch.StartNew(); (await redis.KeysAsync()).Length < documents; await Task.Delay(50, Cancel))
        {
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(20), "nothing was kept");
        }
    }

    private static async Task<byte[]?> SoonAsync(IDocumentCache cache, string digest)
    {
        for (var told = Stopwatch.StartNew(); told.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(50, Cancel))
        {
            if (await cache.ReadAsync(digest, Cancel) is { } read)
            {
                return read;
            }
        }

        return null;
    }

    private static async Task HeardAsync(IReplicaBell here, IReplicaBell there)
    {
        var heard = there.HeardAsync(Cancel);
        for (var told = Stopwatch.StartNew(); !heard.IsCompleted; await Task.Delay(50, Cancel))
        {
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(20), "the bell was not heard");
            here.Ring();
        }

        await heard;
    }

    private static IDocumentCache Cache(RedisServer redis) => Services(redis).GetRequiredService<IDocumentCache>();

    private static ServiceProvider Services(RedisServer redis)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { ["RELAPSE_REDIS"] = redis.Endpoint };
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        Redis.AddTo(services, new Relapse.Edge.Settings(configuration));
        return services.BuildServiceProvider();
    }
}
