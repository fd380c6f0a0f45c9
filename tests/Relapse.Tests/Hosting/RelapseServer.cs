using System.Net.Http.Headers;
using System.Text;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relapse.AllInOne;
using Relapse.Clinical;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;

namespace Relapse.Tests.Hosting;

/// <summary>Every service in one process behind real loopback ports, with everything it logs.</summary>
public sealed class RelapseServer : IAsyncLifetime
{
    // Certification is the longest part of a start, and the library is immutable: once for all servers of a run.
    private static readonly Lazy<ProtocolCatalog> SharedCatalog = new(() => ProtocolCatalog.Of(ProtocolLibrary.Load()));

    private WebApplication? _app;

    internal CapturedLogs Logs { get; } = new();

    internal Action<WebApplicationBuilder>? Configure { get; init; }

    internal Action<WebApplication>? Map { get; init; }

    internal string[] Arguments { get; init; } = [];

    /// <summary>Where the registry keeps what a test publishes; gone with the server unless a test brings its own.</summary>
    internal TemporaryFolder Folder { get; } = new();

    internal static ProtocolCatalog Catalog => SharedCatalog.Value;

    internal HttpClient Http { get; private set; } = new();

    internal GrpcChannel Channel { get; private set; } = null!;

    internal Uri GrpcAddress { get; private set; } = null!;

    internal IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        var builder = RelapseHost.CreateBuilder(["--RELAPSE_BIND=127.0.0.1", "--RELAPSE_HTTP_PORT=0", "--RELAPSE_GRPC_PORT=0", "--RELAPSE_PART_SECONDS=60", .. Registry(), .. Arguments]).AddEverything();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton<LoadCatalog>(() => SharedCatalog.Value);
        Configure?.Invoke(builder);
        _app = builder.Build();
        _app.UseRelapse().MapEverything();
        Map?.Invoke(_app);
        await _app.StartAsync(TestContext.Current.CancellationToken);

        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Http = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        GrpcAddress = new Uri(addresses[1]);
        Channel = GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        if (Configure is null)
        {
            await ReadyAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Folder.Dispose();
    }

    private string[] Registry() =>
        Arguments.Any(argument => argument.StartsWith("--RELAPSE_REGISTRY_", StringComparison.Ordinal)) ? [] : ["--RELAPSE_REGISTRY_FOLDER=" + Folder.Path];

    /// <summary>Stops it as an operator does, with its clients still there.</summary>
    internal Task StopAsync() => _app!.StopAsync(TestContext.Current.CancellationToken);

    internal async Task ReadyAsync()
    {
        while (!Services.GetRequiredService<ProtocolSource>().IsLoaded)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    internal Task<JsonAnswer> PostAsync(string path, string body, string contentType = "application/json") =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), contentType);

    internal async Task<JsonAnswer> PostAsync(string path, byte[] body, string? contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        using var response = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await JsonAnswer.ReadAsync(response);
    }

    internal async Task<JsonAnswer> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        return await JsonAnswer.ReadAsync(response);
    }

    /// <summary>A test fails when the server logged an error that it did not expect.</summary>
    internal void AssertNoErrorsLogged() => Assert.Empty(Logs.Errors);

    /// <summary>Nothing of what was sent may come back in an error or stay in a log.</summary>
    internal void AssertNothingEchoed(string answer, params string[] values)
    {
        foreach (var value in values)
        {
            Assert.DoesNotContain(value, answer, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(value, Logs.Text, StringComparison.OrdinalIgnoreCase);
        }
    }
}

/// <summary>The details that every error of ours carries.</summary>
internal static class RpcFault
{
    public static string Reason(this RpcException error) => error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;

    public static string[] Fields(this RpcException error) =>
        [.. error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field)];
}
