using Relapse.Contracts.Assessment.V1;
using Relapse.Edge;
using Relapse.Hosting;

namespace Relapse.Assessment;

/// <summary>The service of the whole case, as a process or AllInOne takes it in.</summary>
public static class AssessmentModule
{
    /// <summary>Adds what the service needs.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="besideTheOthers">Whether the clinical services are in this process, so that those without an address of their own are asked here.</param>
    public static WebApplicationBuilder AddAssessment(this WebApplicationBuilder builder, bool besideTheOthers = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = new Settings(builder.Configuration);
        var options = AssessmentOptions.Read(settings, besideTheOthers);
        settings.Refuse();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ClinicalLines>();
        builder.Services.AddHttpContextAccessor();
        return builder.AddRelapseService(AssessmentService.Descriptor);
    }

    /// <summary>Maps its RPCs, for gRPC and for JSON.</summary>
    public static WebApplication MapAssessment(this WebApplication app)
    {
        app.MapGrpcService<AssessmentRpcs>();
        return app;
    }
}
