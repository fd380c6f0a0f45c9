using System.Net;

namespace Relapse.Load.Servers;

/// <summary>A collector that takes every trace and metric (OTLP over HTTP) and keeps none; it says how much it took.</summary>
internal static class TelemetrySink
{
    /// <summary>The sink, built and not started.</summary>
    public static WebApplication Build(params int[] ports)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach(ports, port => kestrel.Listen(IPAddress.Loopback, port)));
        var app = builder.Build();
        var taken = 0L;
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Interlocked.Add(ref taken, body.Length);
        });
        app.MapGet("/taken", () => Interlocked.Read(ref taken));
        return app;
    }

    /// <summary>Telemetry that never came would make the gateway look quicker than it is.</summary>
    public static async Task RequireAnyAsync(Uri sink)
    {
        using var client = new HttpClient { BaseAddress = sink };
        if (await client.GetStringAsync("/taken") == "0")
        {
            throw new InvalidOperationException("The gateway was to send telemetry and sent none.");
        }
    }
}
