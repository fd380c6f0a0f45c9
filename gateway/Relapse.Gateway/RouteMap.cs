using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Relapse.Gateway;

/// <summary>Two routes and two clusters for each service, and one of each for the contract of them all.</summary>
internal static class RouteMap
{
    private const string Contract = "contract";

    // A replica that is gone and still has the name, or whose connections break, gets no call for so long, unless there is no other. Within
    // it the lookups of its name have found out.
    private static readonly TimeSpan Aside = TimeSpan.FromSeconds(10);

    internal static IReadOnlyList<RouteConfig> Routes(GatewayOptions options) =>
    [
        .. options.Services.SelectMany(service => (RouteConfig[])
        [
            Route(service.Word + ".grpc", $"/relapse.{service.Word}.v1.{{service}}/{{method}}"),
            Route(service.Word + ".json", $"/v1/{service.Word}/{{**rest}}"),
        ]),
        // Every service carries the whole contract, so any one of them describes all that stand behind this gateway.
        Route(Contract + ".document", "/openapi.json", Contract)
            .WithTransformQueryValue("services", string.Join(',', options.Services.Select(service => service.Word)), append: false),
        Route(Contract + ".page", "/docs/contract", Contract),
    ];

    internal static IReadOnlyList<ClusterConfig> Clusters(GatewayOptions options) =>
    [
        .. options.Services.SelectMany(service => (ClusterConfig[])
        [
            Cluster(service.Word + ".grpc", service.Grpc, HttpVersion.Version20, options.GrpcIdle),
            Cluster(service.Word + ".json", service.Http, HttpVersion.Version11, options.JsonIdle),
        ]),
        Anyone(options),
    ];

    private static RouteConfig Route(string id, string path, string? cluster = null) =>
        new() { RouteId = id, ClusterId = cluster ?? id, Match = new RouteMatch { Path = path } };

    // Whichever service lives; probes find one that does not within seconds, and until then it is UNAVAILABLE.
    private static ClusterConfig Anyone(GatewayOptions options) => Cluster(Contract, options.Services[0].Http, HttpVersion.Version11, options.JsonIdle) with
    {
        Destinations = options.Services.ToDictionary(service => service.Word, service => new DestinationConfig { Address = service.Http.ToString() }, StringComparer.Ordinal),
        LoadBalancingPolicy = LoadBalancingPolicies.FirstAlphabetical,
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = "/healthz/live",
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Interval = TimeSpan.FromSeconds(10),
                Timeout = TimeSpan.FromSeconds(2),
            },
        },
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = "1" },
    };

    /// <summary>One failure of a connection is enough to have a replica set aside, and is forgotten when it is tried again.</summary>
    internal static void SetAside(TransportFailureRateHealthPolicyOptions options)
    {
        options.DetectionWindowSize = Aside / 2;
        options.MinimalTotalCountThreshold = 1;
        options.DefaultFailureRateLimit = double.Epsilon;
    }

    private static ClusterConfig Cluster(string id, Uri address, Version version, TimeSpan idle) => new()
    {
        ClusterId = id,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { [id] = new() { Address = address.ToString() } },
        HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate, ReactivationPeriod = Aside },
        },
        HttpRequest = new ForwarderRequestConfig
        {
            // Exactly this version: a cleartext port speaks one, and a guess would end as an unreadable answer.
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = idle,
        },
    };
}
