using System.Net;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Relapse.Edge;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Relapse.Gateway;

/// <summary>The gateway: both faces of every service behind one pair of ports.</summary>
internal static class GatewayModule
{
    private const string ReadyTag = "ready";

    /// <param name="args">The command line.</param>
    /// <param name="replicas">How names are looked up; null: as this machine does.</param>
    /// <exception cref="SettingsRefusedException">The configuration is wrong; every fault is listed.</exception>
    internal static WebApplication Build(string[] args, ReplicaResolver? replicas = null)
    {
        var builder = CreateBuilder(args);
        var settings = new Settings(builder.Configuration);
        var edge = EdgeOptions.Read(settings);
        var gateway = GatewayOptions.Read(settings);
        settings.Refuse();

        builder.AddRelapseEdge(edge);
        builder.Services.AddSingleton(gateway);
        builder.Services.AddHealthChecks().AddCheck<Reachability>("services", tags: [ReadyTag]);
        builder.Services.Configure<TransportFailureRateHealthPolicyOptions>(RouteMap.SetAside);
        builder.Services.AddReverseProxy()
            .LoadFromMemory(RouteMap.Routes(gateway), RouteMap.Clusters(gateway))
            .ConfigureHttpClient((_, handler) => ConfigureClient(handler));
        builder.Services.AddSingleton<IDestinationResolver>(replicas ?? new ReplicaResolver(new ReplicaAddresses(Dns.GetHostAddressesAsync), TimeProvider.System));

        var app = builder.Build();
        app.UseRelapseEdge();
        app.Use(BrokenStream.Guard);
        app.Use(new HeldAnswers().Guard);
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        app.MapReverseProxy();
        return app;
    }

    // As services begin: settings come from the environment and the command line.
    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        // Who went unhealthy and who is back is said once; each probe that fails would be said with its stack.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.None);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        return builder;
    }

    // A service that vanished without closing its connection is found by pings, one that does not answer at all by time.
    private static void ConfigureClient(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = TimeSpan.FromSeconds(2);
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
    }
}
