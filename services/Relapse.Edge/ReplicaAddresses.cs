using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Relapse.Edge;

/// <summary>What a host's name stands for now; a test puts names of its own in its place.</summary>
/// <param name="host">The name.</param>
/// <param name="cancellation">Gives it up.</param>
/// <returns>Its addresses, at least one.</returns>
/// <exception cref="SocketException">It has none, or nobody can say.</exception>
public delegate Task<IPAddress[]> LookUp(string host, CancellationToken cancellation);

/// <summary>The addresses of the replicas that a name stands for (a headless Service), to be looked up again each <see cref="Period"/>.</summary>
/// <param name="lookUp">Looks a name up.</param>
public sealed class ReplicaAddresses(LookUp lookUp)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A name that is not found for a moment is called where it was last.
    private readonly ConcurrentDictionary<string, IPAddress[]> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How soon a replica that came or went is noticed, beside what the name servers take.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether an address stands for one process, so that there is nothing to look up.</summary>
    /// <param name="address">The address of a service.</param>
    public static bool IsFixed(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsLoopback || address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
    }

    /// <summary>The addresses of a name; those that it had last when it cannot be looked up, none when it never could.</summary>
    /// <param name="host">The name.</param>
    /// <param name="cancellation">Gives it up.</param>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
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
}
