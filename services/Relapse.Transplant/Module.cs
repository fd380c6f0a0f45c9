using Relapse.Contracts.Transplant.V1;
using Relapse.Edge;
using Relapse.Hosting;

namespace Relapse.Transplant;

/// <summary>The service of transplant, as a process or AllInOne takes it in.</summary>
public static class TransplantModule
{
    /// <summary>Adds what the service needs.</summary>
    public static WebApplicationBuilder AddTransplant(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = new Settings(builder.Configuration);
        var reference = HlaReference.Read(settings);
        settings.Refuse();
        builder.Services.AddSingleton(reference);
        return builder.AddRelapseService(TransplantService.Descriptor);
    }

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapTransplant(this WebApplication app)
    {
        app.MapGrpcService<TransplantRpcs>();
        return app;
    }
}
