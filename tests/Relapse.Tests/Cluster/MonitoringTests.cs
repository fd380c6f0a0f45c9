using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Edge;
using Relapse.Tests.House;

namespace Relapse.Tests.Cluster;

/// <summary>A panel or an alert over a metric that no process sends is an empty panel and a silent alert.</summary>
public sealed partial class MonitoringTests
{
    [Fact]
    public async Task The_dashboard_and_the_alerts_are_over_metrics_that_the_processes_send()
    {
        var sent = await SentAsync();
        var alerts = Manifests.Rendered("production").All<PrometheusRule>().Single().Spec.Groups.SelectMany(group => group.Rules).Select(rule => rule.Expr);
        var names = alerts.Concat(Expressions()).SelectMany(expression => MetricName().Matches(expression).Select(match => match.Value)).Distinct(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(sent, StringComparer.Ordinal));
    }

    /// <summary>The alert on failing gRPC calls is over the status, which HTTP does not have.</summary>
    [Theory]
    [InlineData("/trailers", 14)]
    [InlineData("/headers", 13)]
    [InlineData("/neither", 2)]
    public async Task What_is_measured_of_a_gRPC_call_has_its_status(string path, int status)
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<object?>();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "http.server.request.duration")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var said = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
            if (said.GetValueOrDefault("http.route") as string == path)
            {
                seen.Enqueue(said.GetValueOrDefault("rpc.grpc.status_code"));
            }
        });
        listener.Start();
        await using var process = await EdgeProcess.Start(app =>
        {
            app.MapPost("/trailers", async context =>
            {
                await context.Response.WriteAsync("answer", context.RequestAborted);
                context.Response.AppendTrailer("grpc-status", "14");
            });
            app.MapPost("/headers", async context =>
            {
                context.Response.Headers["grpc-status"] = "13";
                await context.Response.CompleteAsync();
            });
            app.MapPost("/neither", () => "cut off");
        });
        using var _ = await process.PostAsGrpc(path);
        await LimitsTests.WaitUntil(() => Task.FromResult(!seen.IsEmpty));
        Assert.Equal([status], seen);
    }

    [Fact]
    public void Every_alert_says_what_it_means() =>
        Assert.All(Manifests.Rendered("production").All<PrometheusRule>().Single().Spec.Groups.SelectMany(group => group.Rules), rule =>
        {
            Assert.NotEmpty(rule.Annotations["summary"]);
            Assert.NotEmpty(rule.Annotations["description"]);
            Assert.Matches("^(info|warning|critical)$", rule.Labels["severity"]);
        });

    private static IEnumerable<string> Expressions()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read("charts/relapse/files/dashboard.json"));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!),
        ];
    }

    // Of a process with the telemetry of every process, after a call and after what is counted of the registry and of Redis.
    private static async Task<HashSet<string>> SentAsync()
    {
        var exported = new List<Metric>();
        await using var process = await EdgeProcess.Start(
            app => app.MapGet("/ping", () => "pong"),
            builder => builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddReader(new PeriodicExportingMetricReader(new Kept(exported)))),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
        _ = await process.Http.GetAsync(new Uri("/ping", UriKind.Relative), TestContext.Current.CancellationToken);
        GC.Collect();
        RemoteMetrics.Document("hit");
        RemoteMetrics.RedisFailed("get", "timeout");
        RemoteMetrics.WatchEnded("failed");
        process.Services.GetRequiredService<MeterProvider>().ForceFlush(5000);
        return [.. exported.SelectMany(Names)];
    }

    // As a Prometheus names what it gets by OTLP.
    private static IEnumerable<string> Names(Metric metric)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = metric.Name.Replace('.', '_') + unit;
        return metric.MetricType switch
        {
            MetricType.Histogram => [name + "_bucket", name + "_count", name + "_sum"],
            MetricType.LongSum or MetricType.DoubleSum => [name + "_total"],
            _ => [name],
        };
    }

    [GeneratedRegex("(relapse|http|aspnetcore|dotnet|kestrel)_[a-z_]+(?=[{\\[])")]
    private static partial Regex MetricName();

    private sealed class Kept(List<Metric> metrics) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                metrics.Add(metric);
            }

            return ExportResult.Success;
        }
    }
}
