using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting;

namespace Relapse.Outcomes;

/// <summary>The service of outcome, as a process or AllInOne takes it in.</summary>
public static class OutcomeModule
{
    /// <summary>Adds what the service needs.</summary>
    public static WebApplicationBuilder AddOutcome(this WebApplicationBuilder builder) => builder.AddRelapseService(OutcomeService.Descriptor);

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapOutcome(this WebApplication app)
    {
        app.MapGrpcService<OutcomeRpcs>();
        return app;
    }
}
