using System.Net;
using System.Text;

namespace Relapse.Tests.Hosting;

/// <summary>Bad JSON, one kind at a time and all at once: every fault named by its path, no value echoed, nothing INTERNAL.</summary>
public sealed class BadJsonTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/classification/relapses:classify";

    public void Dispose() => server.AssertNoErrorsLogged();

    [Theory]
    [InlineData("""{"case":{"csf":{"wbcPerMl":731928}}}""", "case.csf.wbc_per_ml")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":"731928"}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":"NaN"}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":"-Infinity"}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":731928e999}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":-731928.5}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":140.731928}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":[731928]}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":731928,"blasts_percent":5}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":5,"blastsPercent":5}}}""", "case.marrow.blasts_percent")]
    [InlineData("""{"case":{"marrow":[]}}""", "case.marrow")]
    [InlineData("""{"case":{"marrow":"secret-731928"}}""", "case.marrow")]
    [InlineData("""{"case":{"lineage":"secret_731928"}}""", "case.lineage")]
    [InlineData("""{"case":{"lineage":2}}""", "case.lineage")]
    [InlineData("""{"case":{"lineage":"2"}}""", "case.lineage")]
    [InlineData("""{"case":{"lineage":true}}""", "case.lineage")]
    [InlineData("""{"case":{"downSyndrome":"true"}}""", "case.down_syndrome")]
    [InlineData("""{"case":{"relapseNumber":1.5}}""", "case.relapse_number")]
    [InlineData("""{"case":{"relapseNumber":73192873192873}}""", "case.relapse_number")]
    [InlineData("""{"case":{"caseRef":731928}}""", "case.case_ref")]
    [InlineData("""{"case":{"caseRef":"\ud800"}}""", "case.case_ref")]
    [InlineData("""{"case":{"genetics":{"marker":"GENETIC_MARKER_TP53"}}}""", "case.genetics")]
    [InlineData("""{"case":{"genetics":[{"marker":"GENETIC_MARKER_TP53","status":"FINDING_STATUS_PRESENT"},null]}}""", "case.genetics[1]")]
    [InlineData("""{"case":{"genetics":[{"marker":"GENETIC_MARKER_TP53","status":"secret731928"}]}}""", "case.genetics[0].status")]
    [InlineData("""{"case":{"genetics":null}}""", "case.genetics")]
    [InlineData("""{"case":{"mrd":[{"belowDetection":true,"quantified":"731928"}]}}""", "case.mrd[0].quantified")]
    [InlineData("""{"case":{"timing":{"relapseDate":"2014-02-30"}}}""", "case.timing.relapse_date")]
    [InlineData("""{"case":{"timing":{"relapseDate":{"year":2014,"month":2,"day":30}}}}""", "case.timing.relapse_date")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":3},"unknown":[{"field":"case.marrow.blasts_percent"}]}}""", "case.unknown[0].field")]
    [InlineData("""{"case":{},"requestId":"0123456789012345678901234567890123456789012345678901234567890731928"}""", "request_id")]
    [InlineData("""{"case":{},"requestId":"a\u0000b"}""", "request_id")]
    [InlineData("""{"case":{},"protocols":["secret 731928"]}""", "protocols[0]")]
    [InlineData("""{"case":{},"protocols":["protocols/cog","protocols/cog/versions/2012.1"]}""", "protocols[1]")]
    [InlineData("""{"case":{},"readings":[{"protocol":"protocols/cog","reading":"secret731928","value":"x"}]}""", "readings[0].reading")]
    [InlineData("""{"case":{},"protocols":["protocols/cog"],"readings":[{"protocol":"protocols/ukall-r3"}]}""", "readings[0].protocol")]
    [InlineData("""{"protocols":["protocols/cog"]}""", "case")]
    [InlineData("""{"case":{"Jane Doe 731928":1}}""", "case")]
    [InlineData("""{"secret-731928":1}""", "body")]
    [InlineData("""[{"case":{}}]""", "body")]
    [InlineData("null", "body")]
    [InlineData("\"secret 731928\"", "body")]
    [InlineData("", "body")]
    [InlineData("  \n ", "body")]
    [InlineData("secret 731928", "body")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":NaN}}}""", "body")]
    [InlineData("""{"case":{"marrow":{"blastsPercent":731928""", "body")]
    [InlineData("""{"case":{}} {"case":{}}""", "body")]
    [InlineData("""{"case":{},}""", "body")]
    [InlineData("""{"case":{} /* secret 731928 */}""", "body")]
    public async Task Each_fault_is_named_by_its_path_and_no_value_comes_back(string body, string field)
    {
        var answer = await server.PostAsync(Path, body);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(field, Assert.Single(answer.Fields.Distinct()));
        server.AssertNothingEchoed(answer.Body, "731928", "secret", "Jane");
    }

    [Fact]
    public async Task Faults_of_form_are_reported_all_at_once()
    {
        var answer = await server.PostAsync(Path, """
            {"case":{"lineage":7319,"csf":{"wbcPerMl":7319,"wbcPerUl":"7319","wbc_per_ul":1},"sex":"x","genetics":[null,{"marker":"7319"}]},
             "protocols":[null,7319],"nonsense":{"a":[{"b":7319}]}} trailing7319
            """);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(
            ["case.lineage", "case.csf.wbc_per_ml", "case.csf.wbc_per_ul", "case.csf.wbc_per_ul", "case.sex", "case.genetics[0]", "case.genetics[1].marker", "protocols[0]", "protocols[1]", "nonsense", "body"],
            answer.Fields);
        server.AssertNothingEchoed(answer.Body, "7319");
    }

    [Fact]
    public async Task Faults_of_meaning_are_reported_all_at_once_and_name_what_was_not_found_too()
    {
        var answer = await server.PostAsync(Path, """
            {"case":{"marrow":{"blastsPercent":140.7319},"blood":{"wbcPerUl":-7319},"timing":{"diagnosisDate":{"year":2001,"month":2,"day":30}}},
             "protocols":["protocols/no-such-thing","nonsense"],"requestId":"a\nb"}
            """);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(
            ["case.blood.wbc_per_ul", "case.marrow.blasts_percent", "case.timing.diagnosis_date", "protocols[0]", "protocols[1]", "request_id"],
            answer.Fields.Order(StringComparer.Ordinal));
        server.AssertNothingEchoed(answer.Body, "7319");
    }

    [Theory]
    [InlineData("""{"case":{"csf":{"wbcPerUl":3}}}""")]
    [InlineData("""{"case":{"csf":{"wbc_per_ul":3}},"include_trace":true}""")]
    [InlineData("""{"case":{"csf":null,"sex":null,"relapseNumber":null,"marrow":{"blastsPercent":null}}}""")]
    [InlineData("\uFEFF{\"case\":{}}")]
    public async Task Either_spelling_and_null_for_absent_are_taken(string body)
    {
        var answer = await server.PostAsync(Path, body);

        Assert.Equal(HttpStatusCode.OK, answer.Http);
    }

    [Theory]
    [InlineData("[", 10_000)]
    [InlineData("{\"a\":", 10_000)]
    [InlineData("{\"case\":{\"marrow\":", 10_000)]
    public async Task Depth_is_refused_without_being_followed(string opening, int times)
    {
        var answer = await server.PostAsync(Path, string.Concat(Enumerable.Repeat(opening, times)));

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Contains(answer.Violations, violation => violation.Description.Contains("deeper", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_too_large_and_says_the_limit()
    {
        var answer = await server.PostAsync(Path, "{\"case\":{\"caseRef\":\"" + new string('7', 5 << 20) + "\"}}");

        answer.AssertError(HttpStatusCode.RequestEntityTooLarge, 8, "REQUEST_TOO_LARGE");
    }

    [Fact]
    public async Task A_body_over_the_limit_in_chunks_is_too_large_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(new string(' ', 3 << 20), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        (await JsonAnswer.ReadAsync(response)).AssertError(HttpStatusCode.RequestEntityTooLarge, 8, "REQUEST_TOO_LARGE");
    }

    [Fact]
    public async Task Many_faults_are_all_listed()
    {
        var entries = string.Join(',', Enumerable.Repeat("""{"marker":"x"}""", 300));
        var answer = await server.PostAsync(Path, "{\"case\":{\"genetics\":[" + entries + "]}}");

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(300, answer.Fields.Length);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? contentType)
    {
        var answer = await server.PostAsync(Path, Encoding.UTF8.GetBytes("""{"case":{"caseRef":"secret731928"}}"""), contentType);

        answer.AssertError(HttpStatusCode.UnsupportedMediaType, 3, "UNSUPPORTED_MEDIA_TYPE");
        server.AssertNothingEchoed(answer.Body, "731928");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        var answer = await server.PostAsync(Path, [.. "{\"case\":{\"caseRef\":\""u8, 0xFF, 0xC0, .. "\"}}"u8]);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["body"], answer.Fields);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_who_goes_away_mid_body_is_no_error_of_ours(bool reset)
    {
        for (var i = 0; i < 20; i++)
        {
            using var socket = new System.Net.Sockets.TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"case\":"),
                TestContext.Current.CancellationToken);
            await Task.Delay(i, TestContext.Current.CancellationToken);
            socket.LingerState = new System.Net.Sockets.LingerOption(enable: reset, seconds: 0);
        }

        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/healthz/ready")).Http);
    }

    [Theory]
    [InlineData("/v1/registry/protocols?pageSize=secret731928", "page_size")]
    [InlineData("/v1/registry/protocols?page_size=1&pageSize=2", "page_size")]
    [InlineData("/v1/registry/protocols?page_size=1&page_size=2", "page_size")]
    [InlineData("/v1/registry/protocols?pageSizes=1", "page_sizes")]
    [InlineData("/v1/registry/protocols?secret-731928=1", "query")]
    [InlineData("/v1/registry/protocols/cog/labels/current?name=x", "name")]
    [InlineData("/v1/registry/info?x=1", "x")]
    public async Task A_query_is_checked_like_a_body(string path, string field)
    {
        var answer = await server.GetAsync(path);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal([field], answer.Fields);
        server.AssertNothingEchoed(answer.Body, "731928");
    }

    [Fact]
    public async Task A_query_beside_a_body_is_refused()
    {
        var answer = await server.PostAsync(Path + "?includeTrace=true", """{"case":{}}""");

        Assert.Equal(["include_trace"], answer.Fields);
    }

    [Fact]
    public async Task Unknown_paths_and_methods_answer_with_the_status_object()
    {
        (await server.GetAsync("/v1/no/such/path")).AssertError(HttpStatusCode.NotFound, 5, "UNKNOWN_PATH");
        (await server.GetAsync(Path)).AssertError(HttpStatusCode.MethodNotAllowed, 12, "UNKNOWN_METHOD");
        (await server.PostAsync("/v1/registry/info", "{}")).AssertError(HttpStatusCode.MethodNotAllowed, 12, "UNKNOWN_METHOD");
    }
}
