using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Remote;

namespace Relapse.Tests.Registry;

public sealed class SqliteArchiveAndLabelsTests(SqliteHouse house) : ArchiveAndLabelsTests(house), IClassFixture<SqliteHouse>;

public sealed class PostgresArchiveAndLabelsTests(PostgresHouse house) : ArchiveAndLabelsTests(house), IClassFixture<PostgresHouse>;

/// <summary>A version that is archived while labels stand on it, and labels that are taken away.</summary>
public abstract class ArchiveAndLabelsTests(RegistryHouse house) : IDisposable
{
    public static TheoryData<string> Transports => ["gRPC", "JSON"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        house.Server.AssertNoErrorsLogged();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Another_centres_label_does_not_keep_a_version_from_being_archived_and_resolves_no_more(string transport)
    {
        var (north, south, small) = (house.As("north", transport), house.As("south", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish(shared: true));
        var name = $"protocols/{small.Id}/labels/ours";
        var label = await south.Move(name, small.Name);

        await north.Archive(small.Name, "Two cells were printed the wrong way round.");

        var refused = await Assert.ThrowsAsync<RpcException>(() => south.Resolve(name));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_ARCHIVED"), (refused.StatusCode, refused.Reason()));
        var violation = Assert.Single(refused.GetRpcStatus()!.GetDetail<PreconditionFailure>()!.Violations);
        Assert.Equal(small.Name, violation.Subject);
        Assert.EndsWith(" UTC: Two cells were printed the wrong way round.", violation.Description, StringComparison.Ordinal);

        // The label stays where it stood, and its etag is had from there.
        Assert.Equal([label], (await south.History(name)).Moves);
        var next = small with { Version = "2" };
        await north.Publish(next.Publish(shared: true));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_ARCHIVED"), await Refused.By(() => south.Resolve(name)));
        await south.Move(name, next.Name, label.Etag);
        Assert.Equal(next.Name, (await south.Resolve(name)).Version);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Ones_own_labels_hinder_archiving_all_listed_until_they_are_moved_or_withdrawn(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var (current, ours) = (await north.Move($"protocols/{small.Id}/labels/current", small.Name), await north.Move($"protocols/{small.Id}/labels/ours", small.Name));
        var refused = await Assert.ThrowsAsync<RpcException>(() => north.Archive(small.Name));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_LABELLED"), (refused.StatusCode, refused.Reason()));
        Assert.Equal([current.Name, ours.Name], refused.GetRpcStatus()!.GetDetail<PreconditionFailure>()!.Violations.Select(violation => violation.Subject));

        await north.Move(Withdrawing(current));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_LABELLED"), await Refused.By(() => north.Archive(small.Name)));
        await north.Move(Withdrawing(ours));
        await north.Archive(small.Name);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Why_and_when_a_version_was_archived_is_read_back_and_stays(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        Assert.Equal("", (await north.Get(small.Name)).ArchiveReason);

        var archived = await north.Archive(small.Name, "Superseded.");
        await north.Archive(small.Name, "Another word.");

        Assert.Equal("Superseded.", archived.ArchiveReason);
        var listed = Assert.Single((await north.Versions("protocols/" + small.Id)).Versions);
        var got = await north.Get(small.Name);
        Assert.Equal(("Superseded.", archived.ArchiveTime), (listed.ArchiveReason, listed.ArchiveTime));
        Assert.Equal(("Superseded.", archived.ArchiveTime), (got.ArchiveReason, got.ArchiveTime));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_withdrawn_current_stands_nowhere_for_anybody_and_has_its_history(string transport)
    {
        var (north, south, small) = (house.As("north", transport), house.As("south", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish(shared: true));
        var made = await north.Move($"protocols/{small.Id}/labels/current", small.Name);

        var would = await north.Move(Withdrawing(made, validateOnly: true));
        Assert.Equal(("", "", 0L), (would.Version, would.Etag, would.Revision));
        Assert.Equal(small.Name, (await south.Resolve(made.Name)).Version);

        var withdrawn = await north.Move(Withdrawing(made, "It was published by mistake."));
        Assert.Equal((made.Name, "", "It was published by mistake."), (withdrawn.Name, withdrawn.Version, withdrawn.Reason));
        Assert.True(withdrawn.Revision > made.Revision && withdrawn.Etag != made.Etag);
        foreach (var face in new[] { north, south })
        {
            Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), await Refused.By(() => face.Resolve(made.Name)));
            Assert.Equal([withdrawn, made], (await face.History(made.Name)).Moves);
            Assert.Empty((await face.List(1000)).Protocols.Single(protocol => protocol.Name == "protocols/" + small.Id).Labels);
        }

        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), await Refused.By(() => ClassifyAsync("protocols/" + small.Id)));
        Assert.Equal((StatusCode.FailedPrecondition, "LABEL_WITHDRAWN"), await Refused.By(() => north.Move(Withdrawing(withdrawn))));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_withdrawn_label_is_made_again_as_one_that_never_was_or_from_what_its_history_says(string transport)
    {
        var (north, small) = (house.As("north", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var made = await north.Move($"protocols/{small.Id}/labels/ours", small.Name);
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(new MoveLabelRequest { Name = made.Name, Withdraw = true, Etag = made.Etag + "0" })));
        var withdrawn = await north.Move(Withdrawing(made, "No longer used."));
        var refused = await Assert.ThrowsAsync<RpcException>(() => north.Resolve(made.Name));
        Assert.Equal((StatusCode.FailedPrecondition, "LABEL_WITHDRAWN"), (refused.StatusCode, refused.Reason()));
        Assert.Contains("No longer used.", Assert.Single(refused.GetRpcStatus()!.GetDetail<PreconditionFailure>()!.Violations).Description, StringComparison.Ordinal);
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(made.Name, small.Name, made.Etag)));

        var again = await north.Move(made.Name, small.Name);
        Assert.Equal((StatusCode.Aborted, "LABEL_MOVED"), await Refused.By(() => north.Move(made.Name, small.Name)));
        var twice = await north.Move(made.Name, small.Name, (await north.Move(Withdrawing(again))).Etag);
        Assert.Equal(twice, (await north.Resolve(made.Name)).Label);
        Assert.Equal(5, (await north.History(made.Name)).Moves.Count);
        Assert.Equal(withdrawn, (await north.History(made.Name)).Moves[3]);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Only_its_owner_withdraws_a_label_and_a_label_that_there_is_not_is_not_found(string transport)
    {
        var (north, south, small) = (house.As("north", transport), house.As("south", transport), RegistryHouse.Fresh());
        await north.Publish(small.Publish(shared: true));
        var current = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var ours = await north.Move($"protocols/{small.Id}/labels/ours", small.Name);
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(() => south.Move(Withdrawing(current))));
        Assert.Equal((StatusCode.NotFound, "LABEL_NOT_FOUND"), await Refused.By(() => south.Move(Withdrawing(ours))));
        Assert.Equal((StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), await Refused.By(() => south.Move(new MoveLabelRequest { Name = "protocols/none-such/labels/ours", Withdraw = true })));
        Assert.Equal((StatusCode.PermissionDenied, "NOT_YOUR_PROTOCOL"), await Refused.By(async () => await south.Move(Withdrawing((await south.Resolve("protocols/cog/labels/current")).Label))));

        var error = await Assert.ThrowsAsync<RpcException>(() => north.Move(new MoveLabelRequest { Name = ours.Name, Version = small.Name, Etag = ours.Etag, Withdraw = true }));
        Assert.Equal((StatusCode.InvalidArgument, "version"), (error.StatusCode, Assert.Single(error.Fields())));
        Assert.Equal(small.Name, (await north.Resolve(ours.Name)).Version);
    }

    [Fact]
    public async Task Who_watches_is_told_of_what_was_withdrawn_and_whose_it_was_and_of_what_was_archived_and_why()
    {
        var (north, south, small) = (house.As("north", "gRPC"), house.As("south", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish(shared: true));
        var current = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var northern = await north.Move($"protocols/{small.Id}/labels/ours", small.Name);
        var southern = await south.Move($"protocols/{small.Id}/labels/ours", small.Name);
        using var watch = Watch(house.Token("south"));
        using var every = Watch(house.Token("south", "relapse.read relapse.replicate"));
        Assert.Contains(southern, (await UntilAsync(watch, message => message.Labels.Contains(southern))).Labels);
        await UntilAsync(every, message => message.Labels.Contains(southern));

        var gone = await north.Move(Withdrawing(northern));
        Assert.Equal([gone], (await UntilAsync(every, message => message.WithdrawnLabels.Count > 0)).WithdrawnLabels);
        Assert.Empty(every.ResponseStream.Current.GoneLabels);
        gone = await north.Move(Withdrawing(current));
        foreach (var each in new[] { watch, every })
        {
            var heard = await UntilAsync(each, message => message.WithdrawnLabels.Count > 0);
            Assert.Equal([gone], heard.WithdrawnLabels);
            Assert.Equal([current.Name], heard.GoneLabels);
            Assert.Empty(heard.Labels);
        }

        await north.Archive(small.Name, "No longer followed.");
        Assert.Equal("No longer followed.", Assert.Single((await UntilAsync(watch, message => message.Versions.Count > 0)).Versions).ArchiveReason);
        gone = await south.Move(Withdrawing(southern));
        Assert.Equal([gone], (await UntilAsync(watch, message => message.WithdrawnLabels.Count > 0)).WithdrawnLabels);
        Assert.Equal([southern.Name], watch.ResponseStream.Current.GoneLabels);
    }

    [Fact]
    public async Task What_was_withdrawn_and_archived_is_so_after_a_restart()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var current = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var withdrawn = await north.Move(Withdrawing(current));
        await north.Archive(small.Name, "Superseded.");

        await house.RestartAsync();

        north = house.As("north", "gRPC");
        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), await Refused.By(() => north.Resolve(current.Name)));
        Assert.Equal([withdrawn, current], (await north.History(current.Name)).Moves);
        Assert.Equal("Superseded.", (await north.Get(small.Name)).ArchiveReason);
    }

    internal static MoveLabelRequest Withdrawing(Label label, string reason = "", bool validateOnly = false) =>
        new() { Name = label.Name, Etag = label.Etag, Withdraw = true, Reason = reason, ValidateOnly = validateOnly };

    private AsyncServerStreamingCall<WatchLabelsResponse> Watch(string token) => new RegistryService.RegistryServiceClient(house.Server.Channel).WatchLabels(
        new WatchLabelsRequest(), new Metadata { { "authorization", "Bearer " + token } }, cancellationToken: Cancel);

    private static async Task<WatchLabelsResponse> UntilAsync(AsyncServerStreamingCall<WatchLabelsResponse> watch, Predicate<WatchLabelsResponse> isIt)
    {
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel));
        }
        while (!isIt(watch.ResponseStream.Current));
        return watch.ResponseStream.Current;
    }

    private async Task<ClassifyRelapseResponse> ClassifyAsync(string protocol) =>
        await new ClassificationService.ClassificationServiceClient(house.Server.Channel).ClassifyRelapseAsync(
            new ClassifyRelapseRequest { Case = new RelapseCase { Lineage = Lineage.TCell }, Protocols = { protocol } },
            new Metadata { { "authorization", "Bearer " + house.Token("north") } },
            cancellationToken: Cancel);
}

/// <summary>The same for services in processes of their own.</summary>
public sealed class FollowedWithdrawnCurrentTests
{
    [Theory]
    [InlineData("relapse.read")]
    [InlineData("relapse.read relapse.replicate")]
    public async Task A_service_that_follows_the_registry_stops_answering_from_a_current_that_was_withdrawn(string scope)
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync(scope);
        await service.ReadyAsync();
        var (north, small) = (house.As("north"), RegistryHouse.Fresh());
        await north.Publish(small.Publish(shared: true));
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        Assert.Equal([small.Name], await service.AskSoonAsync("south", "protocols/" + small.Id, StatusCode.NotFound, StatusCode.FailedPrecondition, StatusCode.Unavailable));

        await north.Move(ArchiveAndLabelsTests.Withdrawing(label));

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var told = System.Diagnostics.Stopwatch.StartNew(); told.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20, TestContext.Current.CancellationToken))
            {
                await service.AskAsync("south", "protocols/" + small.Id);
            }
        });
        Assert.Equal((StatusCode.FailedPrecondition, "NO_CURRENT_LABEL"), (error.StatusCode, error.Reason()));
        Assert.Equal([small.Name], await service.AskAsync("south", small.Name));
    }
}
