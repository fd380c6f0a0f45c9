using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Edge;

public sealed class TelemetryTests
{
    private const string Secret = "seventeen-months";

    [Fact]
    public async Task A_trace_names_the_call_and_carries_no_query()
    {
        var spans = new Captured();
        await using var process = await EdgeProcess.Start(
            app => app.MapGet("/ping", () => "pong"),
            builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
        _ = await process.Http.GetAsync(new Uri("/ping?" + Secret, UriKind.Relative), TestContext.Current.CancellationToken);
        await LimitsTests.WaitUntil(() => Task.FromResult(spans.Tags.Any(tag => tag.Key == "http.route")));
        Assert.Contains(spans.Tags, tag => tag.Key == "http.route" && tag.Value is "/ping");
        Assert.DoesNotContain(spans.Tags, tag => tag.Key == "url.query" || tag.Value?.ToString()?.Contains(Secret, StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_traced()
    {
        await using var app = EdgeProcess.Build(_ => { }, null, new CapturedLogs());
        Assert.Null(app.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task No_call_leaves_a_line_in_the_log()
    {
        await using var process = await EdgeProcess.Start(app => app.MapGet("/ping", () => "pong"));
        _ = await process.Http.GetAsync(new Uri("/ping?" + Secret, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(process.Log.All, log => !log.Text.StartsWith("scope", StringComparison.Ordinal) && log.Text.Contains("/ping", StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, process.Log.Text, StringComparison.Ordinal);
    }

    private sealed class Captured : BaseProcessor<Activity>
    {
        public ConcurrentQueue<KeyValuePair<string, object?>> Tags { get; } = [];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in data.TagObjects)
            {
                Tags.Enqueue(tag);
            }
        }
    }
}
