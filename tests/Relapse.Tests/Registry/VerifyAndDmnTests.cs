using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>VerifyProtocol, ExportProtocol and ImportDecisions, by gRPC and by JSON, with documents that are none.</summary>
public sealed class VerifyAndDmnTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RegistryService.RegistryServiceClient Client => new(server.Channel);

    public static TheoryData<string, string> Malformed => new()
    {
        { "empty", " " },
        { "a scalar", "word" },
        { "a list", "- a\n- b\n" },
        { "aliases", "a: &a [x, x]\nb: [*a, *a]\n" },
        { "nested", new string('[', 20_000) },
        { "nested maps", string.Concat(Enumerable.Range(0, 800).Select(depth => $"{new string(' ', depth)}a:\n")) },
        { "a tag", "id: !!binary abc\n" },
        { "two documents", "id: a\n---\nid: b\n" },
        { "not UTF-8 ends", "id: \u0000\u0001" },
        { "decisions a word", "id: a\nversion: \"1\"\ndecisions: nothing\n" },
        { "rules a word", "decisions:\n  timing:\n    rules: nothing\n" },
        { "a rule a word", "decisions:\n  timing:\n    rules: [a]\n" },
        { "when a list", "decisions:\n  timing:\n    rules:\n      - when: [a]\n" },
        { "bands a list", "inputs:\n  lineage:\n    bands: [a]\n" },
        { "many keys", string.Concat(Enumerable.Range(0, 20_000).Select(key => $"k{key}: 1\n")) },
    };

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task A_shipped_version_is_clean_by_grpc_and_by_json()
    {
        var request = new VerifyProtocolRequest { ProtocolYaml = ByteString.CopyFromUtf8(DocumentText.Shipped.Protocol), CasesYaml = ByteString.CopyFromUtf8(DocumentText.Shipped.Cases) };

        var answer = await Client.VerifyProtocolAsync(request, cancellationToken: Cancellation);

        Assert.Empty(answer.Faults);
        Assert.Equal(("protocols/i-bfm-sg/versions/2014.1", Shipped.Protocol("i-bfm-sg").Digest, 0), (answer.Name, answer.Digest, answer.Certificate.Faults));
        Assert.True(answer.Certificate is { Cells: > 100, Cases: > 10, Rules: > 10 });
        Assert.Equal(answer, VerifyProtocolResponse.Parser.ParseJson((await server.PostAsync("/v1/registry/protocols:verify", JsonFormatter.Default.Format(request))).Body));
    }

    [Fact]
    public async Task Every_fault_comes_with_file_line_column_and_code()
    {
        // A gap where a rule is taken out; line and column of the decision it is missing in.
        var spoiled = DocumentText.Shipped.Without("standard-bcp-combined").Protocol;

        var answer = await Client.VerifyProtocolAsync(
            new VerifyProtocolRequest { ProtocolYaml = ByteString.CopyFromUtf8(spoiled), CasesYaml = ByteString.CopyFromUtf8(DocumentText.Shipped.Cases) }, cancellationToken: Cancellation);

        var gap = Assert.Single(answer.Faults, fault => fault.Code == "GAP");
        Assert.Equal(("protocol.yaml", DocumentText.Position(spoiled, "risk_group:\n")), (gap.File, (gap.Line, gap.Column)));
        Assert.Equal(answer.Faults.Count, answer.Certificate.Faults);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_document_is_an_answer_with_faults(string name, string document)
    {
        var answer = await server.PostAsync("/v1/registry/protocols:verify", JsonSerializer.Serialize(new { protocolYaml = Convert.ToBase64String(Encoding.UTF8.GetBytes(document)) }));

        Assert.True(answer.Http == HttpStatusCode.OK, $"{name}: {answer.Body}");
        Assert.NotEmpty(VerifyProtocolResponse.Parser.ParseJson(answer.Body).Faults);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_document_is_not_compared(string name, string document)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.CompareProtocolsAsync(
            new CompareProtocolsRequest { One = "protocols/cog", OtherProtocolYaml = ByteString.CopyFromUtf8(document) }, cancellationToken: Cancellation));

        Assert.True(error.StatusCode == StatusCode.InvalidArgument, name);
    }

    [Fact]
    public async Task What_is_required_is_asked_for()
    {
        var verify = await server.PostAsync("/v1/registry/protocols:verify", "{}");
        verify.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["protocol_yaml"], verify.Fields);

        var import = await server.PostAsync("/v1/registry/decisions:import", "{}");
        import.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["dmn"], import.Fields);
    }

    [Fact]
    public async Task A_version_is_exported_alike_by_grpc_and_by_json_and_imported_again()
    {
        const string Name = "protocols/all-rez-bfm/versions/2002.1";

        var body = await Client.ExportProtocolAsync(new ExportProtocolRequest { Name = Name }, cancellationToken: Cancellation);
        var json = await server.GetAsync($"/v1/registry/{Name}/dmn");

        Assert.Equal("application/xml", body.ContentType);
        Assert.Equal((HttpStatusCode.OK, "application/xml", body.Data.ToStringUtf8()), (json.Http, json.ContentType, json.Body));

        var imported = await Client.ImportDecisionsAsync(new ImportDecisionsRequest { Dmn = body.Data }, cancellationToken: Cancellation);
        Assert.Empty(imported.Faults);
        Assert.Equal(Shipped.Protocol("all-rez-bfm").Document.Decisions.Keys, imported.Decisions);
        Assert.Contains("- id: timing-very-early", imported.Yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/registry/protocols/nothing/versions/1/dmn", HttpStatusCode.NotFound, 5, "PROTOCOL_NOT_FOUND")]
    [InlineData("/v1/registry/protocols/COG/versions/1/dmn", HttpStatusCode.BadRequest, 3, "INVALID_REQUEST")]
    [InlineData("/v1/registry/protocols/cog/versions/%2e%2e%2f/dmn", HttpStatusCode.BadRequest, 3, "INVALID_REQUEST")]
    public async Task What_is_not_there_is_not_exported(string path, HttpStatusCode http, int code, string reason) => (await server.GetAsync(path)).AssertError(http, code, reason);

    [Fact]
    public async Task A_file_that_would_lose_something_is_an_answer_with_reasons()
    {
        var answer = await Client.ImportDecisionsAsync(new ImportDecisionsRequest { Dmn = ByteString.CopyFromUtf8("<a/>") }, cancellationToken: Cancellation);

        var fault = Assert.Single(answer.Faults);
        Assert.Equal(("dmn", "NOT_LOSSLESS", 1), (fault.File, fault.Code, fault.Line));
        Assert.Empty(answer.Yaml);
    }
}
