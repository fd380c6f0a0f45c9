using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

public sealed class SqliteRegistryWriteTests(SqliteHouse house) : RegistryWriteTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresRegistryWriteTests(PostgresHouse house) : RegistryWriteTests(house), IClassFixture<PostgresHouse>;

/// <summary>Publishing, labels and archiving, by both transports on each engine.</summary>
public abstract class RegistryWriteTests(RegistryHouse house) : IDisposable
{
    public static TheoryData<string> Transports => ["gRPC", "JSON"];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        house.Server.AssertNoErrorsLogged();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task What_is_published_is_read_back_whole_and_the_same_again_changes_nothing(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        var published = await north.Publish(small.Publish());
        Assert.Equal((small.Name, "north", false, false), (published.Version.Name, published.Version.Centre, published.Version.Shared, published.AlreadyPublished));
        Assert.Equal((2L, 2L, 1L, 0L), (published.Version.Certificate.Cells, published.Version.Certificate.Rules, published.Version.Certificate.Cases, published.Version.Certificate.Faults));

        var version = await north.Get(small.Name);
        Assert.Equal(small.Yaml, version.Yaml.ToStringUtf8());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(version.Yaml.Span)), version.Digest);
        Assert.Equal(small.Title, version.Document.Title);
        (version.Document, version.Yaml) = (null, ByteString.Empty);
        Assert.Equal(published.Version, version);

        var again = await north.Publish(small.Publish());
        Assert.Equal((true, published.Version), (again.AlreadyPublished, again.Version));
        Assert.Equal([published.Version], (await north.Versions("protocols/" + small.Id)).Versions);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Other_bytes_under_the_same_name_are_refused_rules_and_cases_alike(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var cases = small.Publish();
        cases.CasesYaml = ByteString.CopyFromUtf8(SmallProtocol.Cases + "\n# another comment\n");

        Assert.Equal((StatusCode.AlreadyExists, "ALREADY_PUBLISHED"), await Refused.By(() => north.Publish((small with { Title = "Another" }).Publish())));
        Assert.Equal((StatusCode.AlreadyExists, "ALREADY_PUBLISHED"), await Refused.By(() => north.Publish(cases)));
        Assert.Equal(small.Yaml, (await north.Get(small.Name)).Yaml.ToStringUtf8());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_document_with_faults_is_refused_with_every_one_and_where_it_stands(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        var request = new PublishProtocolVersionRequest
        {
            ProtocolYaml = ByteString.CopyFromUtf8(small.Yaml.Replace("period: PERIOD_CURRENT", "perod: PERIOD_CURRENT", StringComparison.Ordinal)),
            CasesYaml = ByteString.CopyFromUtf8("casus: []\n"),
        };
        var error = await Assert.ThrowsAsync<RpcException>(() => north.Publish(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var violations = error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations;
        Assert.Equal(["protocol_yaml", "protocol_yaml", "cases_yaml"], violations.Select(violation => violation.Field));
        Assert.Equal("protocol.yaml:0:0: INVALID period: required", violations[0].Description);
        Assert.StartsWith("protocol.yaml:6:1: UNKNOWN_KEY perod: ", violations[1].Description, StringComparison.Ordinal);
        Assert.StartsWith("cases.yaml:1:1: UNKNOWN_KEY casus: ", violations[2].Description, StringComparison.Ordinal);
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => north.Get(small.Name)));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Validate_only_says_what_would_happen_and_does_nothing(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        var request = small.Publish();
        request.ValidateOnly = true;
        var would = await north.Publish(request);
        Assert.Equal((small.Name, false), (would.Version.Name, would.AlreadyPublished));
        Assert.Null(would.Version.PublishTime);
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => north.Get(small.Name)));

        await north.Publish(small.Publish());
        var label = await north.Move(new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/house", Version = small.Name, ValidateOnly = true });
        Assert.Equal((small.Name, "", 0L), (label.Version, label.Etag, label.Revision));
        Assert.Equal((StatusCode.NotFound, "LABEL_NOT_FOUND"), await Refused.By(() => north.Resolve(label.Name)));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_label_is_made_moved_and_remembers_every_move(string transport)
    {
        var (north, one) = (house.As("north", transport), RegistryHouse.Fresh("1"));
        var two = one with { Version = "2" };
        await north.Publish(one.Publish());
        await north.Publish(two.Publish());
        var name = $"protocols/{one.Id}/labels/current";
        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), await Refused.By(() => north.Resolve(name)));

        var made = await north.Move(new MoveLabelRequest { Name = name, Version = one.Name, Reason = "It begins." });
        var moved = await north.Move(name, two.Name, made.Etag);
        var back = await north.Move(name, one.Name, moved.Etag);

        Assert.Equal((one.Name, "north", "It begins."), (made.Version, made.Centre, made.Reason));
        Assert.True(made.Revision < moved.Revision && moved.Revision < back.Revision);
        Assert.Equal(3, new[] { made.Etag, moved.Etag, back.Etag }.Distinct().Count());
        var resolved = await north.Resolve(name);
        Assert.Equal((one.Name, back), (resolved.Version, resolved.Label));
        Assert.Equal((await north.Get(one.Name)).Digest, resolved.Digest);
        Assert.Equal([back, moved, made], (await north.History(name)).Moves);
        var page = await north.History(name, 2);
        Assert.Equal([back, moved], page.Moves);
        Assert.Equal([made], (await north.History(name, 2, page.NextPageToken)).Moves);
        var protocol = Assert.Single((await north.List(1000)).Protocols, each => each.Name == "protocols/" + one.Id);
        Assert.Equal([one.Name, two.Name], protocol.Versions);
        Assert.Equal(one.Name, protocol.Labels["current"]);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_label_moves_only_from_where_the_mover_saw_it(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var name = $"protocols/{small.Id}/labels/house";
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(name, small.Name, "1")));
        var made = await north.Move(name, small.Name);
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(name, small.Name)));
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(name, small.Name, made.Etag + "0")));
        await north.Move(name, small.Name, made.Etag);
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(name, small.Name, made.Etag)));
        Assert.Equal(2, (await north.History(name)).Moves.Count);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Of_movers_with_the_same_etag_one_moves_and_the_others_are_aborted(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var name = $"protocols/{small.Id}/labels/current";
        for (var (round, etag) = (0, ""); round < 5; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            {
                try
                {
                    return ((Label?)await north.Move(name, small.Name, etag), Code: StatusCode.OK);
                }
                catch (RpcException error)
                {
                    return (null, Code: error.StatusCode);
                }
            }));
            etag = Assert.Single(outcomes, outcome => outcome.Code == StatusCode.OK).Item1!.Etag;
            Assert.Equal(7, outcomes.Count(outcome => outcome.Code == StatusCode.Aborted));
        }

        Assert.Equal(5, (await north.History(name)).Moves.Count);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task An_archived_version_is_read_and_not_evaluated(string transport)
    {
        var (north, one) = (house.As("north", transport), RegistryHouse.Fresh("1"));
        var two = one with { Version = "2" };
        await north.Publish(one.Publish());
        await north.Publish(two.Publish());
        var name = $"protocols/{one.Id}/labels/current";
        var made = await north.Move(name, one.Name);
        var refused = await Assert.ThrowsAsync<RpcException>(() => north.Archive(one.Name));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_LABELLED"), (refused.StatusCode, refused.Reason()));
        Assert.Equal(name, Assert.Single(refused.GetRpcStatus()!.GetDetail<Google.Rpc.PreconditionFailure>()!.Violations).Subject);

        var moved = await north.Move(name, two.Name, made.Etag);
        var archived = await north.Archive(one.Name, "Superseded.");
        Assert.NotNull(archived.ArchiveTime);
        Assert.Equal(archived, await north.Archive(one.Name));
        Assert.Equal(one.Yaml, (await north.Get(one.Name)).Yaml.ToStringUtf8());
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_ARCHIVED"), await Refused.By(() => north.Move(name, one.Name, moved.Etag)));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_ARCHIVED"), await Refused.By(() => ClassifyAsync("north", one.Name)));
        Assert.Equal([made.Version], (await north.History(name)).Moves.Skip(1).Select(move => move.Version));
    }

    [Fact]
    public async Task What_is_published_is_evaluated_by_the_services_of_the_process_from_then_on()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => ClassifyAsync("north", small.Name)));
        await north.Publish(small.Publish());
        await north.Move($"protocols/{small.Id}/labels/current", small.Name);

        var named = await ClassifyAsync("north", small.Name);
        var current = await ClassifyAsync("north", "protocols/" + small.Id);
        var unasked = await ClassifyAsync("north", null);
        Assert.Equal(["HIGH"], Group(named).Possible);
        Assert.Equal((small.Name, "HIGH"), (Group(current).Protocol, Assert.Single(Group(current).Possible)));
        Assert.Contains(unasked.Decisions, decision => decision.Protocol == small.Name);
        Assert.Contains(named.Receipts, receipt => receipt.Protocol == small.Name && receipt.Digest.Length == 64);
    }

    [Theory]
    [InlineData("name", "protocols/x", "protocols/x/versions/1")]
    [InlineData("name", "protocols/x/labels/UPPER", "protocols/x/versions/1")]
    [InlineData("name", "protocols/../labels/current", "protocols/x/versions/1")]
    [InlineData("version", "protocols/cog/labels/house", "protocols/x/labels/y")]
    [InlineData("version", "protocols/cog/labels/house", "")]
    [InlineData("version", "protocols/cog/labels/house", "protocols/ukall-r3/versions/2003.1")]
    public async Task What_is_no_name_is_refused_with_its_path(string field, string name, string version)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => house.As("north", "gRPC").Move(name, version));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(field, error.Fields());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_reason_is_short_and_plain(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        foreach (var reason in new[] { new string('x', 513), "a\0b", "a\nb" })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => north.Move(new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/l", Version = small.Name, Reason = reason }));
            Assert.Equal((StatusCode.InvalidArgument, "reason"), (error.StatusCode, Assert.Single(error.Fields())));
            Assert.Equal("reason", Assert.Single((await Assert.ThrowsAsync<RpcException>(() => north.Archive(small.Name, reason))).Fields()));
        }

        await north.Move(new MoveLabelRequest { Name = $"protocols/{small.Id}/labels/l", Version = small.Name, Reason = new string('ü', 512) });
    }

    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish(shared: true));
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var shipped = await north.Resolve("protocols/cog/labels/current");
        var versions = await north.Versions("protocols/" + small.Id);

        await house.RestartAsync();

        north = house.As("north", "gRPC");
        Assert.Equal(label, (await north.Resolve(label.Name)).Label);
        Assert.Equal(versions, await north.Versions("protocols/" + small.Id));
        Assert.Equal(shipped, await north.Resolve("protocols/cog/labels/current"));
        Assert.Equal(["HIGH"], Group(await ClassifyAsync("north", small.Name)).Possible);
    }

    private static Relapse.Contracts.Decision.V1.Decision Group(ClassifyRelapseResponse answer) =>
        Assert.Single(answer.Decisions, decision => decision.Decision_ == "risk_group");

    private async Task<ClassifyRelapseResponse> ClassifyAsync(string centre, string? protocol)
    {
        var request = new ClassifyRelapseRequest { Case = new RelapseCase { Lineage = Lineage.TCell } };
        if (protocol is not null)
        {
            request.Protocols.Add(protocol);
        }

        return await new ClassificationService.ClassificationServiceClient(house.Server.Channel).ClassifyRelapseAsync(
            request, new Metadata { { "authorization", "Bearer " + house.Token(centre) } }, cancellationToken: TestContext.Current.CancellationToken);
    }
}
