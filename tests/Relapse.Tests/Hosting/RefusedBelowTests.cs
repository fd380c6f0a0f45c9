using System.Net.Sockets;
using System.Text;

namespace Relapse.Tests.Hosting;

/// <summary>What the server below refuses by itself, without a body, and what comes as far as our code and gets a Status.</summary>
public sealed class RefusedBelowTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Below => new()
    {
        { $"GET /v1/registry/protocols/{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n", "414" },
        { $"GET /v1/registry/protocols HTTP/1.1\r\nHost: x\r\nx: {new string('a', 40_000)}\r\n\r\n", "431" },
        { "GET /v1/registry/protocols HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 150).Select(header => $"h{header}: 1\r\n")) + "\r\n", "431" },
        { "GET /v1/registry/protocols/a%00b/versions/1 HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GE@T /v1/registry/protocols HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET /v1/registry/protocols HTTP/1.1\r\nHost: a b\r\n\r\n", "400" },
        { "GET /v1/registry/protocols HTTP/1.1\r\n\r\n", "400" },
        { "GET /v1/registry/protocols HTTP/9.0\r\nHost: x\r\n\r\n", "505" },
    };

    public void Dispose() => server.AssertNoErrorsLogged();

    [Theory]
    [MemberData(nameof(Below), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_request_ends_without_a_body_and_with_the_connection(string request, string status)
    {
        var answer = await SendAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 0\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("protocols/a%zz/versions/1")]
    [InlineData("protocols/a%c0%80/versions/1")]
    [InlineData("protocols/a%ff/versions/1")]
    [InlineData("protocols?pageToken=%00")]
    [InlineData("protocols/cog/versions?pageToken=%ff")]
    public async Task Whatever_else_is_wrong_with_a_path_or_a_query_is_a_status(string path)
    {
        var answer = await SendAsync($"GET /v1/registry/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("{\"code\":3,\"message\":\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_as_long_as_it_may_be_is_answered_with_a_status()
    {
        var answer = await SendAsync($"GET /v1/registry/protocols/{new string('a', 8000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Assert.Contains("UNKNOWN_PATH", answer, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
        using var answer = new MemoryStream();
        var part = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(part, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel)) > 0)
            {
                answer.Write(part, 0, read);
            }
        }
        catch (IOException)
        {
            // The server closed while the rest of a request was on its way.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
