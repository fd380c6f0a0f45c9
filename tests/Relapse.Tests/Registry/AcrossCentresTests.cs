using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

public sealed class SqliteAcrossCentresTests(SqliteHouse house) : AcrossCentresTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresAcrossCentresTests(PostgresHouse house) : AcrossCentresTests(house), IClassFixture<PostgresHouse>;

/// <summary>Who may do what with whose: each RPC of the registry, from another centre, from none, without its scope, without a token.</summary>
public abstract class AcrossCentresTests(RegistryHouse house) : IDisposable
{
    public static TheoryData<string> Transports => ["gRPC", "JSON"];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        house.Server.AssertNoErrorsLogged();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task What_a_centre_keeps_to_itself_is_not_there_for_others(string transport)
    {
        var (small, label) = await PublishedAsync(transport, shared: false);
        foreach (var other in new[] { house.As("south", transport), house.As(null, transport) })
        {
            Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => other.Get(small.Name)));
            Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => other.Resolve(label)));
            Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => other.Versions("protocols/" + small.Id)));
            Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => other.History(label)));
            Assert.DoesNotContain((await other.List(1000)).Protocols, protocol => protocol.Name.Contains(small.Id, StringComparison.Ordinal));
        }

        var south = house.As("south", transport);
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => south.Move($"protocols/{small.Id}/labels/ours", small.Name)));
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => south.Archive(small.Name)));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Publish((small with { Version = "2" }).Publish())));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Publish(small.Publish())));
        Assert.Equal(small.Yaml, (await house.As("north", transport).Get(small.Name)).Yaml.ToStringUtf8());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task What_a_centre_shares_is_read_by_all_and_changed_by_none_of_them(string transport)
    {
        var (small, label) = await PublishedAsync(transport, shared: true);
        foreach (var other in new[] { house.As("south", transport), house.As(null, transport) })
        {
            Assert.Equal(("north", true), await SharedAsync(other, small.Name));
            Assert.Equal(small.Name, (await other.Resolve(label)).Version);
            Assert.Single((await other.Versions("protocols/" + small.Id)).Versions);
            Assert.Single((await other.History(label)).Moves);
            Assert.Contains((await other.List(1000)).Protocols, protocol => protocol.Name == "protocols/" + small.Id);
        }

        var south = house.As("south", transport);
        var etag = (await south.Resolve(label)).Label.Etag;
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Move(label, small.Name, etag)));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Archive(small.Name)));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Publish((small with { Version = "2" }).Publish())));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Each_centre_has_its_own_labels_on_what_it_may_read(string transport)
    {
        var (small, _) = await PublishedAsync(transport, shared: true);
        var (south, east, name) = (house.As("south", transport), house.As("east", transport), $"protocols/{small.Id}/labels/house");
        await south.Move(name, small.Name);
        Assert.Equal((StatusCode.NotFound, "LABEL_NOT_FOUND"), await Refused.By(() => east.Resolve(name)));
        Assert.Equal((StatusCode.NotFound, "LABEL_NOT_FOUND"), await Refused.By(() => house.As("north", transport).History(name)));
        Assert.Equal((StatusCode.NotFound, "LABEL_NOT_FOUND"), await Refused.By(() => house.As(null, transport).Resolve(name)));
        Assert.Equal("east", (await east.Move(name, small.Name)).Centre);
        Assert.Equal("south", (await south.Resolve(name)).Label.Centre);
        Assert.DoesNotContain("house", (await house.As("north", transport).List(1000)).Protocols.Single(protocol => protocol.Name == "protocols/" + small.Id).Labels.Keys);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_shipped_library_is_nobodys_to_change_and_everybodys_to_label(string transport)
    {
        var north = house.As("north", transport);
        var current = await north.Resolve("protocols/cog/labels/current");
        Assert.Equal("", current.Label.Centre);
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => north.Move(current.Label.Name, current.Version, current.Label.Etag)));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => north.Archive(current.Version)));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => north.Publish(new SmallProtocol("cog", "9").Publish())));
        Assert.Equal(current.Version, (await north.Move("protocols/cog/labels/" + RegistryHouse.Fresh().Id, current.Version)).Version);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Without_a_centre_nothing_is_written(string transport)
    {
        var nobody = house.As(null, transport);
        Assert.Equal((StatusCode.PermissionDenied, "NO_CENTRE"), await Refused.By(() => nobody.Publish(RegistryHouse.Fresh().Publish())));
        Assert.Equal((StatusCode.PermissionDenied, "NO_CENTRE"), await Refused.By(() => nobody.Move("protocols/cog/labels/x", "protocols/cog/versions/2012.1")));
        Assert.Equal((StatusCode.PermissionDenied, "NO_CENTRE"), await Refused.By(() => nobody.Archive("protocols/cog/versions/2012.1")));
    }

    [Theory]
    [InlineData("gRPC", "", "")]
    [InlineData("JSON", "", "")]
    [InlineData("gRPC", "relapse.read", "read")]
    [InlineData("JSON", "relapse.read", "read")]
    [InlineData("gRPC", "relapse.publish", "publish")]
    [InlineData("JSON", "relapse.publish", "publish")]
    [InlineData("gRPC", "relapse.label", "label")]
    [InlineData("JSON", "relapse.label", "label")]
    [InlineData("gRPC", "relapse.reader RELAPSE.READ", "")]
    public async Task Each_call_needs_its_scope_and_no_other(string transport, string scope, string may)
    {
        var (small, label) = await PublishedAsync(transport, shared: false);
        var face = RegistryFace.Of(house.Server, transport, house.Token("north", scope));
        async Task Needs(string needed, Func<Task> call)
        {
            var outcome = await OutcomeAsync(call);
            Assert.Equal(may == needed ? "OK" : "PermissionDenied MISSING_SCOPE", outcome);
        }

        await Needs("read", () => face.List());
        await Needs("read", () => face.Get(small.Name));
        await Needs("read", () => face.Resolve(label));
        await Needs("read", () => face.Versions("protocols/" + small.Id));
        await Needs("read", () => face.History(label));
        await Needs("publish", () => face.Publish((small with { Version = "2" }).Publish()));
        await Needs("publish", async () => await face.Archive((may == "publish" ? small with { Version = "2" } : small).Name));
        await Needs("label", () => face.Move($"protocols/{small.Id}/labels/house", small.Name));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Without_a_token_nothing_is_answered(string transport)
    {
        var face = RegistryFace.Of(house.Server, transport, null);
        Func<Task>[] calls =
        [
            () => face.List(), () => face.Get("protocols/cog/versions/2012.1"), () => face.Resolve("protocols/cog/labels/current"), () => face.Versions("protocols/cog"),
            () => face.History("protocols/cog/labels/current"), () => face.Publish(RegistryHouse.Fresh().Publish()), () => face.Archive("protocols/cog/versions/2012.1"),
            () => face.Move("protocols/cog/labels/x", "protocols/cog/versions/2012.1"),
        ];
        foreach (var call in calls)
        {
            Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refused.By(call));
        }
    }

    [Fact]
    public async Task The_clinical_services_see_what_their_caller_sees()
    {
        var (hidden, _) = await PublishedAsync("gRPC", shared: false);
        var (shared, _) = await PublishedAsync("gRPC", shared: true);

        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => ClassifyAsync("south", hidden.Name)));
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => ClassifyAsync(null, "protocols/" + hidden.Id)));
        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), await Refused.By(() => ClassifyAsync("", shared.Name)));
        Assert.Equal(["HIGH"], Assert.Single((await ClassifyAsync("south", shared.Name)).Decisions, decision => decision.Decision_ == "risk_group").Possible);
        var southern = await ClassifyAsync("south");
        Assert.DoesNotContain(southern.Decisions, decision => decision.Protocol == hidden.Name || decision.Protocol == shared.Name);
        var northern = await ClassifyAsync("north");
        Assert.Equal(2, northern.Decisions.Where(decision => decision.Protocol == hidden.Name || decision.Protocol == shared.Name).DistinctBy(decision => decision.Protocol).Count());
    }

    [Fact]
    public async Task What_a_centre_shares_adds_nothing_to_the_answers_of_others()
    {
        var small = RegistryHouse.Fresh() with { ForAll = true };
        var north = house.As("north", "gRPC");
        await north.Publish(small.Publish(shared: true));
        await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        Assert.Contains((await ClassifyAsync("north", "protocols/all-rez-bfm")).Decisions, decision => decision.Modifiers.Any(modifier => modifier.Protocol == small.Name));
        Assert.DoesNotContain((await ClassifyAsync("south", "protocols/all-rez-bfm")).Decisions, decision => decision.Modifiers.Any(modifier => modifier.Protocol == small.Name));
    }

    private static async Task<string> OutcomeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "OK";
        }
        catch (RpcException error)
        {
            return $"{error.StatusCode} {error.Reason()}";
        }
    }

    private static async Task<(string, bool)> SharedAsync(RegistryFace face, string name)
    {
        var version = await face.Get(name);
        return (version.Centre, version.Shared);
    }

    private async Task<(SmallProtocol Small, string Label)> PublishedAsync(string transport, bool shared)
    {
        var (small, north) = (RegistryHouse.Fresh(), house.As("north", transport));
        await north.Publish(small.Publish(shared));
        return (small, (await north.Move($"protocols/{small.Id}/labels/current", small.Name)).Name);
    }

    private async Task<ClassifyRelapseResponse> ClassifyAsync(string? centre, params string[] protocols)
    {
        var request = new ClassifyRelapseRequest { Case = new RelapseCase { Lineage = Lineage.TCell, Timing = new Timing { MonthsFromDiagnosis = "10" } }, Protocols = { protocols } };
        var headers = centre == "" ? [] : new Metadata { { "authorization", "Bearer " + house.Token(centre) } };
        return await new ClassificationService.ClassificationServiceClient(house.Server.Channel).ClassifyRelapseAsync(
            request, headers, cancellationToken: TestContext.Current.CancellationToken);
    }
}
