using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Protocols;

namespace Relapse.Hosting;

/// <summary>What GetServiceInfo of every service answers.</summary>
public static class ServiceDescription
{
    /// <summary>Describes a service that holds the versions of a catalog.</summary>
    public static ServiceInfo Of(string service, ProtocolCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var info = new ServiceInfo
        {
            Service = service,
            IntendedUse = IntendedUse.Statement,
            NotIntendedFor = IntendedUse.NotFor,
            EngineVersion = EngineVersion.Current,
        };
        info.Protocols.AddRange(catalog.Protocols.SelectMany(entry => entry.Versions)
            .Select(version => new LoadedProtocol { Name = version.Name, Digest = version.Digest }));
        return info;
    }
}
