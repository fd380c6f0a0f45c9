using Relapse.Edge;
using Relapse.Gateway;

namespace Relapse.Tests.Gateway;

public sealed class GatewayOptionsTests
{
    [Fact]
    public void Without_a_service_it_refuses_to_start() =>
        Assert.Contains("no service is configured", Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Every_fault_of_the_edge_and_of_the_services_is_listed_at_once()
    {
        var message = Refusal(
            "--RELAPSE_HTTP_PORT=none",
            "--RELAPSE_SERVICE_CLASSIFICATION_GRPC=localhost:8081",
            "--RELAPSE_SERVICE_REGISTRY_GRPC=http://localhost:8081",
            "--RELAPSE_SERVICE_REGISTRY_HTTP=http://localhost:8080/v1",
            "--RELAPSE_SERVICE_MRD_PORT=8080",
            "--RELAPSE_GRPC_IDLE_SECONDS=0");
        foreach (var name in new[]
        {
            "RELAPSE_HTTP_PORT", "RELAPSE_SERVICE_CLASSIFICATION_GRPC", "RELAPSE_SERVICE_CLASSIFICATION_HTTP",
            "RELAPSE_SERVICE_REGISTRY_HTTP", "RELAPSE_SERVICE_MRD_PORT", "RELAPSE_GRPC_IDLE_SECONDS",
        })
        {
            Assert.Contains("\n  " + name + ": ", message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("RELAPSE_SERVICE_REGISTRY_GRPC", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_ready_while_a_service_can_be_reached_and_alive_in_any_case()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        Assert.Equal(200, await Probe(gateway, "/healthz/ready"));
        await backend.Kill();
        Assert.Equal(503, await Probe(gateway, "/healthz/ready"));
        Assert.Equal(200, await Probe(gateway, "/healthz/live"));
    }

    private static string Refusal(params string[] arguments) =>
        Assert.Throws<SettingsRefusedException>(() => GatewayModule.Build(arguments)).Message;

    private static async Task<int> Probe(GatewayProcess gateway, string path)
    {
        using var response = await gateway.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
