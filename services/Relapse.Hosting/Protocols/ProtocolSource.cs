using Microsoft.AspNetCore.Http;
using Relapse.Contracts.Decision.V1;
using Relapse.Edge;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Protocols;

/// <summary>Where a service gets its protocols: the catalog in force, swapped whole. Nothing is served before there is one.</summary>
public sealed class ProtocolSource(IHttpContextAccessor calls)
{
    private volatile ProtocolCatalog? _catalog;

    /// <summary>
    /// The catalog in force, as far as the caller of the call in progress may see it: another centre's own protocol is not
    /// there. Before the library is loaded the call ends UNAVAILABLE, to be retried. To be read once for a call.
    /// </summary>
    public ProtocolCatalog Catalog => Whole.For(calls.HttpContext is { } call ? Caller.Of(call).Centre : null);

    /// <summary>The same for a request that may ask for an answer as it was given before; null: it does not.</summary>
    public ProtocolCatalog CatalogFor(Replay? replay) => replay is null ? Catalog : Catalog.Replayed(replay.References);

    internal bool IsLoaded => _catalog is not null;

    private ProtocolCatalog Whole => _catalog ?? throw RpcErrors.NotReady();

    /// <summary>Puts the first catalog in force, unless a later one already is.</summary>
    internal void Begin(ProtocolCatalog loaded) => Interlocked.CompareExchange(ref _catalog, loaded, null);

    /// <summary>Faults the settings of a process that has the registry inside and is told to follow another.</summary>
    public static void RefuseRemote(Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Text(RemoteOptions.AddressName, "").Length > 0)
        {
            settings.Fault(RemoteOptions.AddressName, "is set and this process has the registry inside; it cannot follow another");
        }
    }

    /// <summary>Puts another catalog in force, for every call that begins after this.</summary>
    public void Publish(ProtocolCatalog loaded) => _catalog = loaded;
}

/// <summary>
/// Makes the first catalog in force out of the shipped library, and may publish later ones: the registry does it in its own
/// process, in another one the service that follows it. Where nothing of the kind is registered, the library is all there is.
/// </summary>
/// <exception cref="CatalogRefusedException">The process must not start.</exception>
public delegate Task<ProtocolCatalog> CompleteCatalog(ProtocolCatalog shipped, CancellationToken cancellation);

/// <summary>The process must not start with what it has; the message says why, to its operator.</summary>
public sealed class CatalogRefusedException(string message) : Exception(message);
