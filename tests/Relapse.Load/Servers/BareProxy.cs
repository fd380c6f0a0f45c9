using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Relapse.Load.Servers;

/// <summary>YARP and nothing else, in front of one service: what the gateway is measured by.</summary>
internal static class BareProxy
{
    /// <summary>The proxy, built and not started.</summary>
    public static WebApplication Build(Uri serviceHttp, Uri serviceGrpc, int httpPort, int grpcPort)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, httpPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddReverseProxy().LoadFromMemory(
            [Route("grpc", "/{service}/{method}"), Route("json", "/v1/{**rest}")],
            [Cluster("grpc", serviceGrpc, HttpVersion.Version20), Cluster("json", serviceHttp, HttpVersion.Version11)]);
        var app = builder.Build();
        app.MapReverseProxy();
        return app;
    }

    private static RouteConfig Route(string id, string path) => new() { RouteId = id, ClusterId = id, Match = new RouteMatch { Path = path } };

    private static ClusterConfig Cluster(string id, Uri address, Version version) => new()
    {
        ClusterId = id,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { [id] = new() { Address = address.ToString() } },
        HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
        HttpRequest = new ForwarderRequestConfig { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
    };
}
