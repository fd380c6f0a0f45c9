using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;

namespace Relapse.Classification;

/// <summary>The classification service, as a process or AllInOne takes it in.</summary>
public static class ClassificationModule
{
    /// <summary>Adds what the service needs.</summary>
    public static WebApplicationBuilder AddClassification(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(new ComparedAtStart(WellKnownDecisions.Classification));
        return builder.AddRelapseService(ClassificationService.Descriptor);
    }

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapClassification(this WebApplication app)
    {
        app.MapGrpcService<ClassificationRpcs>();
        return app;
    }
}
