using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Assessment;

namespace Relapse.Tests.Hosting.Events;

/// <summary>Answers about a case that are published: what arrives, what it is known by, and what nobody can read in its attributes.</summary>
public sealed class CaseEventTests(EventHouse house) : IClassFixture<EventHouse>, IDisposable
{
    private const string CaseRef = "ref-of-a-child-5519";
    private static readonly string[] Attributes = ["data", "datacontenttype", "id", "source", "specversion", "time", "type"];

    public static TheoryData<string, string> Types => new()
    {
        { "relapse.classification.classified.v1", ClassificationService.Descriptor.FullName },
        { "relapse.mrd.interpreted.v1", MrdService.Descriptor.FullName },
        { "relapse.transplant.assessed.v1", TransplantService.Descriptor.FullName },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => house.Server.AssertNoErrorsLogged();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_answer_arrives_whole_under_the_type_of_its_rpc_and_an_id_that_can_be_recomputed(string type, string source)
    {
        var id = NewId();
        var (answer, receipts) = await AskAsync(house.Server, type, id, publish: true);

        var published = Assert.Single(house.Sidecar.Published, each => each.Data.ToStringUtf8().Contains(id, StringComparison.Ordinal));
        Assert.Equal((Sidecar.Pubsub, type, "application/cloudevents+json"), (published.PubsubName, published.Topic, published.DataContentType));
        var cloudEvent = Sidecar.CloudEvent(published);
        Assert.Equal(("1.0", type, source, "application/json"), ((string)cloudEvent["specversion"]!, (string)cloudEvent["type"]!, (string)cloudEvent["source"]!, (string)cloudEvent["datacontenttype"]!));
        Assert.Equal(EventHouse.IdOf(["relapse-event 1", "type " + type, "request_id " + id, .. receipts.Select(receipt => "protocol " + receipt.Digest)]), (string)cloudEvent["id"]!);
        Assert.Equal(2, receipts.Count);
        Assert.True(DateTimeOffset.UtcNow - DateTimeOffset.Parse((string)cloudEvent["time"]!, System.Globalization.CultureInfo.InvariantCulture) < TimeSpan.FromMinutes(5));
        Assert.Equal(answer, JsonParser.Default.Parse(cloudEvent["data"]!.ToJsonString(), answer.Descriptor));
    }

    [Fact]
    public async Task The_attributes_have_nothing_of_the_case_nor_the_callers_reference_to_it()
    {
        var id = NewId();
        var request = Classify(id, publish: true);
        await Client(house.Server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
        request.Case = new RelapseCase { CaseRef = CaseRef, Lineage = Lineage.TCell, Marrow = new Marrow { BlastsPercent = 93.25 } };
        await Client(house.Server).ClassifyRelapseAsync(request, cancellationToken: Cancel);

        var events = Of(id);
        Assert.Equal(2, events.Length);
        Assert.Equal((string)events[0]["id"]!, (string)events[1]["id"]!);
        foreach (var cloudEvent in events)
        {
            Assert.Equal(Attributes, cloudEvent.Select(attribute => attribute.Key).Order(StringComparer.Ordinal));
            Assert.Equal(CaseRef, (string)cloudEvent["data"]!["caseRef"]!);
            cloudEvent.Remove("data");
            Assert.DoesNotContain(CaseRef, cloudEvent.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.All(house.Sidecar.Asked, asked =>
        {
            Assert.Empty(asked.Request.Metadata);
            Assert.DoesNotContain(asked.Headers, header => !header.IsBinary && header.Value.Contains(CaseRef, StringComparison.Ordinal));
        });
        Assert.DoesNotContain(CaseRef, house.Server.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_event_and_any_other_is_another()
    {
        var id = NewId();
        foreach (var request in new[] { Classify(id, publish: true), Classify(id, publish: true), Classify(id + "x", publish: true), Classify(id, publish: true) })
        {
            if (request.RequestId == id && Of(id).Length > 1)
            {
                request.Protocols.RemoveAt(1);
            }

            await Client(house.Server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
        }

        await AskAsync(house.Server, "relapse.transplant.assessed.v1", id, publish: true);
        string[] ids = [.. Of(id).Select(cloudEvent => (string)cloudEvent["id"]!)];
        Assert.Equal(5, ids.Length);
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(4, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Over_json_the_data_is_the_answer_as_it_came()
    {
        var id = NewId();
        var answer = await house.Server.PostAsync("/v1/classification/relapses:classify", JsonFormatter.Default.Format(Classify(id, publish: true)));

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Http);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer.Body), Assert.Single(Of(id))["data"]));
    }

    [Fact]
    public async Task The_answer_comes_once_the_event_is_acknowledged()
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = new RelapseServer { Arguments = ["--RELAPSE_DAPR_ADDRESS=" + sidecar.Address, "--RELAPSE_EVENTS_SECONDS=60"] };
        await server.InitializeAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sidecar.Gate = gate.Task;
        using var call = Client(server).ClassifyRelapseAsync(Classify(NewId(), publish: true), cancellationToken: Cancel);
        while (sidecar.Asked.IsEmpty)
        {
            await Task.Delay(5, Cancel);
        }

        Assert.False(call.ResponseAsync.IsCompleted);
        gate.SetResult();
        Assert.NotEmpty((await call).Decisions);
        Assert.Single(sidecar.Published);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Nothing_is_published_that_is_not_asked_for_and_the_receipts_are_the_same(string type, string source)
    {
        Assert.NotEmpty(source);
        var id = NewId();
        var silent = await AskAsync(house.Server, type, id, publish: false);
        Assert.Empty(Of(id));
        var published = await AskAsync(house.Server, type, id, publish: true);
        Assert.Single(Of(id));
        Assert.Equal(silent.Answer, published.Answer);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_request_that_could_not_be_recognised_again_or_looks_back_is_refused_by_its_field(string type, string source)
    {
        Assert.NotEmpty(source);
        var nameless = await Assert.ThrowsAsync<RpcException>(() => AskAsync(house.Server, type, "", publish: true));
        Assert.Equal(StatusCode.InvalidArgument, nameless.StatusCode);
        Assert.Equal(["request_id"], nameless.Fields());
        var replayed = await Assert.ThrowsAsync<RpcException>(() => AskAsync(house.Server, type, NewId(), publish: true, new Replay()));
        Assert.Equal(["publish"], replayed.Fields());
    }

    [Theory]
    [InlineData("/v1/classification/relapses:batchClassify")]
    [InlineData("/v1/mrd/results:batchInterpret")]
    [InlineData("/v1/mrd/responses:assess")]
    [InlineData("/v1/transplant/eligibility:batchAssess")]
    [InlineData("/v1/outcome/estimates:make")]
    public async Task An_answer_that_is_no_event_says_so_by_its_field(string path)
    {
        var answer = await house.Server.PostAsync(path, """{"publish": true}""");
        answer.AssertError(System.Net.HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Contains("publish", answer.Fields);
    }

    internal static string NewId() => Guid.NewGuid().ToString("N");

    internal static ClassificationService.ClassificationServiceClient Client(RelapseServer server) => new(server.Channel);

    internal static ClassifyRelapseRequest Classify(string requestId, bool publish) => new()
    {
        Case = Referred(), Protocols = { "protocols/ukall-r3", "protocols/i-bfm-sg" }, RequestId = requestId, Publish = publish,
    };

    private static RelapseCase Referred()
    {
        var @case = WholeCase.Of();
        @case.CaseRef = CaseRef;
        return @case;
    }

    private static async Task<(IMessage Answer, IReadOnlyList<Receipt> Receipts)> AskAsync(RelapseServer server, string type, string requestId, bool publish, Replay? replay = null)
    {
        string[] protocols = ["protocols/ukall-r3", "protocols/i-bfm-sg"];
        switch (type)
        {
            case "relapse.mrd.interpreted.v1":
                var mrd = await new MrdService.MrdServiceClient(server.Channel).InterpretMrdAsync(
                    new InterpretMrdRequest { Case = Referred(), Protocols = { protocols }, RequestId = requestId, Publish = publish, Replay = replay }, cancellationToken: Cancel);
                return (mrd, mrd.Receipts);
            case "relapse.transplant.assessed.v1":
                var eligibility = await new TransplantService.TransplantServiceClient(server.Channel).AssessEligibilityAsync(
                    new AssessEligibilityRequest { Case = Referred(), Protocols = { protocols }, RequestId = requestId, Publish = publish, Replay = replay }, cancellationToken: Cancel);
                return (eligibility, eligibility.Receipts);
            default:
                var request = Classify(requestId, publish);
                request.Replay = replay;
                var classification = await Client(server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
                return (classification, classification.Receipts);
        }
    }

    private JsonObject[] Of(string requestId) =>
        [.. house.Sidecar.Published.Where(published => published.Data.ToStringUtf8().Contains(requestId, StringComparison.Ordinal)).Select(Sidecar.CloudEvent)];
}
