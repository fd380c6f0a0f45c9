using System.Net;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Gateway;

/// <summary>The gateway knows no message, and still serves the contract of what stands behind it: any one service does.</summary>
public sealed class ContractThroughGatewayTests(RelapseServer server) : IClassFixture<RelapseServer>
{
    [Fact]
    public async Task With_every_service_behind_it_the_document_is_that_of_all_in_one()
    {
        await using var gateway = await GatewayProcess.Before([.. Service("ASSESSMENT", server.Http.BaseAddress!), .. Service("CLASSIFICATION", server.Http.BaseAddress!), .. Service("MRD", server.Http.BaseAddress!), .. Service("OUTCOME", server.Http.BaseAddress!), .. Service("REGISTRY", server.Http.BaseAddress!), .. Service("TRANSPLANT", server.Http.BaseAddress!)]);
        Assert.Equal((await server.GetAsync("/openapi.json")).Body, (await Get(gateway, "/openapi.json")).Body);
        Assert.Equal((await server.GetAsync("/docs/contract")).Body, (await Get(gateway, "/docs/contract")).Body);
    }

    [Fact]
    public async Task It_describes_what_it_routes_whatever_a_caller_asks()
    {
        await using var gateway = await GatewayProcess.Before(Service("REGISTRY", server.Http.BaseAddress!));
        var paths = (await Get(gateway, "/openapi.json?services=classification")).Json.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.StartsWith("/v1/registry/", path, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task With_one_service_down_another_describes_all()
    {
        // Nobody listens on port 1; it is the first in the order of words.
        await using var gateway = await GatewayProcess.Before([.. Service("ASSESSMENT", new Uri("http://127.0.0.1:1")), .. Service("CLASSIFICATION", server.Http.BaseAddress!), .. Service("MRD", server.Http.BaseAddress!), .. Service("OUTCOME", server.Http.BaseAddress!), .. Service("REGISTRY", server.Http.BaseAddress!), .. Service("TRANSPLANT", server.Http.BaseAddress!)]);
        JsonAnswer answer;
        while ((answer = await Get(gateway, "/openapi.json")).Http != HttpStatusCode.OK)
        {
            answer.AssertError(HttpStatusCode.ServiceUnavailable, 14, "SERVICE_UNREACHABLE");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Equal((await server.GetAsync("/openapi.json")).Body, answer.Body);
    }

    private static async Task<JsonAnswer> Get(GatewayProcess gateway, string path)
    {
        using var response = await gateway.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return await JsonAnswer.ReadAsync(response);
    }

    private string[] Service(string word, Uri http) => [$"RELAPSE_SERVICE_{word}_GRPC={server.GrpcAddress}", $"RELAPSE_SERVICE_{word}_HTTP={http}"];
}
