using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Relapse.Edge;

/// <summary>
/// Traces and metrics, only when an OTLP endpoint is configured; logs to the console. Neither carries a request's body,
/// a query string, or a line for each call.
/// </summary>
internal static class Telemetry
{
    internal static void Add(IHostApplicationBuilder builder)
    {
        // Below Warning these categories write the path and query of every call.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);

        // The probe itself answers; a line for each probe of an outage would bury the outage.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
        });
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName))
            .WithTracing(Trace)
            .WithMetrics(Measure);
    }

    private static void Trace(TracerProviderBuilder tracing) => tracing
        .AddAspNetCoreInstrumentation(options =>
            options.EnrichWithHttpResponse = (activity, _) => activity.SetTag("url.query", null))
        .AddSource("System.Net.Http")
        .AddOtlpExporter();

    private static void Measure(MeterProviderBuilder metrics) => metrics
        .AddAspNetCoreInstrumentation()
        .AddMeter("System.Net.Http")
        .AddMeter("Relapse.Hosting", "Relapse.Gateway")
        .AddRuntimeInstrumentation()
        .AddOtlpExporter();
}
