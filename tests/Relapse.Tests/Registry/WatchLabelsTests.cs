using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

public sealed class SqliteWatchLabelsTests(SqliteHouse house) : WatchLabelsTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresWatchLabelsTests(PostgresHouse house) : WatchLabelsTests(house), IClassFixture<PostgresHouse>;

/// <summary>Following labels: all of them first, then each move as it happens, as far as the caller may see.</summary>
public abstract class WatchLabelsTests(RegistryHouse house)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_come_all_labels_and_versions_at_once_then_each_move_within_a_second()
    {
        using var watch = Watch("north");
        var first = await NextAsync(watch);
        Assert.Contains(first.Labels, label => label.Name == "protocols/cog/labels/current");
        Assert.Contains(first.Versions, version => version.Name == "protocols/cog/versions/2012.1" && version.Yaml.IsEmpty && version.Document is null);

        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        var published = await north.Publish(small.Publish());
        var second = await NextAsync(watch);
        Assert.Equal([published.Version], second.Versions);
        Assert.Empty(second.Labels);

        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var third = await NextAsync(watch);
        Assert.Equal([label], third.Labels);
        Assert.Equal(label.Revision, third.Revision);
        Assert.True(first.Revision < second.Revision && second.Revision < third.Revision);
    }

    [Fact]
    public async Task A_watch_resumed_gets_what_happened_after_its_revision_and_nothing_before()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var name = $"protocols/{small.Id}/labels/current";
        var made = await north.Move(name, small.Name);
        var moved = await north.Move(name, small.Name, made.Etag);

        using var watch = Watch("north", made.Revision);
        Assert.Equal([moved], (await NextAsync(watch)).Labels);
    }

    [Fact]
    public async Task Nobody_hears_of_what_is_not_theirs_to_see()
    {
        using var watch = Watch("south");
        await NextAsync(watch);
        var (north, hidden, shared) = (house.As("north", "gRPC"), RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await north.Publish(hidden.Publish());
        await north.Move($"protocols/{hidden.Id}/labels/current", hidden.Name);
        await north.Publish(shared.Publish(shared: true));
        await north.Move($"protocols/{shared.Id}/labels/house", shared.Name);
        var current = await north.Move($"protocols/{shared.Id}/labels/current", shared.Name);

        var (labels, versions) = (new List<Label>(), new List<ProtocolVersion>());
        while (!labels.Contains(current))
        {
            var message = await NextAsync(watch);
            labels.AddRange(message.Labels);
            versions.AddRange(message.Versions);
        }

        Assert.Equal([current], labels);
        Assert.Equal([shared.Name], versions.Select(version => version.Name));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_revision_that_was_never_given_is_refused(long revision)
    {
        using var watch = Watch("north", revision);
        var error = await Assert.ThrowsAsync<RpcException>(() => NextAsync(watch));
        Assert.Equal((StatusCode.InvalidArgument, "revision"), (error.StatusCode, Assert.Single(error.Fields())));
    }

    [Fact]
    public async Task A_server_that_goes_down_says_so_and_the_watch_can_be_resumed()
    {
        using var watch = Watch("north");
        var first = await NextAsync(watch);
        var next = Assert.ThrowsAsync<RpcException>(() => NextAsync(watch, TimeSpan.FromSeconds(10)));
        await house.Server.StopAsync();
        Assert.Equal(StatusCode.Unavailable, (await next).StatusCode);
        await house.RestartAsync();

        using var again = Watch("north", first.Revision);
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var versions = new List<string>();
        while (!versions.Contains(small.Name))
        {
            versions.AddRange((await NextAsync(again)).Versions.Select(version => version.Name));
        }
    }

    private AsyncServerStreamingCall<WatchLabelsResponse> Watch(string centre, long revision = 0) =>
        new RegistryService.RegistryServiceClient(house.Server.Channel).WatchLabels(
            new WatchLabelsRequest { Revision = revision }, new Metadata { { "authorization", "Bearer " + house.Token(centre) } }, cancellationToken: Cancel);

    private static async Task<WatchLabelsResponse> NextAsync(AsyncServerStreamingCall<WatchLabelsResponse> watch, TimeSpan? patience = null)
    {
        // A second is the contract's; a machine that is busy with everything else gets more.
        Assert.True(await watch.ResponseStream.MoveNext(Cancel).WaitAsync(patience ?? 10 * Soon, Cancel));
        return watch.ResponseStream.Current;
    }
}
