using System.Diagnostics;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Remote;

namespace Relapse.Tests.Registry;

/// <summary>A centre that publishes far more protocols than any has: everything of them is there, for it alone, in pages and after a restart.</summary>
public sealed class ManyProtocolsTests
{
    private const int Many = 120;
    private const int MostInACall = 32;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_is_listed_once_watched_followed_answered_from_and_there_again_after_a_restart()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync();
        await service.ReadyAsync();
        var north = house.As("north");
        string[] names = [.. await Task.WhenAll(Enumerable.Range(0, Many).Select(async number =>
        {
            var small = new SmallProtocol($"many-{number:000}", "1");
            await north.Publish(small.Publish());
            await north.Move($"protocols/{small.Id}/labels/current", small.Name);
            return small.Name;
        }))];

        await HoldAsync(house, names);
        Assert.Equal([names[^1]], await service.AskSoonAsync("north", names[^1..], StatusCode.NotFound, StatusCode.Unavailable));
        await UntilAllAsync(service, names);
        var tooMany = await Assert.ThrowsAsync<RpcException>(() => service.AskAsync("north"));
        Assert.Equal(StatusCode.InvalidArgument, tooMany.StatusCode);
        var fault = Assert.Single(tooMany.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal("protocols", fault.Field);
        Assert.Matches($"^none is named and 1[0-9][0-9] are current; name those meant, at most {MostInACall}$", fault.Description);
        var took = Stopwatch.StartNew();
        Assert.Equal(names[..MostInACall], await service.AskAsync("north", names[..MostInACall]));
        TestContext.Current.TestOutputHelper?.WriteLine($"a case under {MostInACall} protocols never compared before: {took.ElapsedMilliseconds} ms");
        Assert.DoesNotContain(await service.AskAsync("south"), names.Contains);

        await house.StopRegistryAsync();
        took.Restart();
        await house.StartRegistryAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"started again after {took.ElapsedMilliseconds} ms");
        await HoldAsync(house, names);
    }

    private static async Task HoldAsync(RemoteHouse house, string[] names)
    {
        foreach (var (centre, expected) in new[] { ("north", names), ("south", []) })
        {
            var (listed, token) = (new List<Protocol>(), "");
            do
            {
                var page = await house.As(centre).List(7, token);
                token = page.NextPageToken;
                listed.AddRange(page.Protocols);
            }
            while (token.Length > 0);
            Assert.Equal(expected, listed.Where(protocol => protocol.Name.StartsWith("protocols/many-", StringComparison.Ordinal)).Select(protocol => protocol.Labels["current"]));
            using var watch = new RegistryService.RegistryServiceClient(house.Registry.Channel).WatchLabels(new WatchLabelsRequest(), house.Headers(centre, "relapse.read"), cancellationToken: Cancel);
            Assert.True(await watch.ResponseStream.MoveNext(Cancel));
            Assert.Equal(expected.Length, watch.ResponseStream.Current.Labels.Count(label => label.Name.StartsWith("protocols/many-", StringComparison.Ordinal)));
        }
    }

    /// <summary>By eight: what is asked together is compared, each with each.</summary>
    private static async Task UntilAllAsync(RemoteService service, string[] names)
    {
        foreach (var some in names.Chunk(8))
        {
            string[] protocols = [.. some.Select(name => name[..name.IndexOf("/versions", StringComparison.Ordinal)])];
            Assert.Equal(some, await service.AskSoonAsync("north", protocols, StatusCode.NotFound, StatusCode.FailedPrecondition, StatusCode.Unavailable));
        }
    }
}
