using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

public sealed class SqliteSharedLaterTests(SqliteHouse house) : SharedLaterTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresSharedLaterTests(PostgresHouse house) : SharedLaterTests(house), IClassFixture<PostgresHouse>;

/// <summary>The same bytes published again, shared: from then on they are.</summary>
public abstract class SharedLaterTests(RegistryHouse house) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        house.Server.AssertNoErrorsLogged();
    }

    [Theory]
    [InlineData("gRPC")]
    [InlineData("JSON")]
    public async Task A_version_published_again_to_be_shared_is_shared_and_not_taken_back(string transport)
    {
        var (north, south, small) = (house.As("north", transport), house.As("south", transport), RegistryHouse.Fresh());
        var published = await north.Publish(small.Publish());
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var asked = small.Publish(shared: true);
        asked.ValidateOnly = true;
        Assert.Equal((true, true), Said(await north.Publish(asked)));
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => south.Get(small.Name)));

        var shared = await north.Publish(small.Publish(shared: true));

        Assert.Equal((true, true), Said(shared));
        Assert.Equal((published.Version.Digest, published.Version.PublishTime), (shared.Version.Digest, shared.Version.PublishTime));
        Assert.Equal(small.Yaml, (await south.Get(small.Name)).Yaml.ToStringUtf8());
        Assert.Equal(label, (await south.Resolve(label.Name)).Label);
        Assert.Equal((true, true), Said(await north.Publish(small.Publish())));
        Assert.Equal([shared.Version], (await south.Versions("protocols/" + small.Id)).Versions);
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Publish(small.Publish(shared: true))));
    }

    [Fact]
    public async Task Who_watches_hears_of_it_and_of_the_label_that_stands_on_it_and_it_is_so_after_a_restart()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        using (var watch = new RegistryService.RegistryServiceClient(house.Server.Channel).WatchLabels(
            new WatchLabelsRequest(), new Metadata { { "authorization", "Bearer " + house.Token("south") } }, cancellationToken: Cancel))
        {
            Assert.True(await watch.ResponseStream.MoveNext(Cancel));
            Assert.DoesNotContain(watch.ResponseStream.Current.Labels, each => each.Name == label.Name);

            await north.Publish(small.Publish(shared: true));

            do
            {
                Assert.True(await watch.ResponseStream.MoveNext(Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel));
            }
            while (watch.ResponseStream.Current.Versions.All(version => version.Name != small.Name));
            Assert.Equal([label], watch.ResponseStream.Current.Labels);
            Assert.True(watch.ResponseStream.Current.Versions.Single(version => version.Name == small.Name).Shared);
        }

        var before = await north.Get(small.Name);
        await house.RestartAsync();
        Assert.Equal(before, await house.As("north", "gRPC").Get(small.Name));
        Assert.Equal(label, (await house.As("south", "gRPC").Resolve(label.Name)).Label);
    }

    private static (bool, bool) Said(PublishProtocolVersionResponse answer) => (answer.AlreadyPublished, answer.Version.Shared);
}
