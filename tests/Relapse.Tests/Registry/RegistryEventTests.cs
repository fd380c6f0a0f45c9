using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Events;

namespace Relapse.Tests.Registry;

/// <summary>What happens to the registry, published on request: after it is stored, and as often as it is asked for the same event.</summary>
public sealed class RegistryEventTests(EventHouse house) : IClassFixture<EventHouse>, IDisposable
{
    private static readonly string[] Attributes = ["data", "datacontenttype", "id", "source", "specversion", "subject", "time", "type"];

    public void Dispose()
    {
        house.Sidecar.Refuses = null;
        house.Server.AssertNoErrorsLogged();
    }

    [Theory]
    [InlineData("gRPC")]
    [InlineData("JSON")]
    public async Task A_version_is_published_and_the_same_bytes_again_are_the_same_event(string transport)
    {
        var (registry, small) = (RegistryFace.Of(house.Server, transport, null), RegistryHouse.Fresh());
        var first = await registry.Publish(Asked(small));
        Assert.True((await registry.Publish(Asked(small))).AlreadyPublished);
        await registry.Publish(Asked(small, shared: true));

        var events = Of(small);
        Assert.Equal(3, events.Length);
        Assert.Equal(Attributes, events[0].Select(attribute => attribute.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("relapse.registry.published.v1", RegistryService.Descriptor.FullName, small.Name),
            ((string)events[0]["type"]!, (string)events[0]["source"]!, (string)events[0]["subject"]!));
        Assert.Equal(first, JsonParser.Default.Parse<PublishProtocolVersionResponse>(events[0]["data"]!.ToJsonString()));
        Assert.Equal(
            EventHouse.IdOf(
                "relapse-event 1", "type relapse.registry.published.v1", "subject " + small.Name, "digest " + first.Version.Digest, "cases_digest " + first.Version.CasesDigest, "shared false"),
            (string)events[0]["id"]!);
        Assert.Equal((string)events[0]["id"]!, (string)events[1]["id"]!);
        Assert.True(JsonNode.DeepEquals(events[0]["data"], events[1]["data"]));
        Assert.NotEqual((string)events[0]["id"]!, (string)events[2]["id"]!);
    }

    [Theory]
    [InlineData("gRPC")]
    [InlineData("JSON")]
    public async Task A_version_whose_event_is_refused_stands_and_publishing_it_again_sends_the_event(string transport)
    {
        var (registry, small) = (RegistryFace.Of(house.Server, transport, null), RegistryHouse.Fresh());
        house.Sidecar.Refuses = StatusCode.Internal;
        Assert.Equal((StatusCode.Unavailable, "EVENT_NOT_ACKNOWLEDGED"), await Refused.By(() => registry.Publish(Asked(small))));
        Assert.Equal(small.Name, (await registry.Get(small.Name)).Name);
        Assert.Empty(Of(small));

        house.Sidecar.Refuses = null;
        Assert.True((await registry.Publish(Asked(small))).AlreadyPublished);
        Assert.Single(Of(small));
        Assert.Single((await registry.Versions("protocols/" + small.Id)).Versions);
    }

    [Theory]
    [InlineData("gRPC")]
    [InlineData("JSON")]
    public async Task A_label_is_moved_and_the_move_that_stands_can_be_asked_for_until_its_event_is_acknowledged(string transport)
    {
        var (registry, small) = (RegistryFace.Of(house.Server, transport, null), RegistryHouse.Fresh());
        await registry.Publish(small.Publish());
        await registry.Publish((small with { Version = "2" }).Publish());
        var made = new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/current", Version = small.Name, Reason = "In use.", Publish = true };

        house.Sidecar.Refuses = StatusCode.Unavailable;
        Assert.Equal((StatusCode.Unavailable, "EVENT_NOT_ACKNOWLEDGED"), await Refused.By(() => registry.Move(made)));
        var stands = (await registry.Resolve(made.Name)).Label;
        house.Sidecar.Refuses = null;
        Assert.Equal(stands, await registry.Move(made));

        var moved = new MoveLabelRequest(made) { Version = (small with { Version = "2" }).Name, Etag = stands.Etag };
        var after = await registry.Move(moved);
        Assert.Equal(after, await registry.Move(moved));
        Assert.Equal(2, (await registry.History(made.Name)).Moves.Count);

        var events = Of(small);
        Assert.Equal(["relapse.registry.label-moved.v1"], events.Select(each => (string)each["type"]!).Distinct(StringComparer.Ordinal));
        Assert.All(events, each => Assert.Equal(made.Name, (string)each["subject"]!));
        Assert.Equal([stands, after, after], events.Select(each => JsonParser.Default.Parse<MoveLabelResponse>(each["data"]!.ToJsonString()).Label));
        Assert.Equal((string)events[1]["id"]!, (string)events[2]["id"]!);
        Assert.NotEqual((string)events[0]["id"]!, (string)events[1]["id"]!);
    }

    [Fact]
    public async Task What_is_not_the_move_that_stands_is_a_race_as_ever()
    {
        var (registry, small) = (RegistryFace.Of(house.Server, "gRPC", null), RegistryHouse.Fresh());
        await registry.Publish(small.Publish());
        await registry.Publish((small with { Version = "2" }).Publish());
        var made = new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/current", Version = small.Name, Publish = true };
        var label = await registry.Move(made);

        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => registry.Move(new MoveLabelRequest(made) { Publish = false })));
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => registry.Move(new MoveLabelRequest(made) { Reason = "Another." })));
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => registry.Move(new MoveLabelRequest(made) { Version = (small with { Version = "2" }).Name })));
        await registry.Move(label.Name, (small with { Version = "2" }).Name, label.Etag);
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => registry.Move(made)));
        Assert.Single(Of(small));
    }

    [Fact]
    public async Task A_label_that_is_withdrawn_has_moved_to_nothing_and_may_be_asked_for_again_too()
    {
        var (registry, small) = (RegistryFace.Of(house.Server, "gRPC", null), RegistryHouse.Fresh());
        await registry.Publish(small.Publish());
        var label = await registry.Move($"protocols/{small.Id}/labels/current", small.Name);
        var withdrawal = new MoveLabelRequest { Name = label.Name, Withdraw = true, Etag = label.Etag, Publish = true };

        Assert.Equal(await registry.Move(withdrawal), await registry.Move(withdrawal));
        Assert.Equal((StatusCode.FailedPrecondition, "LABEL_WITHDRAWN"), await Refused.By(() => registry.Move(new MoveLabelRequest(withdrawal) { Publish = false })));
        var events = Of(small);
        Assert.Equal((string)events[0]["id"]!, (string)Assert.Single(events[1..])["id"]!);
        Assert.Null(events[0]["data"]!["label"]!["version"]);
    }

    [Fact]
    public async Task What_is_only_checked_is_not_published()
    {
        var (registry, small) = (RegistryFace.Of(house.Server, "gRPC", null), RegistryHouse.Fresh());
        var publish = Asked(small);
        publish.ValidateOnly = true;
        Assert.Equal(["publish"], (await Assert.ThrowsAsync<RpcException>(() => registry.Publish(publish))).Fields());
        await registry.Publish(small.Publish());
        var move = new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/current", Version = small.Name, ValidateOnly = true, Publish = true };
        Assert.Equal(["publish"], (await Assert.ThrowsAsync<RpcException>(() => registry.Move(move))).Fields());
        Assert.Empty(Of(small));
    }

    [Fact]
    public async Task Without_a_sidecar_nothing_is_stored_or_moved_that_should_be_published()
    {
        await using var server = new RelapseServer();
        await server.InitializeAsync();
        var (registry, small) = (RegistryFace.Of(server, "gRPC", null), RegistryHouse.Fresh());
        Assert.Equal((StatusCode.FailedPrecondition, "EVENTS_NOT_CONFIGURED"), await Refused.By(() => registry.Publish(Asked(small))));
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => registry.Get(small.Name)));
        await registry.Publish(small.Publish());
        var move = new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/current", Version = small.Name, Publish = true };
        Assert.Equal((StatusCode.FailedPrecondition, "EVENTS_NOT_CONFIGURED"), await Refused.By(() => registry.Move(move)));
        Assert.Equal("NO_CURRENT_LABEL", (await Refused.By(() => registry.Resolve(move.Name))).Reason);
    }

    private static PublishProtocolVersionRequest Asked(SmallProtocol small, bool shared = false)
    {
        var request = small.Publish(shared);
        request.Publish = true;
        return request;
    }

    private JsonObject[] Of(SmallProtocol small) =>
        [.. house.Sidecar.Published.Select(Sidecar.CloudEvent).Where(cloudEvent => cloudEvent.ToJsonString().Contains(small.Id, StringComparison.Ordinal))];
}
