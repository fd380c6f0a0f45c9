using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Registry;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>
/// The registry's process stopped (SIGSTOP) under load: its connections stand, and nothing comes over them. Services go on with what they
/// hold, and catch up when it goes on.
/// </summary>
public sealed class FrozenRegistryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_call_fails_while_the_registry_stands_still_and_what_happens_after_it_is_answered_from()
    {
        using var engine = await Engine.SqliteAsync();
        using var registry = await RegistryProcess.StartAsync(engine);
        await using var issuer = await TestIssuer.StartAsync();
        // Hurried, so that the 40 seconds after which a silent watch is given up pass while it is frozen.
        await using var service = await RemoteService.StartAsync(["--RELAPSE_REGISTRY_ADDRESS=" + registry.Address], issuer, new HurriedClock(10));
        await service.ReadyAsync();
        var (held, late) = (RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await registry.Client.PublishProtocolVersionAsync(held.Publish(), cancellationToken: Cancel);
        await service.AskSoonAsync("local", held.Name, StatusCode.NotFound, StatusCode.Unavailable);

        var (failed, answered) = (new ConcurrentBag<string>(), 0);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var callers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    Assert.Equal([held.Name], await service.AskAsync("local", held.Name));
                    Interlocked.Increment(ref answered);
                }
                catch (RpcException error)
                {
                    failed.Add(error.Status.ToString());
                }
            }
        }, Cancel)).ToArray();

        await registry.FreezeAsync();
        // Until it has noticed: what it does not know is then not known to be nowhere.
        var unknown = StatusCode.NotFound;
        for (var frozen = Stopwatch.StartNew(); unknown == StatusCode.NotFound; await Task.Delay(50, Cancel))
        {
            Assert.True(frozen.Elapsed < TimeSpan.FromSeconds(60), "the service did not notice");
            unknown = (await Assert.ThrowsAsync<RpcException>(() => service.AskAsync("local", late.Name))).StatusCode;
        }

        Assert.Equal(StatusCode.Unavailable, unknown);
        using (var ready = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Cancel))
        {
            Assert.True(ready.IsSuccessStatusCode);
        }

        var before = answered;
        while (answered < before + 200 && failed.IsEmpty)
        {
            await Task.Delay(20, Cancel);
        }

        await registry.ThawAsync();
        await registry.Client.PublishProtocolVersionAsync(late.Publish(), cancellationToken: Cancel);
        Assert.Equal([late.Name], await service.AskSoonAsync("local", late.Name, StatusCode.NotFound, StatusCode.Unavailable));
        await enough.CancelAsync();
        await Task.WhenAll(callers);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answered} calls, {failed.Count} failed");
        Assert.Empty(failed);
        Assert.Empty(service.Logs.Errors);
    }
}
