using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Clinical;
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
        var first = RegistryHouse.Fresh() with { ForAll = true };
        var since = first with { Version = "2" };
        await CurrentAsync(assessing, first.Name, first.Publish());
        await CurrentAsync(moved, since.Name, first.Publish(), since.Publish());
        var @case = new RelapseCase(WholeCase.Of()) { Lineage = Lineage.TCell };
        var alone = await new ClassificationService.ClassificationServiceClient(moved.Channel).ClassifyRelapseAsync(
            new ClassifyRelapseRequest { Case = @case, Protocols = { "protocols/ukall-r3/versions/2003.1" }, RequestId = "one" }, cancellationToken: Cancel);
        Assert.Equal("2", Of(alone.Receipts.Single()));

        var answer = await new AssessmentService.AssessmentServiceClient(assessing.Channel).AssessCaseAsync(
            new AssessCaseRequest { Case = @case, Protocols = { "protocols/ukall-r3" }, RequestId = "one" }, cancellationToken: Cancel);

        var part = answer.Classification.Answer.Receipts.Single();
        Assert.Equal(("1", "1"), (Of(part), Of(answer.Receipts.Single())));
        // It is the receipt of the request that a caller would make.
        Assert.Equal(alone.Receipts.Single().RequestDigest, part.RequestDigest);
        assessing.AssertNoErrorsLogged();
        moved.AssertNoErrorsLogged();

        string Of(Receipt receipt) => receipt.References.Single(reference => reference.Name == "protocols/" + since.Id).Version;
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
        var first = new SmallProtocol("a" + RegistryHouse.Fresh().Id, "1") { ForAll = true };
        var since = first with { Version = "2" };
        var deciding = new PublishProtocolVersionRequest { ProtocolYaml = Deciding(since.Yaml), CasesYaml = Deciding(SmallProtocol.Cases) };
        await CurrentAsync(assessing, first.Name, first.Publish());
        await CurrentAsync(moved, since.Name, first.Publish(), deciding);
        var @case = new RelapseCase(WholeCase.Of()) { Lineage = Lineage.TCell };
        var settings = new AssessCohortSettings { Protocols = { "protocols/ukall-r3" }, Parts = { Part.Eligibility } };

        Assert.Equal(Outcome.OutOfScope, await AdvisedAsync(moved, settings, @case));
        Assert.Equal(Outcome.Determined, await AdvisedAsync(assessing, settings, @case));
        assessing.AssertNoErrorsLogged();
        moved.AssertNoErrorsLogged();

        static ByteString Deciding(string yaml) =>
            ByteString.CopyFromUtf8(yaml.Replace("risk_group:", "relapse_after_remission:", StringComparison.Ordinal).Replace("LOW", "\"NO\"", StringComparison.Ordinal).Replace("HIGH", "\"YES\"", StringComparison.Ordinal));
    }

    /// <summary>The table sees two T-cell children who are alike; what it requires of the document beside is answered of one of them only.</summary>
    [Fact]
    public async Task Children_alike_in_what_a_table_looks_at_have_the_digest_each_of_their_own_answer()
    {
        var requiring = RegistryHouse.Fresh();
        var yaml = requiring.Yaml.Replace("    conclusions: [LOW, HIGH]\n", """
                conclusions: [LOW, HIGH]
                requires:
                  - decision: relapse_after_remission
                    needed: "NO"
                    outside: "A second relapse."
                    because: [book]

            """, StringComparison.Ordinal);
        await CurrentAsync(server, requiring.Name, new PublishProtocolVersionRequest { ProtocolYaml = ByteString.CopyFromUtf8(yaml), CasesYaml = ByteString.CopyFromUtf8(SmallProtocol.Cases) });
        var first = new RelapseCase(WholeCase.Of()) { Lineage = Lineage.TCell };
        first.Responses[0].AssessDate = SoundCase.Day(2013, 8);
        var again = first.Clone();
        again.Responses.Add(new Response(first.Responses[0]) { TimePoint = TimePoint.Week12, AssessDate = SoundCase.Day(2013, 10, 20), MarrowBlastsPercent = 40 });

        var (one, other) = (await DecideAsync(first), await DecideAsync(again));

        Assert.Equal((Outcome.Determined, Outcome.OutOfScope), (one.Outcome, other.Outcome));
        Assert.NotEqual(one.Digest, other.Digest);

        async Task<(Outcome Outcome, string Digest)> DecideAsync(RelapseCase @case)
        {
            var answer = await new ClassificationService.ClassificationServiceClient(server.Channel).ClassifyRelapseAsync(
                new ClassifyRelapseRequest { Case = @case, Protocols = { requiring.Name } }, cancellationToken: Cancel);
            return (answer.Decisions.Single(decision => decision.Decision_ == "risk_group").Outcome, answer.Receipts.Single().AnswerDigest);
        }
    }

    /// <summary>Outcome has receipts of its own: an assessment's cover nothing of it.</summary>
    [Fact]
    public async Task The_receipt_of_an_assessment_comes_out_equal_where_outcome_cannot_be_had()
    {
        await using var without = new RelapseServer { Arguments = ["--RELAPSE_SERVICE_OUTCOME_GRPC=http://127.0.0.1:9"] };
        await without.InitializeAsync();
        var request = new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" }, RequestId = "one" };
        var receipt = (await new AssessmentService.AssessmentServiceClient(server.Channel).AssessCaseAsync(request, cancellationToken: Cancel)).Receipts.Single();
        var said = await new AssessmentService.AssessmentServiceClient(without.Channel).VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = receipt, AssessCase = request }, cancellationToken: Cancel);
        Assert.Equal(VerificationState.Equal, said.State);
    }

    private static async Task CurrentAsync(RelapseServer server, string current, params PublishProtocolVersionRequest[] versions)
    {
        var registry = new RegistryService.RegistryServiceClient(server.Channel);
        foreach (var version in versions)
        {
            await registry.PublishProtocolVersionAsync(version, cancellationToken: Cancel);
        }

        await registry.MoveLabelAsync(new MoveLabelRequest { Name = string.Join('/', current.Split('/')[..2]) + "/labels/current", Version = current, Reason = "Now." }, cancellationToken: Cancel);
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

    /// <summary>What stands beside can make the answer another: it is in the receipt, and who asks cannot leave it out.</summary>
    [Fact]
    public async Task A_document_beside_is_pinned_and_never_left_out_and_the_receipt_comes_out_equal()
    {
        var request = new AssessEligibilityRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" }, RequestId = "one" };
        var usual = await Transplant.AssessEligibilityAsync(request, cancellationToken: Cancel);
        Assert.Equal("2014.2", usual.Receipts.Single().References.Single(reference => reference.Name == Review).Version);

        request.Alongside = new Alongside();
        Assert.Equal(usual, await Transplant.AssessEligibilityAsync(request, cancellationToken: Cancel));

        request.Alongside = new Alongside { Documents = { Review + "/versions/2014.1" } };
        var pinned = await Transplant.AssessEligibilityAsync(request, cancellationToken: Cancel);
        Assert.Equal("2014.1", pinned.Receipts.Single().References.Single(reference => reference.Name == Review).Version);
        Assert.Contains(pinned.Decisions.SelectMany(decision => decision.Requires), required => required.Protocol == Review + "/versions/2014.1");
        Assert.Equal(usual.Receipts.Single().RequestDigest, pinned.Receipts.Single().RequestDigest);
        var said = await new AssessmentService.AssessmentServiceClient(server.Channel).VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = pinned.Receipts.Single(), AssessEligibility = request }, cancellationToken: Cancel);
        Assert.Equal((VerificationState.Equal, pinned.Receipts.Single()), (said.State, said.Recomputed));

        var batch = new BatchAssessEligibilitiesRequest { Items = { new EligibilityItem { Case = request.Case } }, Protocols = { request.Protocols }, RequestId = "one", Alongside = request.Alongside };
        Assert.Equal(pinned, (await Transplant.BatchAssessEligibilitiesAsync(batch, cancellationToken: Cancel)).Results.Single().Assessment);
    }

    [Fact]
    public async Task A_document_that_stands_beside_no_other_is_refused_and_so_is_one_given_twice()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Transplant.AssessEligibilityAsync(
            new AssessEligibilityRequest { Case = WholeCase.Of(), Alongside = new Alongside { Documents = { Review, "protocols/cog", "nothing", Review } } }, cancellationToken: Cancel));
        Assert.Equal(["alongside.documents[1]", "alongside.documents[2]", "alongside.documents[3]"], refused.Fields());
    }
}
