using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Relapse.Contracts.Classification.V1;
using Relapse.Gateway;

namespace Relapse.Tests.Gateway;

/// <summary>The real gateway on free loopback ports, in front of what a test gives it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayProcess(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Channel = GrpcChannel.ForAddress(app.Urls.Last());
        Client = new ClassificationService.ClassificationServiceClient(Channel);
    }

    public HttpClient Http { get; }

    public GrpcChannel Channel { get; }

    public ClassificationService.ClassificationServiceClient Client { get; }

    public IServiceProvider Services => app.Services;

    public static Task<GatewayProcess> Before(Backend backend, params string[] settings) => Before(
        ["RELAPSE_SERVICE_CLASSIFICATION_GRPC=" + backend.GrpcAddress, "RELAPSE_SERVICE_CLASSIFICATION_HTTP=" + backend.HttpAddress],
        settings);

    public static Task<GatewayProcess> Before(string[] services, params string[] settings) => Start(null, [.. services, .. settings]);

    /// <summary>With names of its own.</summary>
    public static Task<GatewayProcess> Before(ReplicaResolver replicas, string[] services) => Start(replicas, services);

    private static async Task<GatewayProcess> Start(ReplicaResolver? replicas, string[] settings)
    {
        var app = GatewayModule.Build(
            [
                "--RELAPSE_HTTP_PORT=0",
                "--RELAPSE_GRPC_PORT=0",
                "--Logging:Console:LogLevel:Default=None",
                .. settings.Select(setting => "--" + setting),
            ],
            replicas);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GatewayProcess(app);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Http.Dispose();
        await app.DisposeAsync();
    }
}
