using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Relapse.Edge;

namespace Relapse.Tests.Edge;

public sealed class LimitsTests
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1024, false)]
    [InlineData(1025, true)]
    [InlineData(3_000_000, true)]
    public async Task A_body_over_the_limit_is_said_to_be_too_large(int bytes, bool tooLarge)
    {
        await using var process = await StartEcho(("RELAPSE_MAX_JSON_BYTES", "1024"));
        using var response = await process.Http.PostAsync(new Uri("/length", UriKind.Relative), new ByteArrayContent(new byte[bytes]), Cancel);
        if (tooLarge)
        {
            await StatusJson.Is(response, 413, RpcCode.ResourceExhausted, "REQUEST_TOO_LARGE");
        }
        else
        {
            Assert.Equal("1024", await response.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task A_body_of_undeclared_length_is_said_to_be_too_large_where_it_passes_the_limit()
    {
        await using var process = await StartEcho(("RELAPSE_MAX_JSON_BYTES", "1024"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/length") { Content = new ByteArrayContent(new byte[1500]) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await process.Http.SendAsync(request, Cancel);
        await StatusJson.Is(response, 413, RpcCode.ResourceExhausted, "REQUEST_TOO_LARGE");
    }

    [Fact]
    public async Task Over_the_rate_of_one_address_calls_are_turned_away_in_the_callers_protocol()
    {
        await using var process = await StartEcho(("RELAPSE_CALLS_PER_SECOND", "1"));

        // Many at once: on a slow machine a second passes between two calls, but not between twenty.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ping(process)));
        Assert.Contains(answers, answer => answer.IsSuccessStatusCode);
        await StatusJson.Is(answers.First(answer => !answer.IsSuccessStatusCode), 429, RpcCode.ResourceExhausted, "TOO_MANY_CALLS");
        var grpc = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => process.PostAsGrpc("/ping")));
        Assert.Contains(grpc, answer => answer.Headers.TryGetValues("grpc-status", out var code) && code.Single() == "8");
    }

    [Fact]
    public async Task Over_the_number_of_calls_at_once_the_next_is_turned_away_and_probes_are_not()
    {
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var process = await StartEcho(begun, gate, ("RELAPSE_MAX_CONCURRENT_CALLS", "1"));
        var held = process.Http.GetAsync(new Uri("/held", UriKind.Relative), Cancel);
        await begun.Task.WaitAsync(Patience, Cancel);
        await StatusJson.Is(await Ping(process), 429, RpcCode.ResourceExhausted, "TOO_MANY_CALLS");
        using var probe = await process.Http.GetAsync(new Uri("/healthz/live", UriKind.Relative), Cancel);
        Assert.True(probe.IsSuccessStatusCode);
        gate.SetResult();
        Assert.True((await held).IsSuccessStatusCode);
        await WaitUntil(async () => (await Ping(process)).IsSuccessStatusCode);
    }

    /// <summary>Waits for what must come true, and fails instead of hanging when it does not.</summary>
    internal static async Task WaitUntil(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Patience);
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static Task<EdgeProcess> StartEcho(params (string Name, string Value)[] settings) =>
        StartEcho(new TaskCompletionSource(), new TaskCompletionSource(), settings);

    private static Task<EdgeProcess> StartEcho(TaskCompletionSource begun, TaskCompletionSource gate, params (string Name, string Value)[] settings) =>
        EdgeProcess.Start(
            app =>
            {
                app.Map("/ping", () => "pong");
                app.MapGet("/healthz/live", () => "live");
                app.MapGet("/held", () =>
                {
                    begun.SetResult();
                    return gate.Task;
                });
                app.MapPost("/length", async (HttpContext context) =>
                {
                    using var body = new MemoryStream();
                    await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                    await context.Response.WriteAsync(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                });
            },
            null,
            settings);

    private static Task<HttpResponseMessage> Ping(EdgeProcess process) =>
        process.Http.GetAsync(new Uri("/ping", UriKind.Relative), Cancel);
}
