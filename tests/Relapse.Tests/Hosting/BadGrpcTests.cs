using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Tests.Hosting;

/// <summary>Bad bytes and bad messages on the gRPC port: the caller's fault is called so, with every fault listed.</summary>
public sealed class BadGrpcTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private ClassificationService.ClassificationServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Every_fault_of_a_message_is_listed_in_the_details()
    {
        var request = new ClassifyRelapseRequest
        {
            Case = new RelapseCase
            {
                CaseRef = "secret-7319",
                Marrow = new Marrow { BlastsPercent = double.NaN },
                Blood = new Blood { WbcPerUl = -7319 },
                Csf = new CerebrospinalFluid { WbcPerUl = double.PositiveInfinity },
                Lineage = (Lineage)7319,
                Timing = new Timing { RelapseDate = new Google.Type.Date { Year = 2014, Month = 2, Day = 30 } },
            },
            Protocols = { "protocols/nothing", "7319" },
            RequestId = new string('7', 65),
        };

        var error = await Assert.ThrowsAsync<RpcException>(() => Classify(request));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), (error.StatusCode, error.Reason()));
        Assert.Equal(
            ["case.blood.wbc_per_ul", "case.csf.wbc_per_ul", "case.lineage", "case.marrow.blasts_percent", "case.timing.relapse_date", "protocols[0]", "protocols[1]", "request_id"],
            error.Fields().Order(StringComparer.Ordinal));
        server.AssertNothingEchoed(error.ToString(), "7319");
    }

    [Fact]
    public async Task A_list_of_faults_too_long_for_trailers_is_cut_and_says_so()
    {
        var request = new ClassifyRelapseRequest { Case = new RelapseCase() };
        request.Case.Genetics.AddRange(Enumerable.Range(0, 200).Select(_ => new GeneticFinding()));

        var error = await Assert.ThrowsAsync<RpcException>(() => Classify(request));

        Assert.InRange(error.Fields().Length, 10, 399);
        Assert.Equal($"The request is invalid: 400 faults; the first {error.Fields().Length} are listed.", error.Status.Detail);
        Assert.True(error.Trailers.Sum(entry => entry.Key.Length + (entry.IsBinary ? entry.ValueBytes.Length * 4 / 3 : entry.Value.Length)) < 8 * 1024);
    }

    [Theory]
    [InlineData("00 00 00 00 05 FF FF FF FF FF", 3, "MALFORMED_MESSAGE")] // a frame whose message is no message
    [InlineData("00 00 00 00 02 0A 7F", 3, "MALFORMED_MESSAGE")] // a field longer than the message
    [InlineData("00 00 00 00 40 0A 00", 3, "MALFORMED_MESSAGE")] // a frame that ends early
    [InlineData("00 00 00", 3, "MALFORMED_MESSAGE")] // not even a frame's head
    [InlineData("", 3, "MALFORMED_MESSAGE")] // no frame
    [InlineData("00 00 00 00 02 0A 00 00 00 00 00 02 0A 00", 3, "MALFORMED_MESSAGE")] // two messages for one
    [InlineData("01 00 00 00 02 0A 00", 3, "MALFORMED_MESSAGE")] // compressed, without saying how
    [InlineData("00 7F FF FF FF 0A 00", 8, "REQUEST_TOO_LARGE")] // a length over the limit
    [InlineData("DE AD BE EF DE AD BE EF", 3, "MALFORMED_MESSAGE")]
    public async Task Torn_and_garbage_frames_are_the_callers_fault(string hex, int code, string reason)
    {
        using var response = await PostFrame(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), "application/grpc");

        AssertGrpcStatus(response, code, reason);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_too_large()
    {
        var request = new ClassifyRelapseRequest { Case = new RelapseCase { CaseRef = new string('7', 5 << 20) } };

        var error = await Assert.ThrowsAsync<RpcException>(() => Classify(request));

        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), (error.StatusCode, error.Reason()));
    }

    [Fact]
    public async Task Another_content_type_on_an_rpc_is_refused()
    {
        using var response = await PostFrame([0, 0, 0, 0, 0], "text/plain");

        Assert.False(response.Headers.Contains("grpc-status"));
        (await JsonAnswer.ReadAsync(response)).AssertError(HttpStatusCode.UnsupportedMediaType, 3, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task An_rpc_that_does_not_exist_is_unimplemented()
    {
        var method = new Method<ClassifyRelapseRequest, ClassifyRelapseResponse>(
            MethodType.Unary, "relapse.classification.v1.ClassificationService", "NoSuchRpc",
            Marshallers.Create(message => message.ToByteArray(), ClassifyRelapseRequest.Parser.ParseFrom),
            Marshallers.Create(message => message.ToByteArray(), ClassifyRelapseResponse.Parser.ParseFrom));
        var call = server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, new ClassifyRelapseRequest());

        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    [Fact]
    public async Task Garbage_on_either_port_closes_that_connection_and_no_more()
    {
        foreach (var port in new[] { server.GrpcAddress.Port, server.Http.BaseAddress!.Port })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            var bytes = new byte[4096];
            new Random(7).NextBytes(bytes);
            await socket.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
            var answer = new byte[4096];
            try
            {
                while (await socket.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken) > 0)
                {
                }
            }
            catch (IOException)
            {
                // A reset is an end, too.
            }
        }

        Assert.NotNull(await Client.GetServiceInfoAsync(new GetServiceInfoRequest(), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_deadline_or_a_caller_gone_is_no_error_of_ours()
    {
        var late = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = new RelapseCase() }, deadline: DateTime.UtcNow.AddMilliseconds(-1), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
    }

    private async Task Classify(ClassifyRelapseRequest request) =>
        await Client.ClassifyRelapseAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> PostFrame(byte[] frame, string contentType)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.GrpcAddress, "/relapse.classification.v1.ClassificationService/ClassifyRelapse"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        return response;
    }

    private static void AssertGrpcStatus(HttpResponseMessage response, int code, string reason)
    {
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        Assert.Equal(code.ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(headers.GetValues("grpc-status")));
        var details = Assert.Single(headers.GetValues("grpc-status-details-bin"));
        var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal((code, reason), (status.Code, status.GetDetail<Google.Rpc.ErrorInfo>()!.Reason));
    }
}
