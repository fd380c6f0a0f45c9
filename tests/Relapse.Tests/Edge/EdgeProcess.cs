using System.Text.Json;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Relapse.Edge;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Edge;

/// <summary>A process with nothing but the edge and what a test maps, on free loopback ports.</summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private readonly WebApplication app;

    private EdgeProcess(WebApplication app, CapturedLogs log)
    {
        this.app = app;
        Log = log;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Channel = GrpcChannel.ForAddress(app.Urls.Last());
    }

    public HttpClient Http { get; }

    public GrpcChannel Channel { get; }

    public CapturedLogs Log { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<EdgeProcess> Start(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, params (string Name, string Value)[] settings)
    {
        var log = new CapturedLogs();
        var app = Build(map, configure, log, settings);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new EdgeProcess(app, log);
    }

    public static WebApplication Build(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure, CapturedLogs log, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            new("RELAPSE_HTTP_PORT", "0"),
            new("RELAPSE_GRPC_PORT", "0"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)),
        ]);
        builder.AddRelapseEdge();
        builder.Logging.ClearProviders().AddProvider(log);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseRelapseEdge();
        map(app);
        return app;
    }

    /// <summary>A request that says it is gRPC, without a client library that would hide what came back.</summary>
    public async Task<HttpResponseMessage> PostAsGrpc(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Last()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Http.Dispose();
        await app.DisposeAsync();
    }
}

/// <summary>Asserts on a Status in JSON.</summary>
internal static class StatusJson
{
    public static async Task<JsonElement> Is(HttpResponseMessage response, int http, RpcCode code, string reason)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(http, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var status = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)code, status.GetProperty("code").GetInt32());
        Assert.NotEmpty(status.GetProperty("message").GetString()!);
        var info = status.GetProperty("details")[0];
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", info.GetProperty("@type").GetString());
        Assert.Equal(reason, info.GetProperty("reason").GetString());
        Assert.Equal("relapse", info.GetProperty("domain").GetString());
        return status;
    }
}
