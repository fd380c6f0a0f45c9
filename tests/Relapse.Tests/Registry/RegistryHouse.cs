using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

public sealed class SqliteHouse : RegistryHouse
{
    private protected override Task<Engine> EngineAsync() => Engine.SqliteAsync();
}

public sealed class PostgresHouse(PostgresServer database) : RegistryHouse
{
    private protected override Task<Engine> EngineAsync() => Engine.PostgresAsync(database);
}

/// <summary>Every service in one process that asks for tokens, with a registry of its own on one of the engines.</summary>
public abstract class RegistryHouse : IAsyncLifetime
{
    private TestIssuer? _issuer;
    private Engine? _engine;

    internal RelapseServer Server { get; private set; } = new();

    private protected abstract Task<Engine> EngineAsync();

    public async ValueTask InitializeAsync()
    {
        _engine = await EngineAsync();
        _issuer = await TestIssuer.StartAsync();
        Server = new RelapseServer { Arguments = [_engine.Argument, .. _issuer.Arguments] };
        await Server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
        if (_issuer is not null)
        {
            await _issuer.DisposeAsync();
        }

        _engine?.Dispose();
    }

    /// <summary>A token for a centre with the scopes, all of them unless said otherwise.</summary>
    internal string Token(string? centre, string scope = "relapse.read relapse.publish relapse.label") => _issuer!.Token(centre, scope);

    /// <summary>The registry as a caller of a centre reaches it.</summary>
    internal RegistryFace As(string? centre, string transport) => RegistryFace.Of(Server, transport, Token(centre));

    /// <summary>A protocol that no other test has.</summary>
    internal static SmallProtocol Fresh(string version = "1") => new("t" + Guid.NewGuid().ToString("N"), version);

    /// <summary>The same process, started again on what the first one left.</summary>
    internal async Task RestartAsync()
    {
        var arguments = Server.Arguments;
        await Server.DisposeAsync();
        Server = new RelapseServer { Arguments = arguments };
        await Server.InitializeAsync();
    }
}

/// <summary>What the tests say of errors.</summary>
internal static class Refused
{
    public static async Task<(Grpc.Core.StatusCode Code, string Reason)> By(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<Grpc.Core.RpcException>(call);
        return (error.StatusCode, error.Reason());
    }
}
