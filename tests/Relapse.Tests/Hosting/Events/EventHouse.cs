using System.Security.Cryptography;
using System.Text;

namespace Relapse.Tests.Hosting.Events;

/// <summary>Every service in one process, with a sidecar beside it.</summary>
public sealed class EventHouse : IAsyncLifetime
{
    internal Sidecar Sidecar { get; private set; } = null!;

    internal RelapseServer Server { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        Sidecar = await Sidecar.StartAsync();
        Server = new RelapseServer { Arguments = ["--RELAPSE_DAPR_ADDRESS=" + Sidecar.Address] };
        await Server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Sidecar.DisposeAsync();
    }

    /// <summary>What the id of an event has to be, by code of its own: SHA-256 of the lines.</summary>
    internal static string IdOf(params string[] lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));
}
