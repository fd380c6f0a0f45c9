using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting;

namespace Relapse.Mrd;

/// <summary>The service of minimal residual disease and response, as a process or AllInOne takes it in.</summary>
public static class MrdModule
{
    /// <summary>Adds what the service needs.</summary>
    public static WebApplicationBuilder AddMrd(this WebApplicationBuilder builder) => builder.AddRelapseService(MrdService.Descriptor);

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapMrd(this WebApplication app)
    {
        app.MapGrpcService<MrdRpcs>();
        return app;
    }
}
