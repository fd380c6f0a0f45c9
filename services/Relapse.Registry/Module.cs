using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Publishing;
using Relapse.Registry.Store;

namespace Relapse.Registry;

/// <summary>The registry service, as a process or AllInOne takes it in.</summary>
public static class RegistryModule
{
    // Two documents, and room for what stands around them.
    private const int MessageBytes = (2 * DocumentCheck.MaxBytes) + (64 * 1024);

    /// <summary>Adds what the service needs. The catalog of every service of the process is then the registry's.</summary>
    public static WebApplicationBuilder AddRegistry(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = new Settings(builder.Configuration);
        var options = StoreOptions.Read(settings);
        ProtocolSource.RefuseRemote(settings);
        settings.Refuse();
        builder.Services.AddSingleton(_ => options.Store());
        builder.Services.AddSingleton<StoredProtocols>();
        builder.Services.AddSingleton<RegistryKeeper>();
        builder.Services.AddSingleton<CheckingDesk>();
        builder.Services.AddSingleton<CompleteCatalog>(services => services.GetRequiredService<RegistryKeeper>().BeginAsync);
        builder.Services.AddHostedService<StorePolling>();
        builder.Services.AddGrpc().AddServiceOptions<RegistryRpcs>(grpc => grpc.MaxReceiveMessageSize = MessageBytes);
        return builder.AddRelapseService(RegistryService.Descriptor);
    }

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapRegistry(this WebApplication app)
    {
        app.MapGrpcService<RegistryRpcs>().WithMetadata(new LargerMessages(MessageBytes));
        return app;
    }
}
