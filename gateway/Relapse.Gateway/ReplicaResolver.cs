using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;
using Relapse.Edge;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Relapse.Gateway;

/// <summary>
/// A name can stand for many replicas (a headless Service): calls are spread over all its addresses, which are looked up again every few
/// seconds. Left to itself a connection of HTTP/2 stays with the replica that it met first. A call in progress stays where it is.
/// </summary>
internal sealed class ReplicaResolver(ReplicaAddresses replicas, TimeProvider clock) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(destinations.Select(destination => ReplicasAsync(destination.Key, destination.Value, cancellationToken)));
        var isFixed = destinations.Values.All(destination => ReplicaAddresses.IsFixed(new Uri(destination.Address)));
        return new ResolvedDestinationCollection(
            found.SelectMany(one => one).ToDictionary(StringComparer.OrdinalIgnoreCase),
            isFixed ? null : new CancellationChangeToken(new CancellationTokenSource(ReplicaAddresses.Period, clock).Token));
    }

    private async Task<KeyValuePair<string, DestinationConfig>[]> ReplicasAsync(string name, DestinationConfig destination, CancellationToken cancellation)
    {
        var address = new Uri(destination.Address);
        var found = ReplicaAddresses.IsFixed(address) ? [] : await replicas.FindAsync(address.Host, cancellation);
        return found.Length == 0
            ? [KeyValuePair.Create(name, destination)]
            : [.. found.Select(replica => KeyValuePair.Create($"{name}[{replica}]", At(destination, address, replica)))];
    }

    // Called as before: a certificate is for the name.
    private static DestinationConfig At(DestinationConfig destination, Uri address, IPAddress replica) => destination with
    {
        Address = new UriBuilder(address) { Host = replica.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{replica}]" : replica.ToString() }.Uri.ToString(),
        Host = destination.Host ?? address.Authority,
    };
}
