using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relapse.Clinical;
using Relapse.Edge;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;
using Relapse.Hosting.Json;
using Relapse.Hosting.OpenApi;
using Relapse.Hosting.Protocols;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Relapse.Hosting;

/// <summary>
/// What every process of Relapse is made of: the edge, gRPC with JSON transcoding, one way of errors, health, reflection,
/// the protocol library. A service adds its RPCs to it; AllInOne adds those of every service.
/// </summary>
public static class RelapseHost
{
    /// <summary>Runs a process until it is told to stop. A configuration that cannot be is refused with the whole list of faults.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="add">Adds what the services of this process need.</param>
    /// <param name="map">Maps their RPCs.</param>
    /// <returns>The exit code: 0 when told to stop, 1 when the library was refused, 2 when the configuration was.</returns>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(map);
        try
        {
            // The longest part of a start goes on beside the rest of it, and needs no setting.
            var catalog = Task.Run(LoadShipped);
            var builder = CreateBuilder(args);
            builder.Services.AddSingleton<LoadCatalog>(() => catalog.GetAwaiter().GetResult());
            add(builder);
            ComparedAtStart.Begin(catalog, builder.Services);
            var app = builder.Build().UseRelapse();
            map(app);
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (SettingsRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 2;
        }
    }

    /// <summary>Begins a process. Settings come from the environment and the command line; there is no settings file.</summary>
    internal static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseKestrelCore();
        var settings = new Settings(builder.Configuration);
        var edge = EdgeOptions.Read(settings);
        var limits = MessageLimits.Read(settings, edge);
        var remote = RemoteOptions.Read(settings);
        Redis.AddTo(builder.Services, settings);
        AnswerEvents.AddTo(builder.Services, settings);
        settings.Refuse();
        builder.AddRelapseEdge(edge);
        builder.Services.AddSingleton(limits);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, FrameworkLogCaps>();
        AddCalls(builder.Services, limits);
        AddRemote(builder.Services, remote);
        AddProtocols(builder.Services);
        return builder;
    }

    /// <summary>Announces a service: the standard health service answers under its name, and /openapi.json has it.</summary>
    public static WebApplicationBuilder AddRelapseService(this WebApplicationBuilder builder, ServiceDescriptor service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(service);
        builder.Services.AddSingleton(service);
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(service.FullName, _ => true));
        return builder;
    }

    /// <summary>The pipeline of every process, outermost first, and the endpoints that every process has.</summary>
    internal static WebApplication UseRelapse(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseRelapseEdge();
        app.UseRouting();
        app.UseMiddleware<ScopeGuard>();
        app.UseMiddleware<GrpcFrameGuard>();
        app.UseMiddleware<JsonRequestGuard>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        // Live says that the process answers at all; ready, and the gRPC health service, that it can answer a call.
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready");
        app.MapContract();
        return app;
    }

    private static void AddCalls(IServiceCollection services, MessageLimits limits)
    {
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = limits.MessageBytes;
            grpc.EnableDetailedErrors = false;
            grpc.Interceptors.Add<ErrorInterceptor>();
        }).AddJsonTranscoding(json =>
        {
            json.TypeRegistry = JsonStatus.DetailTypes;
            // Canonical proto3 JSON leaves out what has its default, and writes 64 bits as a string.
            json.JsonSettings.IgnoreDefaultValues = true;
            json.JsonSettings.WriteInt64sAsStrings = true;
        });
        services.AddGrpcReflection();
        services.TryAddSingleton(_ => new ServiceChannels());
        // Those of every service of the process, so that all batches together take no more threads than there are.
        services.AddSingleton<CohortWorkers>();
    }

    private static ProtocolCatalog LoadShipped() => ProtocolCatalog.Of(ProtocolLibrary.Load());

    private static void AddRemote(IServiceCollection services, RemoteOptions? remote)
    {
        if (remote is null)
        {
            return;
        }

        services.AddSingleton(remote);
        services.AddSingleton<RegistryLine>();
        services.AddSingleton<HeldProtocols>();
        services.AddSingleton<RegistryFollower>();
        services.AddSingleton<CompleteCatalog>(provider => provider.GetRequiredService<RegistryFollower>().BeginAsync);
        services.AddHostedService(provider => provider.GetRequiredService<RegistryFollower>());
    }

    private static void AddProtocols(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<ProtocolSource>();
        services.TryAddSingleton<CompleteCatalog>((shipped, _) => Task.FromResult(shipped));
        services.TryAddSingleton<LoadCatalog>(LoadShipped);
        services.AddHostedService<ProtocolLoading>();
        services.AddGrpcHealthChecks().AddCheck<LibraryHealth>(LibraryHealth.Name);
        // For those who watch instead of asking; asking runs the check itself.
        services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = TimeSpan.Zero);
    }
}
