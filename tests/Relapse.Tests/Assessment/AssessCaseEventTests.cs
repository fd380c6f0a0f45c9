using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Events;

namespace Relapse.Tests.Assessment;

/// <summary>A whole case whose parts are published: by the services that answer them, or not at all.</summary>
public sealed class AssessCaseEventTests(EventHouse house) : IClassFixture<EventHouse>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        house.Sidecar.Refuses = null;
        house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task Each_part_that_is_an_event_is_published_by_its_service_as_it_stands_in_the_assessment()
    {
        var request = Asked();
        var answer = await Assess(house.Server, request);
        Assert.Empty(answer.Unavailable);
        await Assess(house.Server, request);

        var events = Of(request.RequestId).ToLookup(cloudEvent => (string)cloudEvent["type"]!, cloudEvent => cloudEvent);
        Assert.Equal(["relapse.classification.classified.v1", "relapse.mrd.interpreted.v1", "relapse.transplant.assessed.v1"], events.Select(each => each.Key).Order(StringComparer.Ordinal));
        Assert.All(events, each => Assert.Single(each.Select(cloudEvent => (string)cloudEvent["id"]!).Distinct(StringComparer.Ordinal)));
        Assert.Equal(answer.Classification.Answer, Data<ClassifyRelapseResponse>("relapse.classification.classified.v1"));
        Assert.Equal(answer.Mrd.Answer, Data<InterpretMrdResponse>("relapse.mrd.interpreted.v1"));
        Assert.Equal(answer.Eligibility.Answer, Data<AssessEligibilityResponse>("relapse.transplant.assessed.v1"));

        T Data<T>(string type)
            where T : IMessage, new() => JsonParser.Default.Parse<T>(events[type].First()["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_receipt_is_verified_without_publishing_again_whether_or_not_its_answer_was()
    {
        var request = Asked();
        var answer = await Assess(house.Server, request);
        var classify = new ClassifyRelapseRequest { Case = request.Case, Protocols = { request.Protocols }, RequestId = CaseEventTests.NewId(), Publish = true };
        var classified = await CaseEventTests.Client(house.Server).ClassifyRelapseAsync(classify, cancellationToken: Cancel);

        foreach (var (receipt, verify) in new (Receipt, VerifyReceiptRequest)[]
        {
            (answer.Receipts[0], new() { AssessCase = request }),
            (classified.Receipts[0], new() { ClassifyRelapse = classify }),
            (classified.Receipts[0], new() { ClassifyRelapse = new ClassifyRelapseRequest(classify) { Publish = false } }),
        })
        {
            verify.Receipt = receipt;
            Assert.Equal(VerificationState.Equal, (await new AssessmentService.AssessmentServiceClient(house.Server.Channel).VerifyReceiptAsync(verify, cancellationToken: Cancel)).State);
        }

        Assert.Equal(3, Of(request.RequestId).Length);
        Assert.Single(Of(classify.RequestId));
    }

    [Fact]
    public async Task Nothing_is_published_of_a_request_in_which_another_service_finds_a_fault()
    {
        var request = Asked();
        request.Endpoints.Add("NO_SUCH_ENDPOINT");
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(house.Server, request));
        Assert.Equal(["endpoints[0]"], refused.Fields());
        Assert.Empty(Of(request.RequestId));
    }

    [Fact]
    public async Task A_part_whose_event_is_refused_says_so_and_the_rest_is_answered()
    {
        var request = Asked();
        house.Sidecar.Refuses = StatusCode.PermissionDenied;
        var answer = await Assess(house.Server, request);
        Assert.Equal([Part.Classification, Part.Mrd, Part.Eligibility], answer.Unavailable);
        Assert.Equal("EVENT_REFUSED", answer.Mrd.Unavailable.GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
        Assert.NotNull(answer.Response.Answer);
        Assert.Empty(answer.Receipts);

        request.Parts.Add(Part.Classification);
        var alone = await Assert.ThrowsAsync<RpcException>(() => Assess(house.Server, request));
        Assert.Equal((StatusCode.Unavailable, "EVENT_REFUSED"), (alone.StatusCode, alone.Reason()));
    }

    [Fact]
    public async Task What_cannot_be_published_is_refused_by_its_field()
    {
        Assert.Equal(["request_id"], await FaultsOf(request => request.RequestId = ""));
        Assert.Equal(["publish"], await FaultsOf(request => request.Replay = new Replay()));
        Assert.Equal(["publish"], await FaultsOf(request => request.Parts.Add([Part.Response, Part.Outcome])));

        async Task<string[]> FaultsOf(Action<AssessCaseRequest> change)
        {
            var request = Asked();
            change(request);
            return (await Assert.ThrowsAsync<RpcException>(() => Assess(house.Server, request))).Fields();
        }
    }

    [Fact]
    public async Task Without_a_sidecar_the_whole_is_refused_for_it()
    {
        await using var server = new RelapseServer();
        await server.InitializeAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(server, Asked()));
        Assert.Equal((StatusCode.FailedPrecondition, "EVENTS_NOT_CONFIGURED"), (refused.StatusCode, refused.Reason()));
    }

    [Theory]
    [InlineData("CLASSIFICATION")]
    [InlineData("MRD")]
    [InlineData("TRANSPLANT")]
    public async Task Where_one_service_has_no_sidecar_nothing_is_published_of_the_others_either(string without)
    {
        await using var silent = new RelapseServer();
        await silent.InitializeAsync();
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = new RelapseServer { Arguments = ["--RELAPSE_DAPR_ADDRESS=" + sidecar.Address, $"--RELAPSE_SERVICE_{without}_GRPC={silent.GrpcAddress}"] };
        await server.InitializeAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(server, Asked()));
        Assert.Equal((StatusCode.FailedPrecondition, "EVENTS_NOT_CONFIGURED"), (refused.StatusCode, refused.Reason()));
        Assert.Empty(sidecar.Published);
    }

    private static AssessCaseRequest Asked() => new()
    {
        Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" }, RequestId = CaseEventTests.NewId(), Publish = true,
    };

    private static async Task<AssessCaseResponse> Assess(RelapseServer server, AssessCaseRequest request) =>
        await new AssessmentService.AssessmentServiceClient(server.Channel).AssessCaseAsync(request, cancellationToken: Cancel);

    private JsonObject[] Of(string requestId) =>
        [.. house.Sidecar.Published.Where(published => published.Data.ToStringUtf8().Contains(requestId, StringComparison.Ordinal)).Select(Sidecar.CloudEvent)];
}
