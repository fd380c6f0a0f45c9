using System.Net;
using System.Text.Json;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Edge;
using Relapse.Hosting.OpenApi;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Relapse.Tests.Hosting.OpenApi;

/// <summary>The document that the shipped services serve, held against the generated code's own descriptors.</summary>
public sealed class OpenApiDocumentTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static readonly ServiceDescriptor[] Shipped = [AssessmentService.Descriptor, ClassificationService.Descriptor, MrdService.Descriptor, OutcomeService.Descriptor, RegistryService.Descriptor, TransplantService.Descriptor];

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Every_rpc_that_the_process_answers_over_http_is_there_and_no_other()
    {
        var served = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>()?.MethodDescriptor)
            .OfType<MethodDescriptor>().Select(method => $"{method.Service.Name}_{method.Name}");
        var document = (await server.GetAsync("/openapi.json")).Json;
        Assert.Equal(served.Distinct().Order(StringComparer.Ordinal), Operations(document).Select(operation => operation.Id).Order(StringComparer.Ordinal));
        Assert.Equal(Shipped.SelectMany(service => service.Methods).Count(HasPath), Operations(document).Count);
    }

    [Fact]
    public async Task A_path_reads_as_it_is_called()
    {
        var document = (await server.GetAsync("/openapi.json")).Json;
        Assert.Equal(
        [
            "get /v1/assessment/info",
            "get /v1/classification/info",
            "get /v1/mrd/info",
            "get /v1/outcome/evidence",
            "get /v1/outcome/evidence:plot",
            "get /v1/outcome/info",
            "get /v1/registry/info",
            "get /v1/registry/protocols",
            "get /v1/registry/protocols/{protocol}/labels/{label}",
            "get /v1/registry/protocols/{protocol}/labels/{label}/history",
            "get /v1/registry/protocols/{protocol}/versions",
            "get /v1/registry/protocols/{protocol}/versions/{version}",
            "get /v1/registry/protocols/{protocol}/versions/{version}/dmn",
            "get /v1/transplant/info",
            "post /v1/assessment/cases:assess",
            "post /v1/assessment/receipts:verify",
            "post /v1/classification/primaryRisk:assess",
            "post /v1/classification/relapses:batchClassify",
            "post /v1/classification/relapses:classify",
            "post /v1/mrd/responses:assess",
            "post /v1/mrd/responses:batchAssess",
            "post /v1/mrd/results:batchInterpret",
            "post /v1/mrd/results:interpret",
            "post /v1/outcome/estimates:make",
            "post /v1/outcome/estimates:plot",
            "post /v1/registry/decisions:import",
            "post /v1/registry/protocols/{protocol}/labels/{label}:move",
            "post /v1/registry/protocols/{protocol}/versions/{version}:archive",
            "post /v1/registry/protocols:compare",
            "post /v1/registry/protocols:publish",
            "post /v1/registry/protocols:verify",
            "post /v1/transplant/donors:rank",
            "post /v1/transplant/eligibility:assess",
            "post /v1/transplant/eligibility:batchAssess",
        ],
        Operations(document).Select(operation => $"{operation.Verb} {operation.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_message_and_field_that_a_call_reaches_is_there_with_what_the_proto_says_of_it()
    {
        var schemas = (await server.GetAsync("/openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        var reached = new HashSet<MessageDescriptor>();
        foreach (var method in Shipped.SelectMany(service => service.Methods).Where(HasPath))
        {
            Reach(method.OutputType, reached);
            // What the path gives is no field of the body, whose schema is then another one.
            if (method.GetOptions().GetExtension(AnnotationsExtensions.Http) is { Body: "*" } http && !http.Post.Contains('{', StringComparison.Ordinal))
            {
                Reach(method.InputType, reached);
            }
        }

        Assert.Contains(MrdResult.Descriptor, reached);
        foreach (var message in reached.Where(message => message.File.Package.StartsWith("relapse.", StringComparison.Ordinal) && message.ContainingType is null))
        {
            var schema = schemas.GetProperty(message.FullName);
            Assert.NotEmpty(schema.GetProperty("description").GetString()!);
            Assert.Equal(message.Fields.InDeclarationOrder().Select(field => field.JsonName), schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
            Assert.All(schema.GetProperty("properties").EnumerateObject(), property => Assert.NotEmpty(property.Value.GetProperty("description").GetString()!));
        }
    }

    [Fact]
    public async Task Without_a_body_the_fields_of_a_request_are_parameters()
    {
        var paths = (await server.GetAsync("/openapi.json")).Json.GetProperty("paths");
        var query = paths.GetProperty("/v1/registry/protocols").GetProperty("get").GetProperty("parameters").EnumerateArray().ToList();
        Assert.Equal(
            ListProtocolsRequest.Descriptor.Fields.InDeclarationOrder().Select(field => ("query", field.JsonName)),
            query.Select(parameter => (parameter.GetProperty("in").GetString()!, parameter.GetProperty("name").GetString()!)));
        Assert.StartsWith("At most this many; 1 to 1000", query[0].GetProperty("description").GetString(), StringComparison.Ordinal);
        var path = paths.GetProperty("/v1/registry/protocols/{protocol}/versions/{version}").GetProperty("get").GetProperty("parameters").EnumerateArray();
        Assert.Equal(
            [("path", "protocol", true), ("path", "version", true), ("query", "withCases", false)],
            path.Select(parameter => (
                parameter.GetProperty("in").GetString()!, parameter.GetProperty("name").GetString()!, parameter.TryGetProperty("required", out var required) && required.GetBoolean())));
    }

    [Fact]
    public async Task A_comment_of_the_proto_is_the_description()
    {
        var schemas = (await server.GetAsync("/openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        Assert.Equal(
            "Blasts by conventional morphology of the aspirate, in percent of nucleated cells; 0 to 100, both inclusive (DEF-001, L242-249). MRD values do not belong here. Absent: not known.",
            schemas.GetProperty("relapse.case.v1.Marrow").GetProperty("properties").GetProperty("blastsPercent").GetProperty("description").GetString());
        Assert.Contains("`LINEAGE_MIXED`: Mixed or ambiguous lineage: both lineages are evaluated (AMB-19).", schemas.GetProperty("relapse.case.v1.Lineage").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    // Zero values: "not known" may be said; "refused" and "never sent" are no values that a caller can give or get.
    [Theory]
    [InlineData("relapse.case.v1.Lineage", "LINEAGE_UNSPECIFIED", true)]
    [InlineData("relapse.case.v1.MrdUnit", "MRD_UNIT_UNSPECIFIED", true)]
    [InlineData("relapse.case.v1.GeneticMarker", "GENETIC_MARKER_UNSPECIFIED", false)]
    [InlineData("relapse.case.v1.FindingStatus", "FINDING_STATUS_UNSPECIFIED", false)]
    [InlineData("relapse.case.v1.PriorAgent", "PRIOR_AGENT_UNSPECIFIED", false)]
    [InlineData("relapse.case.v1.Site", "SITE_UNSPECIFIED", false)]
    [InlineData("relapse.decision.v1.Outcome", "OUTCOME_UNSPECIFIED", false)]
    [InlineData("relapse.protocol.v1.Period", "PERIOD_UNSPECIFIED", false)]
    public async Task The_zero_value_of_an_enum_is_there_where_it_is_taken(string type, string zero, bool isThere)
    {
        var schemas = (await server.GetAsync("/openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        Assert.Equal(isThere, schemas.GetProperty(type).GetProperty("enum").EnumerateArray().Any(value => value.GetString() == zero));
    }

    [Fact]
    public async Task The_same_services_give_the_same_bytes()
    {
        var served = (await server.GetAsync("/openapi.json")).Body;
        var contract = Contract.Shipped;
        Assert.Equal(served, System.Text.Encoding.UTF8.GetString(OpenApiDocument.Write(contract, contract.Services)));
        Assert.Equal(served, System.Text.Encoding.UTF8.GetString(OpenApiDocument.Write(contract, contract.Services.Reverse())));
    }

    [Fact]
    public async Task A_caller_may_ask_for_some_services_only_and_the_words_read_the_same_there()
    {
        var all = (await server.GetAsync("/openapi.json")).Json;
        var one = (await server.GetAsync("/openapi.json?services=registry")).Json;
        Assert.All(Operations(one), operation => Assert.StartsWith("/v1/registry/", operation.Path, StringComparison.Ordinal));
        var whole = all.GetProperty("components").GetProperty("schemas");
        Assert.All(
            one.GetProperty("components").GetProperty("schemas").EnumerateObject(),
            schema => Assert.Equal(whole.GetProperty(schema.Name).GetRawText(), schema.Value.GetRawText()));
        (await server.GetAsync("/openapi.json?services=none")).AssertError(HttpStatusCode.NotFound, 5, "UNKNOWN_PATH");
    }

    [Fact]
    public void Every_code_that_is_said_at_the_edge_is_in_the_catalogue() =>
        Assert.Empty(Enum.GetValues<RpcCode>().Select(code => (int)code).Except(ErrorCatalogue.Codes.Select(entry => (int)entry.Code)));

    [Fact]
    public async Task The_media_type_is_json() => Assert.Equal("application/json", (await server.GetAsync("/openapi.json")).ContentType);

    // What streams from the caller, or without end, has no path.
    // A stream that only gRPC has is bound to no path.
    private static bool HasPath(MethodDescriptor method) => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not null;

    private static List<(string Id, string Verb, string Path)> Operations(JsonElement document) =>
    [
        .. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(verb => (verb.Value.GetProperty("operationId").GetString()!, verb.Name, path.Name))),
    ];

    private static void Reach(MessageDescriptor message, HashSet<MessageDescriptor> reached)
    {
        if (reached.Add(message))
        {
            foreach (var field in message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
            {
                Reach(field.MessageType, reached);
            }
        }
    }
}
