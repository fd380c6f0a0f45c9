using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

/// <summary>A store that fails: before anything is written that is said, and while it commits that nobody knows.</summary>
public sealed class UnknownOutcomeTests(PostgresServer database)
{
    // A deferred trigger runs when the transaction commits: the connection ends in the middle of that.
    private const string EndAtCommit = """
        CREATE FUNCTION end_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER end_at_commit AFTER INSERT ON registry_versions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_at_commit();
        """;

    [Fact]
    public async Task A_connection_that_ends_while_it_commits_is_said_to_be_that_and_repeating_is_safe()
    {
        using var engine = await Engine.PostgresAsync(database);
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new RelapseServer { Arguments = [engine.Argument, .. issuer.Arguments] };
        await server.InitializeAsync();
        var (north, small) = (RegistryFace.Of(server, "gRPC", issuer.Token("north")), RegistryHouse.Fresh());
        await engine.ExecuteAsync(EndAtCommit);

        var error = await Assert.ThrowsAsync<RpcException>(() => north.Publish(small.Publish()));

        Assert.Equal((StatusCode.Unavailable, "OUTCOME_UNKNOWN"), (error.StatusCode, error.Reason()));
        Assert.DoesNotContain("nothing was changed", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("Repeating it is safe", error.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
        await engine.ExecuteAsync("DROP TRIGGER end_at_commit ON registry_versions");
        await north.Publish(small.Publish());
        Assert.True((await north.Publish(small.Publish())).AlreadyPublished);
        Assert.Single((await north.Versions("protocols/" + small.Id)).Versions);
    }

    [Fact]
    public async Task A_statement_that_fails_before_that_has_changed_nothing_and_says_so()
    {
        using var engine = await Engine.PostgresAsync(database);
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new RelapseServer { Arguments = [engine.Argument, .. issuer.Arguments] };
        await server.InitializeAsync();
        var (north, small) = (RegistryFace.Of(server, "gRPC", issuer.Token("north")), RegistryHouse.Fresh());
        await engine.ExecuteAsync("ALTER TABLE registry_versions RENAME TO registry_elsewhere");

        var error = await Assert.ThrowsAsync<RpcException>(() => north.Publish(small.Publish()));

        Assert.Equal((StatusCode.Unavailable, "STORE_UNREACHABLE"), (error.StatusCode, error.Reason()));
        Assert.Contains("nothing was changed", error.Status.Detail, StringComparison.Ordinal);
        await engine.ExecuteAsync("ALTER TABLE registry_elsewhere RENAME TO registry_versions");
        Assert.False((await north.Publish(small.Publish())).AlreadyPublished);
    }
}
