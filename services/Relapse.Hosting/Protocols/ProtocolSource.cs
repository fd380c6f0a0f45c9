using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Protocols;

/// <summary>Where a service gets its protocols: the catalog in force, swapped whole. Nothing is served before there is one.</summary>
public sealed class ProtocolSource
{
    private volatile ProtocolCatalog? _catalog;

    /// <summary>The catalog in force. Before the library is loaded the call ends UNAVAILABLE, to be retried.</summary>
    public ProtocolCatalog Catalog => _catalog ?? throw RpcErrors.NotReady();

    internal bool IsLoaded => _catalog is not null;

    internal void Publish(ProtocolCatalog loaded) => _catalog = loaded;
}
