using System.Diagnostics;
using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>Documents made to harm are refused soon, by both transports, and leave nothing behind.</summary>
public sealed class DocumentBombTests(SqliteHouse house) : IClassFixture<SqliteHouse>, IDisposable
{
    private const int MaxDocument = 4 * 1024 * 1024;

    public static TheoryData<string> Transports => ["gRPC", "JSON"];

    public void Dispose() => house.Server.AssertNoErrorsLogged();

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_document_over_four_mebibytes_is_too_large_and_one_below_is_looked_at(string transport)
    {
        var north = house.As("north", transport);
        var (over, below) = (Comment(MaxDocument + 1), Comment(MaxDocument));
        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), await Refused.By(() => north.Publish(new PublishProtocolVersionRequest { ProtocolYaml = over, CasesYaml = below })));
        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), await Refused.By(() => north.Publish(new PublishProtocolVersionRequest { ProtocolYaml = below, CasesYaml = over })));
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), await Refused.By(() => north.Publish(new PublishProtocolVersionRequest { ProtocolYaml = below, CasesYaml = below })));
    }

    [Theory]
    [InlineData("gRPC", "[")]
    [InlineData("JSON", "{a: ")]
    [InlineData("gRPC", "- ")]
    [InlineData("JSON", "? ")]
    public async Task Deep_nesting_is_refused(string transport, string level)
    {
        var text = string.Concat(Enumerable.Repeat(level, MaxDocument / 4 / level.Length));
        await RefusedSoonAsync(transport, new PublishProtocolVersionRequest { ProtocolYaml = ByteString.CopyFromUtf8(text), CasesYaml = ByteString.CopyFromUtf8(text) });
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Aliases_that_would_multiply_are_refused_and_not_followed(string transport)
    {
        var text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var letter = 'b'; letter <= 'z'; letter++)
        {
            var before = (char)(letter - 1);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{letter}: &{letter} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n");
        }

        await RefusedSoonAsync(transport, new PublishProtocolVersionRequest { ProtocolYaml = ByteString.CopyFromUtf8(text.ToString()) });
    }

    [Fact]
    public async Task A_hundred_megabytes_are_turned_away_in_both_protocols()
    {
        using var content = new ByteArrayContent(new byte[100_000_000]);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/registry/protocols:publish") { Content = content };
        request.Headers.Authorization = new("Bearer", house.Token("north"));
        using var json = await house.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, json.StatusCode);

        var error = await Assert.ThrowsAsync<RpcException>(() => house.As("north", "gRPC").Publish(new PublishProtocolVersionRequest { ProtocolYaml = ByteString.CopyFrom(new byte[100_000_000]) }));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("8454144", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("protocols:verify", "protocolYaml", "casesYaml")]
    [InlineData("protocols:compare", "otherProtocolYaml", "")]
    [InlineData("decisions:import", "dmn", "")]
    public async Task Documents_as_large_as_they_may_be_are_looked_at_over_json_and_larger_ones_are_not(string path, string field, string other)
    {
        // RESOURCE_EXHAUSTED of the call itself; the next is not even read.
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(path, field, other, MaxDocument + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(path, field, other, 100_000_000));
        Assert.Equal(path == "protocols:compare" ? HttpStatusCode.BadRequest : HttpStatusCode.OK, await PostAsync(path, field, other, MaxDocument));
    }

    private async Task<HttpStatusCode> PostAsync(string path, string field, string other, int bytes)
    {
        var document = Convert.ToBase64String(Comment(bytes).Span);
        var more = other.Length > 0 ? $", \"{other}\": \"{document}\"" : path == "protocols:compare" ? ", \"one\": \"protocols/cog\"" : "";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/registry/" + path) { Content = new StringContent($"{{\"{field}\": \"{document}\"{more}}}", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", house.Token("north"));
        using var answer = await house.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task RefusedSoonAsync(string transport, PublishProtocolVersionRequest request)
    {
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), await Refused.By(() => house.As("north", transport).Publish(request)));
        // Not a measurement: followed to its end it would take hours.
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));
    }

    private static ByteString Comment(int bytes) => ByteString.CopyFromUtf8("#" + new string('x', bytes - 1));
}
