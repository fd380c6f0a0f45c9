using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Relapse.Gateway;

/// <summary>Two routes and two clusters for each service, and nothing else.</summary>
internal static class RouteMap
{
    internal static IReadOnlyList<RouteConfig> Routes(GatewayOptions options) =>
    [
        .. options.Services.SelectMany(service => (RouteConfig[])
        [
            Route(service.Word + ".grpc", $"/relapse.{service.Word}.v1.{{service}}/{{method}}"),
            Route(service.Word + ".json", $"/v1/{service.Word}/{{**rest}}"),
        ]),
    ];

    internal static IReadOnlyList<ClusterConfig> Clusters(GatewayOptions options) =>
    [
        .. options.Services.SelectMany(service => (ClusterConfig[])
        [
            Cluster(service.Word + ".grpc", service.Grpc, HttpVersion.Version20, options.GrpcIdle),
            Cluster(service.Word + ".json", service.Http, HttpVersion.Version11, options.JsonIdle),
        ]),
    ];

    private static RouteConfig Route(string id, string path) =>
        new() { RouteId = id, ClusterId = id, Match = new RouteMatch { Path = path } };

    private static ClusterConfig Cluster(string id, Uri address, Version version, TimeSpan idle) => new()
    {
        ClusterId = id,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { [id] = new() { Address = address.ToString() } },
        HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
        HttpRequest = new ForwarderRequestConfig
        {
            // Exactly this version: a cleartext port speaks one, and a guess would end as an unreadable answer.
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = idle,
        },
    };
}
