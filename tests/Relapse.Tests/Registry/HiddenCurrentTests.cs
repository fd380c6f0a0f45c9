using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Remote;

namespace Relapse.Tests.Registry;

public sealed class SqliteHiddenCurrentTests(SqliteHouse house) : HiddenCurrentTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresHiddenCurrentTests(PostgresHouse house) : HiddenCurrentTests(house), IClassFixture<PostgresHouse>;

/// <summary>`current` moved from a version that is shared to one that is not: for other centres it stands nowhere from then on, and they are told.</summary>
public abstract class HiddenCurrentTests(RegistryHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gRPC")]
    [InlineData("JSON")]
    public async Task Another_centre_resolves_it_no_more_and_reads_what_is_shared_all_the_same(string transport)
    {
        var (shared, hidden, label) = await MovedAsync();
        var south = house.As("south", transport);

        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), await Refused.By(() => south.Resolve(label.Name)));
        Assert.Equal(shared.Name, (await south.Get(shared.Name)).Name);
        Assert.Equal([shared.Name], (await south.Versions("protocols/" + shared.Id)).Versions.Select(version => version.Name));
        Assert.Equal(hidden.Name, (await house.As("north", transport).Resolve(label.Name)).Version);

        await house.As("north", transport).Move(label.Name, shared.Name, label.Etag);
        Assert.Equal(shared.Name, (await south.Resolve(label.Name)).Version);
    }

    [Fact]
    public async Task Who_watches_is_told_that_it_is_gone_now_or_after_a_pause_and_when_it_is_back()
    {
        var (north, shared) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(shared.Publish(shared: true));
        var first = await north.Move($"protocols/{shared.Id}/labels/current", shared.Name);
        using var watch = Watch("south");
        var known = await UntilAsync(watch, message => message.Labels.Any(label => label.Name == first.Name));

        var hidden = shared with { Version = "2" };
        await north.Publish(hidden.Publish());
        var moved = await north.Move(first.Name, hidden.Name, first.Etag);
        var gone = await UntilAsync(watch, message => message.GoneLabels.Count > 0);
        Assert.Equal([first.Name], gone.GoneLabels);
        Assert.Empty(gone.Labels);
        Assert.Empty(gone.Versions);
        using (var resumed = Watch("south", known.Revision))
        {
            Assert.Equal([first.Name], (await UntilAsync(resumed, message => message.GoneLabels.Count > 0)).GoneLabels);
        }

        using (var anew = Watch("south"))
        {
            Assert.True(await anew.ResponseStream.MoveNext(Cancel));
            Assert.Empty(anew.ResponseStream.Current.GoneLabels);
            Assert.DoesNotContain(anew.ResponseStream.Current.Labels, label => label.Name == first.Name);
        }

        var back = await north.Move(first.Name, shared.Name, moved.Etag);
        Assert.Equal([back], (await UntilAsync(watch, message => message.Labels.Count > 0)).Labels);
    }

    [Fact]
    public async Task Nobody_is_told_of_a_label_that_they_never_saw()
    {
        using var watch = Watch("south");
        await UntilAsync(watch, _ => true);
        var (north, hidden, shared) = (house.As("north", "gRPC"), RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await north.Publish(hidden.Publish());
        var label = await north.Move($"protocols/{hidden.Id}/labels/current", hidden.Name);
        await north.Move(label.Name, hidden.Name, label.Etag);
        await north.Publish(shared.Publish(shared: true));

        var names = new List<string>();
        await UntilAsync(watch, message =>
        {
            names.AddRange(message.GoneLabels);
            return message.Versions.Any(version => version.Name == shared.Name);
        });

        Assert.Empty(names);
    }

    private async Task<(SmallProtocol Shared, SmallProtocol Hidden, Label Label)> MovedAsync()
    {
        var (north, shared) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        var hidden = shared with { Version = "2" };
        await north.Publish(shared.Publish(shared: true));
        await north.Publish(hidden.Publish());
        var label = await north.Move($"protocols/{shared.Id}/labels/current", shared.Name);
        Assert.Equal(shared.Name, (await house.As("south", "gRPC").Resolve(label.Name)).Version);
        return (shared, hidden, await north.Move(label.Name, hidden.Name, label.Etag));
    }

    private AsyncServerStreamingCall<WatchLabelsResponse> Watch(string centre, long revision = 0) =>
        new RegistryService.RegistryServiceClient(house.Server.Channel).WatchLabels(
            new WatchLabelsRequest { Revision = revision }, new Metadata { { "authorization", "Bearer " + house.Token(centre) } }, cancellationToken: Cancel);

    private static async Task<WatchLabelsResponse> UntilAsync(AsyncServerStreamingCall<WatchLabelsResponse> watch, Predicate<WatchLabelsResponse> isIt)
    {
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel));
        }
        while (!isIt(watch.ResponseStream.Current));
        return watch.ResponseStream.Current;
    }
}

/// <summary>The same for a service that follows what is shared.</summary>
public sealed class FollowedHiddenCurrentTests
{
    [Fact]
    public async Task A_service_that_may_not_follow_every_centre_stops_answering_from_where_the_label_stood()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync("relapse.read");
        await service.ReadyAsync();
        var (north, shared) = (house.As("north"), RegistryHouse.Fresh());
        await north.Publish(shared.Publish(shared: true));
        var label = await north.Move($"protocols/{shared.Id}/labels/current", shared.Name);
        Assert.Equal([shared.Name], await service.AskSoonAsync("south", "protocols/" + shared.Id, StatusCode.NotFound, StatusCode.FailedPrecondition, StatusCode.Unavailable));

        var hidden = shared with { Version = "2" };
        await north.Publish(hidden.Publish());
        await north.Move(label.Name, hidden.Name, label.Etag);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var told = System.Diagnostics.Stopwatch.StartNew(); told.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20, TestContext.Current.CancellationToken))
            {
                await service.AskAsync("south", "protocols/" + shared.Id);
            }
        });
        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), (error.StatusCode, error.Reason()));
        Assert.Equal([shared.Name], await service.AskAsync("south", shared.Name));
    }
}
