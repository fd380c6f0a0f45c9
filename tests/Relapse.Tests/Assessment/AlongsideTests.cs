using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Assessment;

/// <summary>The documents beside the answers, resolved once by who asks several times: a label that moves meanwhile splits nothing.</summary>
public sealed class AlongsideTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Review = "protocols/review-2014";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TransplantService.TransplantServiceClient Transplant => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    /// <summary>The service asked has another document as current by now: as if its label had moved since the call began.</summary>
    [Fact]
    public async Task Every_part_of_an_assessment_has_the_documents_that_stood_beside_it_when_it_began()
    {
        await using var moved = new RelapseServer();
        await moved.InitializeAsync();
        await using var assessing = new RelapseServer { Arguments = ["--RELAPSE_SERVICE_CLASSIFICATION_GRPC=" + moved.GrpcAddress.GetLeftPart(UriPartial.Authority)] };
        await assessing.InitializeAsync();
        var (since, registry) = (RegistryHouse.Fresh() with { ForAll = true }, new RegistryService.RegistryServiceClient(moved.Channel));
        await registry.PublishProtocolVersionAsync(since.Publish(), cancellationToken: Cancel);
        await registry.MoveLabelAsync(new MoveLabelRequest { Name = $"protocols/{since.Id}/labels/current", Version = since.Name, Reason = "First." }, cancellationToken: Cancel);
        var @case = new RelapseCase(WholeCase.Of()) { Lineage = Lineage.TCell };
        var alone = await new ClassificationService.ClassificationServiceClient(moved.Channel).ClassifyRelapseAsync(
            new ClassifyRelapseRequest { Case = @case, Protocols = { "protocols/ukall-r3/versions/2003.1" }, RequestId = "one" }, cancellationToken: Cancel);
        Assert.Contains(alone.Receipts.Single().References, reference => reference.Name == "protocols/" + since.Id);

        var answer = await new AssessmentService.AssessmentServiceClient(assessing.Channel).AssessCaseAsync(
            new AssessCaseRequest { Case = @case, Protocols = { "protocols/ukall-r3" }, RequestId = "one" }, cancellationToken: Cancel);

        var part = answer.Classification.Answer.Receipts.Single();
        Assert.DoesNotContain(part.References, reference => reference.Name == "protocols/" + since.Id);
        Assert.DoesNotContain(answer.Receipts.Single().References, reference => reference.Name == "protocols/" + since.Id);
        // It is the receipt of the request that a caller would make.
        Assert.Equal(alone.Receipts.Single().RequestDigest, part.RequestDigest);
        assessing.AssertNoErrorsLogged();
        moved.AssertNoErrorsLogged();
    }

    /// <summary>With the label where the service asked has it by now, every T-cell child would have had a relapse after remission, and no advice.</summary>
    [Fact]
    public async Task Every_chunk_of_a_cohort_has_the_documents_that_stood_beside_it_when_it_began()
    {
        await using var moved = new RelapseServer();
        await moved.InitializeAsync();
        await using var assessing = new RelapseServer { Arguments = ["--RELAPSE_SERVICE_TRANSPLANT_GRPC=" + moved.GrpcAddress.GetLeftPart(UriPartial.Authority)] };
        await assessing.InitializeAsync();
        // Before the review's own by its id, so that it would be the one to decide.
        var (first, registry) = (new SmallProtocol("a" + RegistryHouse.Fresh().Id, "1") { ForAll = true }, new RegistryService.RegistryServiceClient(moved.Channel));
        await registry.PublishProtocolVersionAsync(
            new PublishProtocolVersionRequest { ProtocolYaml = Deciding(first.Yaml), CasesYaml = Deciding(SmallProtocol.Cases) }, cancellationToken: Cancel);
        await registry.MoveLabelAsync(new MoveLabelRequest { Name = $"protocols/{first.Id}/labels/current", Version = first.Name, Reason = "First." }, cancellationToken: Cancel);
        var @case = new RelapseCase(WholeCase.Of()) { Lineage = Lineage.TCell };
        var settings = new AssessCohortSettings { Protocols = { "protocols/ukall-r3" }, Parts = { Part.Eligibility } };

        Assert.Equal(Outcome.OutOfScope, await AdvisedAsync(moved, settings, @case));
        Assert.Equal(Outcome.Determined, await AdvisedAsync(assessing, settings, @case));
        assessing.AssertNoErrorsLogged();
        moved.AssertNoErrorsLogged();

        static ByteString Deciding(string yaml) =>
            ByteString.CopyFromUtf8(yaml.Replace("risk_group:", "relapse_after_remission:", StringComparison.Ordinal).Replace("LOW", "\"NO\"", StringComparison.Ordinal).Replace("HIGH", "\"YES\"", StringComparison.Ordinal));
    }

    private static async Task<Outcome> AdvisedAsync(RelapseServer by, AssessCohortSettings settings, RelapseCase @case)
    {
        using var call = new AssessmentService.AssessmentServiceClient(by.Channel).AssessCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new AssessCohortRequest { Settings = settings, Items = { new AssessItem { Case = @case } } }, Cancel);
        await call.RequestStream.CompleteAsync();
        var messages = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        var advice = messages[0].Decisions.Index().Single(decision => decision.Item.Decision == "post_remission").Index;
        return messages.SelectMany(message => message.Results).Single().Conclusions.Conclusions.Single(conclusion => conclusion.Decision == advice).Outcome;
    }

    [Fact]
    public async Task Nothing_else_stands_beside_an_answer_than_what_is_asked_for_and_its_receipt_comes_out_equal()
    {
        var request = new AssessEligibilityRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" }, RequestId = "one" };
        var usual = await Transplant.AssessEligibilityAsync(request, cancellationToken: Cancel);

        var review = usual.Receipts.Single().References.Single(reference => reference.Name == Review);
        request.Alongside = new Alongside { Documents = { $"{Review}/versions/{review.Version}" } };
        Assert.Equal(usual, await Transplant.AssessEligibilityAsync(request, cancellationToken: Cancel));

        request.Alongside = new Alongside();
        var bare = await Transplant.AssessEligibilityAsync(request, cancellationToken: Cancel);
        Assert.Empty(bare.Receipts.Single().References);
        Assert.DoesNotContain(bare.Decisions.SelectMany(decision => decision.Requires), required => required.Protocol.Length > 0);
        Assert.Equal(usual.Receipts.Single().RequestDigest, bare.Receipts.Single().RequestDigest);
        var said = await new AssessmentService.AssessmentServiceClient(server.Channel).VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = bare.Receipts.Single(), AssessEligibility = request }, cancellationToken: Cancel);
        Assert.Equal((VerificationState.Equal, bare.Receipts.Single()), (said.State, said.Recomputed));

        var batch = new BatchAssessEligibilitiesRequest { Items = { new EligibilityItem { Case = request.Case } }, Protocols = { request.Protocols }, RequestId = "one", Alongside = new Alongside() };
        Assert.Equal(bare, (await Transplant.BatchAssessEligibilitiesAsync(batch, cancellationToken: Cancel)).Results.Single().Assessment);
    }

    [Fact]
    public async Task A_document_that_stands_beside_no_other_is_refused_and_so_is_one_given_twice()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Transplant.AssessEligibilityAsync(
            new AssessEligibilityRequest { Case = WholeCase.Of(), Alongside = new Alongside { Documents = { Review, "protocols/cog", "nothing", Review } } }, cancellationToken: Cancel));
        Assert.Equal(["alongside.documents[1]", "alongside.documents[2]", "alongside.documents[3]"], refused.Fields());
    }
}
