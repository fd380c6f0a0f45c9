using System.Diagnostics;
using Grpc.Core;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

/// <summary>Two replicas over one PostgreSQL: what one is told, the other knows within a second, and a label moves once.</summary>
public sealed class ReplicasTests(PostgresServer database)
{
    [Fact]
    public async Task What_one_replica_is_told_the_other_answers_from_and_only_one_of_two_movers_wins()
    {
        using var engine = await Engine.PostgresAsync(database);
        await using var issuer = await TestIssuer.StartAsync();
        string[] arguments = [engine.Argument, .. issuer.Arguments];
        await using var one = new RelapseServer { Arguments = arguments };
        await using var other = new RelapseServer { Arguments = arguments };
        await Task.WhenAll(one.InitializeAsync().AsTask(), other.InitializeAsync().AsTask());
        var (here, there) = (RegistryFace.Of(one, "gRPC", issuer.Token("north")), RegistryFace.Of(other, "JSON", issuer.Token("north")));
        Assert.Equal(await here.Resolve("protocols/cog/labels/current"), await there.Resolve("protocols/cog/labels/current"));

        var small = RegistryHouse.Fresh();
        await here.Publish(small.Publish());
        var label = await here.Move($"protocols/{small.Id}/labels/current", small.Name);
        var told = Stopwatch.StartNew();
        while (await OutcomeAsync(() => there.Resolve(label.Name)) != StatusCode.OK)
        {
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(10));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(label, (await there.Resolve(label.Name)).Label);
        Assert.Equal(small.Yaml, (await there.Get(small.Name)).Yaml.ToStringUtf8());

        // The other has not heard of the next move when it is told to move; the store has.
        var outcomes = await Task.WhenAll(
            OutcomeAsync(() => here.Move(label.Name, small.Name, label.Etag)), OutcomeAsync(() => there.Move(label.Name, small.Name, label.Etag)));
        Assert.Equal([StatusCode.Aborted, StatusCode.OK], outcomes.OrderDescending());
        one.AssertNoErrorsLogged();
        other.AssertNoErrorsLogged();
    }

    private static async Task<StatusCode> OutcomeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
