using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Relapse.Edge;
using Relapse.Tests.Edge;

namespace Relapse.Tests.Gateway;

public sealed class JsonThroughGatewayTests
{
    private const string Classify = "/v1/classification/relapses:classify";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_answered()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var response = await Post(gateway.Http, "mine");
        Assert.Equal("mine", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("caseRef").GetString());
    }

    [Fact]
    public async Task The_services_own_error_passes_unchanged()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var direct = new HttpClient { BaseAddress = new Uri(backend.HttpAddress) };
        using var there = await Post(direct, "refuse");
        using var here = await Post(gateway.Http, "refuse");
        var body = await here.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(400, (int)here.StatusCode);
        Assert.Contains("case.marrow.blasts_percent", body, StringComparison.Ordinal);
        Assert.Equal(await there.Content.ReadAsStringAsync(Cancel), body);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/v1/registry/protocols")]
    [InlineData("/v1/classificationx/relapses:classify")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var response = await gateway.Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        await StatusJson.Is(response, 404, RpcCode.NotFound, "UNKNOWN_PATH");
    }

    [Fact]
    public async Task A_bare_error_of_what_stands_behind_gets_a_status()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var response = await gateway.Http.GetAsync(new Uri("/v1/classification/bare/502", UriKind.Relative), Cancel);
        await StatusJson.Is(response, 503, RpcCode.Unavailable, "SERVICE_UNREACHABLE");
    }

    [Fact]
    public async Task A_dead_service_is_unavailable()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        _ = await Post(gateway.Http, "mine");
        await backend.Kill();
        using var response = await Post(gateway.Http, "mine");
        var status = await StatusJson.Is(response, 503, RpcCode.Unavailable, "SERVICE_UNREACHABLE");
        Assert.Equal("1s", status.GetProperty("details")[1].GetProperty("retryDelay").GetString());
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_is_deadline_exceeded()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend, "RELAPSE_JSON_IDLE_SECONDS=1");
        _ = await Post(gateway.Http, "mine");
        using var response = await Post(gateway.Http, "hang");
        await StatusJson.Is(response, 504, RpcCode.DeadlineExceeded, "DEADLINE_EXCEEDED");
        await backend.Witness.CallCancelled.WaitAsync(LimitsTests.Patience, Cancel);
    }

    [Fact]
    public async Task Cancellation_reaches_the_service()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var call = Post(gateway.Http, "hang", caller.Token);
        await backend.Witness.CallBegan.WaitAsync(LimitsTests.Patience, Cancel);
        await caller.CancelAsync();
        await backend.Witness.CallCancelled.WaitAsync(LimitsTests.Patience, Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_too_large_is_said_to_be(bool chunked)
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend, "RELAPSE_MAX_JSON_BYTES=1024");
        using var request = new HttpRequestMessage(HttpMethod.Post, Classify)
        {
            Content = new StringContent("{\"case\":{\"caseRef\":\"" + new string('r', 2000) + "\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await gateway.Http.SendAsync(request, Cancel);
        await StatusJson.Is(response, 413, RpcCode.ResourceExhausted, "REQUEST_TOO_LARGE");
    }

    [Fact]
    public async Task Too_many_calls_are_turned_away()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend, "RELAPSE_CALLS_PER_SECOND=1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post(gateway.Http, "mine")));
        Assert.Contains(answers, answer => answer.IsSuccessStatusCode);
        await StatusJson.Is(answers.First(answer => !answer.IsSuccessStatusCode), 429, RpcCode.ResourceExhausted, "TOO_MANY_CALLS");
    }

    private static Task<HttpResponseMessage> Post(HttpClient http, string reference, CancellationToken? cancel = null) =>
        http.PostAsJsonAsync(new Uri(Classify, UriKind.Relative), new { @case = new { caseRef = reference } }, cancel ?? Cancel);
}
