using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;

namespace Relapse.Hosting;

/// <summary>What GetServiceInfo of every service answers.</summary>
public static class ServiceDescription
{
    /// <summary>Describes a service that holds the versions of a catalog.</summary>
    /// <param name="service">Full name of the service.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="events">Where it publishes its events; null: it has none.</param>
    public static ServiceInfo Of(string service, ProtocolCatalog catalog, AnswerEvents? events = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var info = new ServiceInfo
        {
            Service = service,
            IntendedUse = IntendedUse.Statement,
            NotIntendedFor = IntendedUse.NotFor,
            EngineVersion = EngineVersion.Current,
            PublishesEvents = events is { IsConfigured: true },
        };
        info.Protocols.AddRange(catalog.Protocols.SelectMany(entry => entry.Versions)
            .Select(version => new LoadedProtocol { Name = version.Name, Digest = version.Digest }));
        return info;
    }
}
