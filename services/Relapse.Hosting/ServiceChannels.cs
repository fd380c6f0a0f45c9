using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relapse.Edge;

namespace Relapse.Hosting;

/// <summary>
/// Channels to other services. A name can stand for many replicas (a headless Service): calls are spread over all of them by the gRPC
/// client's own round robin, and follow those that come and go. A stream stays where it was opened.
/// </summary>
/// <param name="lookUp">How names are looked up; null: as this machine does.</param>
/// <param name="clock">By which they are looked up again; null: the machine's.</param>
public sealed class ServiceChannels(LookUp? lookUp = null, TimeProvider? clock = null)
{
    private readonly ReplicaAddresses _replicas = new(lookUp ?? Dns.GetHostAddressesAsync);

    /// <summary>Opens a channel; what it has open goes when it is disposed.</summary>
    /// <param name="address"><c>http://host:port</c> or <c>https://host:port</c> of a gRPC port.</param>
    /// <param name="options">Whatever else it is to be; what is said here about connections is added.</param>
    public GrpcChannel Open(Uri address, GrpcChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        options.DisposeHttpClient = true;
        // Who is back is asked again soon; left alone, the channel would wait up to two minutes.
        options.InitialReconnectBackoff = TimeSpan.FromMilliseconds(200);
        options.MaxReconnectBackoff = TimeSpan.FromSeconds(2);
        options.HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            EnableMultipleHttp2Connections = true,
            // A line that is dead without a word, its machine gone, is found out while what was asked can still be asked of another replica, and
            // while a stream is quiet.
            KeepAlivePingDelay = TimeSpan.FromSeconds(2),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        };
        return ReplicaAddresses.IsFixed(address) ? GrpcChannel.ForAddress(address, options) : Spread(address, options);
    }

    private GrpcChannel Spread(Uri address, GrpcChannelOptions options)
    {
        options.Credentials = address.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        options.ServiceConfig ??= new ServiceConfig();
        options.ServiceConfig.LoadBalancingConfigs.Add(new RoundRobinConfig());
        options.ServiceProvider = new ServiceCollection()
            .AddSingleton<ResolverFactory>(new ReplicaResolverFactory(address, _replicas, clock ?? TimeProvider.System))
            .BuildServiceProvider();
        return GrpcChannel.ForAddress($"{ReplicaResolverFactory.Scheme}:///{address.Authority}", options);
    }

    private sealed class ReplicaResolverFactory(Uri address, ReplicaAddresses replicas, TimeProvider clock) : ResolverFactory
    {
        public const string Scheme = "replicas";

        public override string Name => Scheme;

        public override Resolver Create(ResolverOptions options) => new ReplicaResolver(address, replicas, clock, options.LoggerFactory);
    }

    /// <summary>
    /// In place of the client's own resolver of names, which asks no more often than every 15 seconds whatever it is told. An address that is no
    /// longer there gets no further call.
    /// </summary>
    private sealed class ReplicaResolver(Uri address, ReplicaAddresses replicas, TimeProvider clock, ILoggerFactory logs) : PollingResolver(logs)
    {
        // The attribute of an address by which the client says, and has certified, the name instead.
        private static readonly BalancerAttributesKey<string> HostOverride = new("HostOverride");

        // A name of which no replica is there yet.
        private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

        private ITimer? _again;

        protected override void OnStarted() => _again = clock.CreateTimer(_ => LookUpAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        protected override async Task ResolveAsync(CancellationToken cancellationToken)
        {
            var found = await replicas.FindAsync(address.Host, cancellationToken);
            Listener(found.Length == 0
                ? ResolverResult.ForFailure(new Status(StatusCode.Unavailable, "The name of the service is not found."))
                : ResolverResult.ForResult([.. found.Select(At)]));
            _again!.Change(found.Length == 0 ? Soon : ReplicaAddresses.Period, Timeout.InfiniteTimeSpan);
        }

        protected override void Dispose(bool disposing)
        {
            _again?.Dispose();
            base.Dispose(disposing);
        }

        private void LookUpAgain()
        {
            try
            {
                Refresh();
            }
            catch (ObjectDisposedException)
            {
                // The channel was closed as the timer fired.
            }
        }

        private BalancerAddress At(IPAddress replica)
        {
            var at = new BalancerAddress(replica.ToString(), address.Port);
            at.Attributes.Set(HostOverride, address.Authority);
            return at;
        }
    }
}
