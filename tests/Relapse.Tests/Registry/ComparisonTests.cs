using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>CompareProtocols, by gRPC and by JSON.</summary>
public sealed class ComparisonTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/registry/protocols:compare";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RegistryService.RegistryServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Two_protocols_are_compared_alike_by_grpc_and_by_json()
    {
        var request = new CompareProtocolsRequest { One = "protocols/all-rez-bfm", Other = "protocols/ukall-r3/versions/2003.1", Decision = "risk_group" };

        var answer = await Client.CompareProtocolsAsync(request, cancellationToken: Cancellation);

        Assert.Equal(("protocols/all-rez-bfm/versions/2002.1", "protocols/ukall-r3/versions/2003.1"), (answer.One, answer.Other));
        var region = Assert.Single(Assert.Single(answer.Decisions).Regions);
        Assert.Equal("very early isolated extramedullary relapse", region.Patients);
        Assert.Equal(answer, CompareProtocolsResponse.Parser.ParseJson((await server.PostAsync(Path, JsonFormatter.Default.Format(request))).Body));
    }

    [Fact]
    public async Task Without_a_decision_every_one_that_both_define_is_compared_in_the_order_of_the_way()
    {
        var answer = await Client.CompareProtocolsAsync(new CompareProtocolsRequest { One = "protocols/cog", Other = "protocols/all-rez-bfm" }, cancellationToken: Cancellation);

        Assert.Equal(
            ["marrow_status", "cns_involvement", "testicular_involvement", "other_involvement", "extramedullary_site", "relapse_site", "timing"],
            answer.Decisions.Select(decision => decision.Decision).TakeWhile(decision => decision != "risk_group").Take(7));
        Assert.Equal(["timing"], answer.Decisions.Where(decision => !decision.Same).Select(decision => decision.Decision).Take(1));
    }

    [Fact]
    public async Task A_document_that_is_sent_is_compared_with_the_version_of_its_name()
    {
        var sent = DocumentText.Shipped.Change("[5, 25]", "[5, 30]").Change("(25, 100]", "(30, 100]").Protocol;

        var answer = await Client.CompareProtocolsAsync(
            new CompareProtocolsRequest { One = "protocols/i-bfm-sg", OtherProtocolYaml = ByteString.CopyFromUtf8(sent), Decision = "marrow_status" }, cancellationToken: Cancellation);

        Assert.Contains("2014.1 as sent", Assert.Single(answer.Decisions).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_is_chosen_for_the_side_that_it_names()
    {
        var request = new CompareProtocolsRequest { One = "protocols/all-rez-bfm", Other = "protocols/ukall-r3", Decision = "timing" };
        Assert.True((await Client.CompareProtocolsAsync(request, cancellationToken: Cancellation)).Decisions[0].Same);

        request.Readings.Add(new ReadingChoice { Protocol = "protocols/ukall-r3", Reading = "exactly_six_months", Value = "LATE" });

        Assert.False((await Client.CompareProtocolsAsync(request, cancellationToken: Cancellation)).Decisions[0].Same);
    }

    [Fact]
    public async Task Everything_wrong_with_the_names_and_readings_is_said_at_once()
    {
        var request = new CompareProtocolsRequest
        {
            One = "protocols/cog",
            Other = "protocols/all-rez-bfm",
            Readings =
            {
                new ReadingChoice { Protocol = "protocols/ukall-r3", Reading = "exactly_six_months", Value = "LATE" },
                new ReadingChoice { Protocol = "protocols/all-rez-bfm", Reading = "nothing", Value = "LATE" },
                new ReadingChoice { Protocol = "protocols/all-rez-bfm", Reading = "exactly_six_months", Value = "NEVER" },
            },
        };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.CompareProtocolsAsync(request, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(["readings[0].protocol", "readings[1].reading", "readings[2].value"], error.Fields());
    }

    [Theory]
    [InlineData("""{"one": "protocols/nothing", "other": "protocols/cog"}""", HttpStatusCode.NotFound, 5, "PROTOCOL_NOT_FOUND", "one")]
    [InlineData("""{"one": "protocols/cog", "other": "protocols/cog/versions/9"}""", HttpStatusCode.NotFound, 5, "PROTOCOL_VERSION_NOT_FOUND", "other")]
    [InlineData("""{"one": "protocols/cog", "other": "protocols/all-rez-bfm", "decision": "risk_group"}""", HttpStatusCode.NotFound, 5, "DECISION_NOT_FOUND", "decision")]
    [InlineData("""{"one": "protocols/cog", "other": "protocols/all-rez-bfm", "decision": "<script>"}""", HttpStatusCode.NotFound, 5, "DECISION_NOT_FOUND", "decision")]
    [InlineData("""{"one": "../../etc/passwd", "other": "protocols/cog"}""", HttpStatusCode.BadRequest, 3, "INVALID_REQUEST", "one")]
    [InlineData("""{"one": "protocols/COG", "other": "protocols/cog"}""", HttpStatusCode.BadRequest, 3, "INVALID_REQUEST", "one")]
    [InlineData("""{"one": "protocols/cog"}""", HttpStatusCode.BadRequest, 3, "INVALID_REQUEST", "other")]
    [InlineData("""{"one": "protocols/cog", "other": "protocols/cog", "otherProtocolYaml": "YQ=="}""", HttpStatusCode.BadRequest, 3, "INVALID_REQUEST", "other")]
    public async Task What_cannot_be_compared_is_refused(string body, HttpStatusCode http, int code, string reason, string field)
    {
        var answer = await server.PostAsync(Path, body);

        answer.AssertError(http, code, reason);
        Assert.Contains(field, answer.Fields);
    }

    [Fact]
    public async Task A_document_with_faults_is_refused_with_each_of_them()
    {
        var sent = DocumentText.Shipped.Without("standard-bcp-combined").Protocol;

        var answer = await server.PostAsync(Path, JsonSerializer.Serialize(new { one = "protocols/i-bfm-sg", otherProtocolYaml = Convert.ToBase64String(Encoding.UTF8.GetBytes(sent)) }));

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Contains(answer.Violations, violation => violation.Field == "other_protocol_yaml" && violation.Description.Contains("decisions.risk_group", StringComparison.Ordinal));
    }
}
