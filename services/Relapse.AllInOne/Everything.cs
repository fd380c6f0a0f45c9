using Relapse.Assessment;
using Relapse.Classification;
using Relapse.Mrd;
using Relapse.Outcomes;
using Relapse.Registry;
using Relapse.Transplant;

namespace Relapse.AllInOne;

/// <summary>Every service in one process, by the same modules that the single processes are made of.</summary>
public static class Everything
{
    private const string Front = """
        Relapse: paediatric leukaemia relapse protocols, computed.

        JSON on this port:    POST /v1/assessment/cases:assess for the whole case, or POST /v1/classification/relapses:classify,
                              /v1/mrd/results:interpret, /v1/outcome/estimates:make for a part; GET /v1/registry/protocols
        gRPC on its own:     http://localhost:8081 unless configured otherwise, with reflection
        What it is for:      GET /v1/classification/info
        The contract:        GET /docs/contract to read, GET /openapi.json for machines

        """;

    /// <summary>Adds what every service needs.</summary>
    public static WebApplicationBuilder AddEverything(this WebApplicationBuilder builder) => builder.AddRegistry().AddClassification().AddMrd().AddOutcome().AddTransplant().AddAssessment(besideTheOthers: true);

    /// <summary>Maps the RPCs of every service, and the front page.</summary>
    public static WebApplication MapEverything(this WebApplication app)
    {
        app.MapRegistry().MapClassification().MapMrd().MapOutcome().MapTransplant().MapAssessment();
        app.MapGet("/", context => Results.Text(Front).ExecuteAsync(context));
        return app;
    }
}
