using System.Net.Http.Headers;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Edge;
using Relapse.Tests.Edge;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Gateway;

/// <summary>The gateway judges tokens itself: a call without one reaches no service, and one with it reaches it with the token.</summary>
public sealed class TokensThroughGatewayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_without_a_token_reaches_no_service_and_one_with_it_arrives_with_it()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new RelapseServer { Arguments = issuer.Arguments };
        await server.InitializeAsync();
        await using var gateway = await GatewayProcess.Before(
            ["RELAPSE_SERVICE_CLASSIFICATION_GRPC=" + server.GrpcAddress, "RELAPSE_SERVICE_CLASSIFICATION_HTTP=" + server.Http.BaseAddress],
            [.. issuer.Arguments.Select(argument => argument.TrimStart('-'))]);
        server.Logs.Clear();

        using var bare = await gateway.Http.GetAsync(new Uri("/v1/classification/info", UriKind.Relative), Cancel);
        await StatusJson.Is(bare, 401, RpcCode.Unauthenticated, "UNAUTHENTICATED");
        var refused = await Assert.ThrowsAsync<RpcException>(() => ClassifyAsync(gateway, null));
        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), (refused.StatusCode, refused.Reason()));
        Assert.DoesNotContain("Request starting", server.Logs.Text, StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/classification/info");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token(null, "relapse.read"));
        using var json = await gateway.Http.SendAsync(request, Cancel);
        Assert.True(json.IsSuccessStatusCode);
        Assert.NotEmpty((await ClassifyAsync(gateway, issuer.Token("north", "relapse.read"))).Decisions);

        // What a token allows is the service's to say.
        var scopeless = await Assert.ThrowsAsync<RpcException>(() => ClassifyAsync(gateway, issuer.Token("north", "relapse.label")));
        Assert.Equal((StatusCode.PermissionDenied, "MISSING_SCOPE"), (scopeless.StatusCode, scopeless.Reason()));
        using var probe = await gateway.Http.GetAsync(new Uri("/healthz/live", UriKind.Relative), Cancel);
        using var contract = await gateway.Http.GetAsync(new Uri("/openapi.json", UriKind.Relative), Cancel);
        Assert.True(probe.IsSuccessStatusCode && contract.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_token_that_comes_with_many_calls_is_judged_once_at_the_gateway_and_once_at_the_service()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new RelapseServer { Arguments = issuer.Arguments };
        await server.InitializeAsync();
        await using var gateway = await GatewayProcess.Before(
            ["RELAPSE_SERVICE_CLASSIFICATION_GRPC=" + server.GrpcAddress, "RELAPSE_SERVICE_CLASSIFICATION_HTTP=" + server.Http.BaseAddress],
            [.. issuer.Arguments.Select(argument => argument.TrimStart('-'))]);
        var (atGateway, atService) = (TokensJudged.By(gateway.Services), TokensJudged.By(server.Services));

        var token = issuer.Token("north", "relapse.read");
        for (var call = 0; call < 5; call++)
        {
            Assert.NotEmpty((await ClassifyAsync(gateway, token)).Decisions);
        }

        Assert.Equal((1, 1), (atGateway.Count, atService.Count));
        _ = await ClassifyAsync(gateway, issuer.Token("south", "relapse.read"));
        Assert.Equal((2, 2), (atGateway.Count, atService.Count));
    }

    private static async Task<ClassifyRelapseResponse> ClassifyAsync(GatewayProcess gateway, string? token) => await gateway.Client.ClassifyRelapseAsync(
        new ClassifyRelapseRequest { Case = new RelapseCase { RelapseNumber = 1 }, Protocols = { "protocols/cog" } },
        token is null ? [] : new Metadata { { "authorization", "Bearer " + token } },
        cancellationToken: Cancel);
}
