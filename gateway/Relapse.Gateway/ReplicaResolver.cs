using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Relapse.Gateway;

/// <summary>What a host's name stands for now; a test puts names of its own in its place.</summary>
internal delegate Task<IPAddress[]> LookUp(string host, CancellationToken cancellation);

/// <summary>
/// A name can stand for many replicas (a headless Service): calls are spread over all its addresses, which are looked up again every few
/// seconds. Left to itself a connection of HTTP/2 stays with the replica that it met first. A call in progress stays where it is.
/// </summary>
internal sealed class ReplicaResolver(LookUp lookUp, TimeProvider clock) : IDestinationResolver
{
    /// <summary>How soon a replica that came or went is noticed, beside what the name servers take.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A name that is not found for a moment is called where it was last.
    private readonly ConcurrentDictionary<string, IPAddress[]> _known = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var replicas = await Task.WhenAll(destinations.Select(destination => ReplicasAsync(destination.Key, destination.Value, cancellationToken)));
        var isFixed = destinations.Values.All(destination => IsFixed(new Uri(destination.Address)));
        return new ResolvedDestinationCollection(
            replicas.SelectMany(one => one).ToDictionary(StringComparer.OrdinalIgnoreCase),
            isFixed ? null : new CancellationChangeToken(new CancellationTokenSource(Period, clock).Token));
    }

    private async Task<KeyValuePair<string, DestinationConfig>[]> ReplicasAsync(string name, DestinationConfig destination, CancellationToken cancellation)
    {
        var address = new Uri(destination.Address);
        var found = IsFixed(address) ? [] : await FindAsync(address.Host, cancellation);
        return found.Length == 0
            ? [KeyValuePair.Create(name, destination)]
            : [.. found.Select(replica => KeyValuePair.Create($"{name}[{replica}]", At(destination, address, replica)))];
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return _known[host] = await lookUp(host, cancellation).WaitAsync(Patience, cancellation);
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException)
        {
            return _known.GetValueOrDefault(host, []);
        }
    }

    // Called as before: a certificate is for the name.
    private static DestinationConfig At(DestinationConfig destination, Uri address, IPAddress replica) => destination with
    {
        Address = new UriBuilder(address) { Host = replica.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{replica}]" : replica.ToString() }.Uri.ToString(),
        Host = destination.Host ?? address.Authority,
    };

    private static bool IsFixed(Uri address) => address.IsLoopback || address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
