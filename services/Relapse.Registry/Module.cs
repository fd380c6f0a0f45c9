using Relapse.Contracts.Registry.V1;
using Relapse.Hosting;

namespace Relapse.Registry;

/// <summary>The registry service, as a process or AllInOne takes it in.</summary>
public static class RegistryModule
{
    /// <summary>Adds what the service needs.</summary>
    public static WebApplicationBuilder AddRegistry(this WebApplicationBuilder builder) =>
        builder.AddRelapseService(RegistryService.Descriptor);

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapRegistry(this WebApplication app)
    {
        app.MapGrpcService<RegistryRpcs>();
        return app;
    }
}
