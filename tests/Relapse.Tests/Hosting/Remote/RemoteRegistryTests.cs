using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>A service in another process answers as the registry says, for each caller, and goes on without it.</summary>
public sealed class RemoteRegistryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_published_and_labelled_there_is_answered_here_and_no_call_fails_while_a_label_moves()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync();
        await service.ReadyAsync();
        Assert.Equal(["protocols/cog/versions/2012.1"], await service.AskAsync("north", "protocols/cog"));

        var (north, one) = (house.As("north"), RegistryHouse.Fresh());
        await north.Publish(one.Publish());
        var label = await north.Move($"protocols/{one.Id}/labels/current", one.Name);
        Assert.Equal([one.Name], await service.AskSoonAsync("north", "protocols/" + one.Id, StatusCode.NotFound, StatusCode.FailedPrecondition, StatusCode.Unavailable));
        Assert.Contains(one.Name, await service.AskAsync("north"));

        // The second version and the label's move are one right after the other: while it is got, the first one stands.
        var two = one with { Version = "2" };
        await north.Publish(two.Publish());
        await north.Move(label.Name, two.Name, label.Etag);
        var moved = System.Diagnostics.Stopwatch.StartNew();
        string[] answer;
        do
        {
            answer = await service.AskAsync("north", "protocols/" + one.Id);
            Assert.True(answer is [var version] && (version == one.Name || version == two.Name));
            Assert.True(moved.Elapsed < TimeSpan.FromSeconds(20));
        }
        while (answer[0] != two.Name);
        TestContext.Current.TestOutputHelper?.WriteLine($"the move was answered from after {moved.ElapsedMilliseconds} ms");
        Assert.Equal([one.Name], await service.AskAsync("north", one.Name));

        await north.Archive(one.Name);
        var archived = await UntilAsync(() => service.AskAsync("north", one.Name));
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_ARCHIVED"), (archived.StatusCode, archived.Reason()));
        Assert.Empty(service.Logs.Errors);
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_stops_without_an_error()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync();
        await service.ReadyAsync();
        await service.StopAsync();
        Assert.Empty(service.Logs.Errors);
    }

    [Fact]
    public async Task Each_caller_of_a_service_sees_what_is_theirs_of_the_registry_followed()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync();
        await service.ReadyAsync();
        var (north, hidden, shared) = (house.As("north"), RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await north.Publish(hidden.Publish());
        await north.Move($"protocols/{hidden.Id}/labels/current", hidden.Name);
        await north.Publish(shared.Publish(shared: true));
        await north.Move($"protocols/{shared.Id}/labels/current", shared.Name);

        Assert.Equal([shared.Name], await service.AskSoonAsync("south", "protocols/" + shared.Id, StatusCode.NotFound, StatusCode.FailedPrecondition, StatusCode.Unavailable));
        Assert.Equal([hidden.Name], await service.AskAsync("north", "protocols/" + hidden.Id));
        foreach (var name in new[] { hidden.Name, "protocols/" + hidden.Id })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => service.AskAsync("south", name));
            Assert.Equal(StatusCode.NotFound, error.StatusCode);
        }

        Assert.DoesNotContain(shared.Name, await service.AskAsync("south"));
        Assert.Superset(new HashSet<string> { shared.Name, hidden.Name }, (await service.AskAsync("north")).ToHashSet());
    }

    [Fact]
    public async Task A_service_whose_token_may_not_follow_every_centre_sees_what_is_shared_and_nothing_else()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync("relapse.read");
        await service.ReadyAsync();
        var (north, hidden, shared) = (house.As("north"), RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await north.Publish(hidden.Publish());
        await north.Publish(shared.Publish(shared: true));
        Assert.Equal([shared.Name], await service.AskSoonAsync("north", shared.Name, StatusCode.NotFound, StatusCode.Unavailable));
        var error = await Assert.ThrowsAsync<RpcException>(() => service.AskAsync("north", hidden.Name));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Without_the_registry_what_is_held_is_answered_and_what_is_not_known_is_unavailable_until_it_is_back()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync();
        await service.ReadyAsync();
        var (held, late) = (RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await house.As("north").Publish(held.Publish());
        await service.AskSoonAsync("north", held.Name, StatusCode.NotFound, StatusCode.Unavailable);

        await house.StopRegistryAsync();
        var lost = await UntilAsync(() => service.AskAsync("north", late.Name), StatusCode.NotFound);
        Assert.Equal((StatusCode.Unavailable, "VERSION_NOT_HELD"), (lost.StatusCode, lost.Reason()));
        Assert.NotNull(lost.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.Equal([held.Name], await service.AskAsync("north", held.Name));
        Assert.NotEmpty(await service.AskAsync("south"));
        using (var ready = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Cancel))
        {
            Assert.True(ready.IsSuccessStatusCode);
        }

        await house.StartRegistryAsync();
        await house.As("north").Publish(late.Publish());
        Assert.Equal([late.Name], await service.AskSoonAsync("north", late.Name, StatusCode.NotFound, StatusCode.Unavailable));
        Assert.Empty(service.Logs.Errors);
    }

    [Fact]
    public async Task Started_without_the_registry_a_service_is_not_ready_until_it_has_heard_what_there_is()
    {
        await using var house = await RemoteHouse.StartAsync(withRegistry: false);
        await using var service = await house.ServiceAsync();
        var early = await Assert.ThrowsAsync<RpcException>(() => service.AskAsync("north", "protocols/cog"));
        Assert.Equal(StatusCode.Unavailable, early.StatusCode);
        Assert.NotNull(early.GetRpcStatus()!.GetDetail<RetryInfo>());
        using (var ready = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Cancel))
        {
            Assert.False(ready.IsSuccessStatusCode);
        }

        await house.StartRegistryAsync();
        await service.ReadyAsync();
        Assert.Equal(["protocols/cog/versions/2012.1"], await service.AskAsync("north", "protocols/cog"));
    }

    [Fact]
    public async Task Another_registry_at_the_same_place_is_taken_over_whole()
    {
        await using var house = await RemoteHouse.StartAsync();
        await using var service = await house.ServiceAsync();
        await service.ReadyAsync();
        var (old, fresh) = (RegistryHouse.Fresh(), RegistryHouse.Fresh());
        await house.As("north").Publish(old.Publish());
        await service.AskSoonAsync("north", old.Name, StatusCode.NotFound, StatusCode.Unavailable);

        // It gives the revision that the service has to something else.
        await house.StopRegistryAsync();
        house.Forget();
        await house.StartRegistryAsync();
        await house.As("north").Publish(fresh.Publish());
        var gone = await UntilAsync(() => service.AskAsync("north", old.Name), StatusCode.Unavailable);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        Assert.Equal([fresh.Name], await service.AskSoonAsync("north", fresh.Name, StatusCode.NotFound, StatusCode.Unavailable));
    }

    [Fact]
    public async Task Who_follows_for_every_centre_reads_what_each_keeps_to_itself_and_writes_nothing_of_it()
    {
        await using var house = await RemoteHouse.StartAsync();
        var hidden = RegistryHouse.Fresh();
        var published = await house.As("north").Publish(hidden.Publish());
        var client = new RegistryService.RegistryServiceClient(house.Registry.Channel);
        var follower = house.Headers("south", "relapse.read relapse.publish relapse.label relapse.replicate");

        var got = await client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = hidden.Name, WithCases = true }, follower, cancellationToken: Cancel);
        Assert.Equal((hidden.Yaml, SmallProtocol.Cases), (got.Version.Yaml.ToStringUtf8(), got.Version.CasesYaml.ToStringUtf8()));
        var shipped = await client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = "protocols/cog/versions/2012.1", WithCases = true }, follower, cancellationToken: Cancel);
        Assert.Equal(
            shipped.Version.CasesDigest,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(shipped.Version.CasesYaml.Span)));
        using var watch = client.WatchLabels(new WatchLabelsRequest(), follower, cancellationToken: Cancel);
        Assert.True(await watch.ResponseStream.MoveNext(Cancel));
        Assert.Contains(published.Version, watch.ResponseStream.Current.Versions);

        // Everything else is as for anybody of its centre.
        Func<Task>[] calls =
        [
            () => client.ListProtocolVersionsAsync(new ListProtocolVersionsRequest { Parent = "protocols/" + hidden.Id }, follower, cancellationToken: Cancel).ResponseAsync,
            () => client.MoveLabelAsync(new MoveLabelRequest { Name = $"protocols/{hidden.Id}/labels/mine", Version = hidden.Name }, follower, cancellationToken: Cancel).ResponseAsync,
            () => client.ArchiveProtocolVersionAsync(new ArchiveProtocolVersionRequest { Name = hidden.Name }, follower, cancellationToken: Cancel).ResponseAsync,
        ];
        foreach (var call in calls)
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        var plain = await Assert.ThrowsAsync<RpcException>(() => client.GetProtocolVersionAsync(
            new GetProtocolVersionRequest { Name = hidden.Name }, house.Headers("south", "relapse.read"), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, plain.StatusCode);
    }

    // The first error of another code; answers and those codes may come before it, for a while.
    private static async Task<RpcException> UntilAsync(Func<Task> call, params StatusCode[] before)
    {
        for (var told = System.Diagnostics.Stopwatch.StartNew(); told.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20, Cancel))
        {
            try
            {
                await call();
            }
            catch (RpcException error) when (!before.Contains(error.StatusCode))
            {
                return error;
            }
            catch (RpcException)
            {
                // Not yet.
            }
        }

        throw new TimeoutException();
    }
}
