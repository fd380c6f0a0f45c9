using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Gateway;

/// <summary>The real services behind the real gateway.</summary>
public sealed class WholeHouseTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Json_says_through_the_gateway_what_it_says_directly()
    {
        await using var gateway = await GatewayProcess.Before(Services());
        var example = Repository.Read("examples/early-isolated-marrow.json").Replace("{\n  \"case\"", "{\n  \"requestId\": \"same\",\n  \"case\"", StringComparison.Ordinal);
        using var content = new StringContent(example, System.Text.Encoding.UTF8, "application/json");
        using var through = await gateway.Http.PostAsync(new Uri("/v1/classification/relapses:classify", UriKind.Relative), content, Cancel);
        var direct = await server.PostAsync("/v1/classification/relapses:classify", example);
        Assert.Equal(direct.Body, await through.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("ISOLATED_MARROW", direct.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_configured_service_is_reached_by_its_word()
    {
        await using var gateway = await GatewayProcess.Before(
            Services(), "RELAPSE_SERVICE_REGISTRY_GRPC=" + server.GrpcAddress, "RELAPSE_SERVICE_REGISTRY_HTTP=" + server.Http.BaseAddress);
        var there = new RegistryService.RegistryServiceClient(server.Channel);
        var here = new RegistryService.RegistryServiceClient(gateway.Channel);
        Assert.Equal(
            await there.ListProtocolsAsync(new ListProtocolsRequest(), cancellationToken: Cancel),
            await here.ListProtocolsAsync(new ListProtocolsRequest(), cancellationToken: Cancel));
        using var json = await gateway.Http.GetAsync(new Uri("/v1/registry/protocols", UriKind.Relative), Cancel);
        Assert.True(json.IsSuccessStatusCode);
    }

    private string[] Services() =>
    [
        "RELAPSE_SERVICE_CLASSIFICATION_GRPC=" + server.GrpcAddress,
        "RELAPSE_SERVICE_CLASSIFICATION_HTTP=" + server.Http.BaseAddress,
    ];
}
