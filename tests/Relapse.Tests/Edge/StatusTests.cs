using System.Net;
using Google.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Relapse.Edge;

namespace Relapse.Tests.Edge;

public sealed class StatusTests
{
    private const string Secret = "blasts 87.5 percent";

    [Fact]
    public async Task A_json_caller_reads_the_canonical_status()
    {
        await using var process = await EdgeProcess.Start(MapFailures);
        await StatusJson.Is(await Get(process, "/nowhere"), 404, RpcCode.NotFound, "UNKNOWN_PATH");
        await StatusJson.Is(await Get(process, "/post-only"), 405, RpcCode.Unimplemented, "UNKNOWN_METHOD");
        await StatusJson.Is(await Get(process, "/bare/413"), 413, RpcCode.ResourceExhausted, "REQUEST_TOO_LARGE");
        await StatusJson.Is(await Get(process, "/bare/429"), 429, RpcCode.ResourceExhausted, "TOO_MANY_CALLS");
        await StatusJson.Is(await Get(process, "/bare/504"), 504, RpcCode.DeadlineExceeded, "DEADLINE_EXCEEDED");
        var unavailable = await StatusJson.Is(await Get(process, "/bare/502"), 503, RpcCode.Unavailable, "SERVICE_UNREACHABLE");
        Assert.Equal("1s", unavailable.GetProperty("details")[1].GetProperty("retryDelay").GetString());
    }

    [Theory]
    [InlineData("/relapse.nowhere.v1.Service/Method", RpcCode.Unimplemented, "UNKNOWN_METHOD")]
    [InlineData("/bare/405", RpcCode.Unimplemented, "UNKNOWN_METHOD")]
    [InlineData("/bare/413", RpcCode.ResourceExhausted, "REQUEST_TOO_LARGE")]
    [InlineData("/bare/429", RpcCode.ResourceExhausted, "TOO_MANY_CALLS")]
    [InlineData("/bare/502", RpcCode.Unavailable, "SERVICE_UNREACHABLE")]
    [InlineData("/bare/504", RpcCode.DeadlineExceeded, "DEADLINE_EXCEEDED")]
    public async Task A_grpc_caller_reads_it_as_trailers_only(string path, RpcCode code, string reason)
    {
        await using var process = await EdgeProcess.Start(MapFailures);
        using var response = await process.PostAsGrpc(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal(reason, Details(response).GetDetail<ErrorInfo>()?.Reason);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_details_written_by_hand_are_what_google_reads()
    {
        await using var process = await EdgeProcess.Start(MapFailures);
        using var response = await process.PostAsGrpc("/bare/503");
        var status = Details(response);
        Assert.Equal(Code.Unavailable, (Code)status.Code);
        Assert.Equal("The service behind this path cannot be reached now.", status.Message);
        Assert.Equal(new ErrorInfo { Reason = "SERVICE_UNREACHABLE", Domain = "relapse" }, status.GetDetail<ErrorInfo>());
        Assert.Equal(TimeSpan.FromSeconds(1), status.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan());
        Assert.Equal(status, Status.Parser.ParseFrom(StatusWireFormat.Encode(RpcStatus.Unreachable)));
    }

    [Fact]
    public void A_delay_below_a_second_and_a_long_message_survive_the_wire()
    {
        var status = new RpcStatus(RpcCode.Unavailable, 503, "R", new string('m', 300), TimeSpan.FromMilliseconds(2250));
        var read = Status.Parser.ParseFrom(StatusWireFormat.Encode(status));
        Assert.Equal(300, read.Message.Length);
        Assert.Equal(TimeSpan.FromMilliseconds(2250), read.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public async Task A_bug_is_internal_with_a_correlation_id_and_quotes_nothing()
    {
        await using var process = await EdgeProcess.Start(MapFailures);
        var status = await StatusJson.Is(await Get(process, "/bug"), 500, RpcCode.Internal, "INTERNAL");
        var correlation = status.GetProperty("message").GetString()!.Split(' ')[^1].TrimEnd('.');
        var error = Assert.Single(process.Log.Errors).Text;
        Assert.Contains(correlation, error, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, process.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, status.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_has_a_body_is_left_alone()
    {
        await using var process = await EdgeProcess.Start(MapFailures);
        using var response = await process.Http.GetAsync(new Uri("/own-404", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("mine", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Grpc_is_told_by_its_content_type(string? type, bool grpc)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = type;
        Assert.Equal(grpc, StatusWriter.IsGrpc(context.Request));
    }

    private static void MapFailures(WebApplication app)
    {
        app.MapPost("/post-only", () => "posted");
        app.Map("/bare/{code:int}", (HttpContext context, int code) => { context.Response.StatusCode = code; });
        app.MapGet("/own-404", (HttpContext context) =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("mine");
        });
        app.MapGet("/bug", string () => throw new InvalidOperationException(Secret));
    }

    private static Task<HttpResponseMessage> Get(EdgeProcess process, string path) =>
        process.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private static Status Details(HttpResponseMessage response)
    {
        var text = Assert.Single(response.Headers.GetValues("grpc-status-details-bin"));
        return Status.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
    }
}
