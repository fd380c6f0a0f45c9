using System.Net;
using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relapse.Clinical;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Json;
using Relapse.Hosting.Protocols;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Relapse.Hosting;

/// <summary>
/// What every process of Relapse is made of: two ports, gRPC with JSON transcoding, one way of errors, health,
/// reflection, the protocol library. A service adds its RPCs to it; AllInOne adds those of every service.
/// </summary>
public static class RelapseHost
{
    /// <summary>Begins a process. Settings come from the environment and the command line; there is no settings file.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(console => console.SingleLine = true);
        var options = HostOptions.From(builder.Configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, FrameworkLogCaps>();
        AddCalls(builder.Services, options);
        AddProtocols(builder.Services);
        return builder;
    }

    /// <summary>Announces a service, so that the standard health service answers under its name.</summary>
    public static WebApplicationBuilder AddRelapseService(this WebApplicationBuilder builder, ServiceDescriptor service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(service);
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(service.FullName, _ => true));
        return builder;
    }

    /// <summary>The pipeline of every process, outermost first, and the endpoints that every process has.</summary>
    public static WebApplication UseRelapse(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<HttpErrors>();
        app.UseRouting();
        app.UseMiddleware<GrpcFrameGuard>();
        app.UseMiddleware<JsonRequestGuard>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        // Live says that the process answers at all; ready, and the gRPC health service, that it can answer a call.
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready");
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, HostOptions options)
    {
        kestrel.AddServerHeader = false;
        // The guards have limits of their own and say so with a Status. This is the net behind them, and above them so
        // that a body slightly too large is still read to its end and its sender gets to see the answer.
        kestrel.Limits.MaxRequestBodySize = 4L * Math.Max(options.MaxMessageBytes, options.MaxJsonBytes);
        Open(options.HttpPort, HttpProtocols.Http1);
        Open(options.GrpcPort, HttpProtocols.Http2);

        void Open(int port, HttpProtocols protocols)
        {
            switch (options.Bind)
            {
                case "localhost":
                    kestrel.ListenLocalhost(port, listen => listen.Protocols = protocols);
                    break;
                case "*":
                    kestrel.ListenAnyIP(port, listen => listen.Protocols = protocols);
                    break;
                default:
                    kestrel.Listen(IPAddress.Parse(options.Bind), port, listen => listen.Protocols = protocols);
                    break;
            }
        }
    }

    private static void AddCalls(IServiceCollection services, HostOptions options)
    {
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxMessageBytes;
            grpc.EnableDetailedErrors = false;
            grpc.Interceptors.Add<ErrorInterceptor>();
        }).AddJsonTranscoding(json =>
        {
            json.TypeRegistry = JsonStatus.DetailTypes;
            // Canonical proto3 JSON leaves out what has its default.
            json.JsonSettings.IgnoreDefaultValues = true;
        });
        services.AddGrpcReflection();
    }

    private static void AddProtocols(IServiceCollection services)
    {
        services.AddSingleton<ProtocolSource>();
        services.TryAddSingleton<LoadCatalog>(() => ProtocolCatalog.Of(ProtocolLibrary.Load()));
        services.AddHostedService<ProtocolLoading>();
        services.AddGrpcHealthChecks().AddCheck<LibraryHealth>(LibraryHealth.Name);
        // For those who watch instead of asking; asking runs the check itself.
        services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = TimeSpan.Zero);
    }
}
