using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Assessment;

/// <summary>An answer computed again from its receipt and its request: equal, or where it differs.</summary>
public sealed class VerifyReceiptTests(SqliteHouse house) : IClassFixture<SqliteHouse>, IDisposable
{
    private const string UkAll = "protocols/ukall-r3/versions/2003.1";
    private readonly Metadata _token = new() { { "authorization", "Bearer " + house.Token("north") } };

    private AssessmentService.AssessmentServiceClient Client => new(house.Server.Channel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => house.Server.AssertNoErrorsLogged();

    [Fact]
    public async Task The_receipts_of_every_rpc_come_out_equal()
    {
        var @case = WholeCase.Of();
        var classify = new ClassifyRelapseRequest { Case = @case };
        await AllEqual((await new ClassificationService.ClassificationServiceClient(house.Server.Channel).ClassifyRelapseAsync(classify, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { ClassifyRelapse = classify });
        var primary = new AssessPrimaryRiskRequest { Case = @case };
        await AllEqual((await new ClassificationService.ClassificationServiceClient(house.Server.Channel).AssessPrimaryRiskAsync(primary, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessPrimaryRisk = primary });
        var interpret = new InterpretMrdRequest { Case = @case, RequestId = "mine" };
        await AllEqual((await new MrdService.MrdServiceClient(house.Server.Channel).InterpretMrdAsync(interpret, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { InterpretMrd = interpret });
        var response = new AssessResponseRequest { Case = @case, TimePoint = TimePoint.EndOfInduction };
        await AllEqual((await new MrdService.MrdServiceClient(house.Server.Channel).AssessResponseAsync(response, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessResponse = response });
        var eligibility = new AssessEligibilityRequest { Case = @case, Protocols = { "protocols/ukall-r3", "protocols/i-bfm-sg" } };
        await AllEqual((await new TransplantService.TransplantServiceClient(house.Server.Channel).AssessEligibilityAsync(eligibility, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessEligibility = eligibility });
        var estimate = new EstimateOutcomeRequest { Case = @case };
        await AllEqual((await new OutcomeService.OutcomeServiceClient(house.Server.Channel).EstimateOutcomeAsync(estimate, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { EstimateOutcome = estimate });
        var rank = RankDonorsRequest.Parser.ParseJson(Repository.Read("examples/donors-of-every-kind.json"));
        await AllEqual([(await new TransplantService.TransplantServiceClient(house.Server.Channel).RankDonorsAsync(rank, _token, cancellationToken: Cancel)).Summary.Receipt], new VerifyReceiptRequest { RankDonors = rank });
        await AllEqual([await StreamedAsync(rank)], new VerifyReceiptRequest { RankDonors = rank });
        var assess = new AssessCaseRequest { Case = @case, Protocols = { "protocols/ukall-r3", "protocols/review-2014" } };
        await AllEqual((await Client.AssessCaseAsync(assess, _token, cancellationToken: Cancel)).Receipts, new VerifyReceiptRequest { AssessCase = assess });
    }

    private async Task<Receipt> StreamedAsync(RankDonorsRequest whole)
    {
        var opening = whole.Clone();
        opening.Donors.Clear();
        using var call = new TransplantService.TransplantServiceClient(house.Server.Channel).RankDonorsStream(_token, cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new RankDonorsStreamRequest { Opening = opening }, Cancel);
        foreach (var some in whole.Donors.Chunk(7))
        {
            await call.RequestStream.WriteAsync(new RankDonorsStreamRequest { Donors = { some } }, Cancel);
        }

        await call.RequestStream.CompleteAsync();
        return (await call.ResponseStream.ReadAllAsync(Cancel).LastAsync(Cancel)).Summary.Receipt;
    }

    /// <summary>As many donors as a stream takes are more than other questions have.</summary>
    [Theory]
    [InlineData("gRPC")]
    [InlineData("JSON")]
    public async Task The_receipt_of_a_long_list_of_donors_comes_out_equal(string transport)
    {
        var rank = RankDonorsRequest.Parser.ParseJson(Repository.Read("examples/donors-of-every-kind.json"));
        var donor = rank.Donors[1];
        rank.Donors.Add(Enumerable.Range(0, 5000).Select(number => new Donor(donor) { DonorId = $"more-{number}" }));
        var request = new VerifyReceiptRequest { Receipt = await StreamedAsync(rank), RankDonors = rank };
        var json = JsonFormatter.Default.Format(request);
        Assert.InRange(json.Length, 1024 * 1024, 4 * 1024 * 1024);

        if (transport == "gRPC")
        {
            Assert.Equal(VerificationState.Equal, (await Client.VerifyReceiptAsync(request, _token, cancellationToken: Cancel)).State);
            return;
        }

        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/assessment/receipts:verify") { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        message.Headers.Authorization = new("Bearer", house.Token("north"));
        using var answered = await house.Server.Http.SendAsync(message, Cancel);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal(VerificationState.Equal, VerifyReceiptResponse.Parser.ParseJson(await answered.Content.ReadAsStringAsync(Cancel)).State);
    }

    [Fact]
    public async Task Another_fact_is_another_request_and_where_it_matters_another_answer()
    {
        var request = new ClassifyRelapseRequest { Case = WholeCase.Of(), Protocols = { UkAll } };
        var receipt = (await ClassifyAsync(request)).Receipts.Single();
        request.Case.Marrow.BlastsPercent += 1;
        var said = await Verify(receipt, request);
        Assert.Equal(VerificationState.Differs, said.State);
        Assert.Equal(["request_digest"], said.Differences.Select(difference => difference.Field));

        request.Case.Marrow.BlastsPercent = 1;
        Assert.Equal(["request_digest", "answer_digest"], (await Verify(receipt, request)).Differences.Select(difference => difference.Field));
    }

    /// <summary>Years later: the version was superseded and archived. It is refused for new cases, and its answers can still be looked at.</summary>
    [Fact]
    public async Task An_answer_of_a_version_that_was_archived_since_comes_out_equal()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var request = new ClassifyRelapseRequest { Case = new RelapseCase { Lineage = Lineage.TCell }, Protocols = { "protocols/" + small.Id } };
        var receipt = (await ClassifyAsync(request)).Receipts.Single();

        await north.Publish((small with { Version = "2" }).Publish());
        await north.Move(label.Name, (small with { Version = "2" }).Name, label.Etag);
        await north.Archive(small.Name, "Superseded.");
        request.Protocols[0] = small.Name;
        Assert.Equal((StatusCode.FailedPrecondition, "VERSION_ARCHIVED"), await Refused.By(() => ClassifyAsync(request)));

        request.Protocols[0] = "protocols/" + small.Id;
        var said = await Verify(receipt, request);
        Assert.Equal(VerificationState.Equal, said.State);
        Assert.Equal(small.Name, said.Recomputed.Protocol);
        Assert.Equal(["HIGH"], said.Decisions.Single(decision => decision.Decision_ == "risk_group").Possible);

        // Another centre does not see it, and hears what it would hear of one that never was.
        var south = new Metadata { { "authorization", "Bearer " + house.Token("south") } };
        Assert.Equal(VerificationState.NotComputable, (await Client.VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = receipt, ClassifyRelapse = request }, south, cancellationToken: Cancel)).State);
    }

    /// <summary>A receipt is of one protocol's answer: what became of the others that the request names is not its business.</summary>
    [Fact]
    public async Task An_answer_beside_a_protocol_that_lost_its_label_since_comes_out_equal()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var request = new ClassifyRelapseRequest
        {
            Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3", "protocols/" + small.Id },
            Readings = { new ReadingChoice { Protocol = "protocols/ukall-r3", Reading = "blood_blasts_with_m1", Value = "NOT_MARROW_RELAPSE" } },
        };
        var receipts = (await ClassifyAsync(request)).Receipts;

        await north.Move(new MoveLabelRequest { Name = label.Name, Etag = label.Etag, Withdraw = true });
        await Refused.By(() => ClassifyAsync(request));
        Assert.Equal(VerificationState.Equal, (await Verify(receipts[0], request)).State);
        Assert.Equal(VerificationState.Equal, (await Verify(receipts[1], request)).State);
    }

    /// <summary>What stood beside an answer is what its receipt names: another document that would stand there today was not there then.</summary>
    [Fact]
    public async Task A_document_that_stands_beside_every_answer_only_since_then_is_left_out()
    {
        var (north, since) = (house.As("north", "gRPC"), RegistryHouse.Fresh() with { ForAll = true });
        var request = new ClassifyRelapseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } };
        request.Case.Lineage = Lineage.TCell;
        var receipt = (await ClassifyAsync(request)).Receipts.Single();

        await north.Publish(since.Publish());
        var label = await north.Move($"protocols/{since.Id}/labels/current", since.Name);
        var today = (await ClassifyAsync(request)).Receipts.Single();
        Assert.Contains(today.References, reference => reference.Name == "protocols/" + since.Id);
        await Equal(receipt, request);
        await Equal(today, request);

        // And one that stood there then stands there still, whatever became of its label.
        await north.Move(new MoveLabelRequest { Name = label.Name, Etag = label.Etag, Withdraw = true });
        await Equal(today, request);
    }

    /// <summary>
    /// With one sample the CSF is involved, which contradicts what the centre established; with two it need not be, the first response is a
    /// remission, and the second is the next relapse.
    /// </summary>
    [Fact]
    public async Task The_readings_chosen_for_a_document_beside_the_answer_are_those_it_was_read_in()
    {
        var request = new AssessEligibilityRequest
        {
            Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3", "protocols/review-2014" },
            Readings = { new ReadingChoice { Protocol = "protocols/review-2014", Reading = "csf_confirmation", Value = "TWO_SAMPLES" } },
        };
        request.Case.Csf = new CerebrospinalFluid { BlastsPresent = true, WbcPerUl = 10, ErythrocytesPerUl = 1, ConsecutivePositiveSamples = 1 };
        request.Case.Established.Add(new EstablishedConclusion { Decision = "cns_involvement", Protocol = "protocols/review-2014", Conclusion = "NOT_INVOLVED" });
        request.Case.Responses[0].ClearCsfWbcPerUl();
        request.Case.Responses[0].ClearCsfBlastsPresent();
        request.Case.Responses[0].TimePoint = TimePoint.EndOfBlock1;
        request.Case.Responses.Add(new Response { TimePoint = TimePoint.EndOfInduction, MarrowBlastsPercent = 40 });
        var answer = await new TransplantService.TransplantServiceClient(house.Server.Channel).AssessEligibilityAsync(request, _token, cancellationToken: Cancel);
        Assert.Equal(Outcome.OutOfScope, answer.Decisions.Single(decision => decision.Decision_ == "post_remission" && decision.Protocol == UkAll).Outcome);

        await AllEqual(answer.Receipts, new VerifyReceiptRequest { AssessEligibility = request });
        request.Readings[0].Value = "ONE_SAMPLE";
        var otherwise = await Client.VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = answer.Receipts[0], AssessEligibility = request }, _token, cancellationToken: Cancel);
        Assert.Equal(["request_digest", "answer_digest"], otherwise.Differences.Select(difference => difference.Field));
    }

    [Theory]
    [InlineData("/versions/1", "/versions/2", "/versions/1")]
    [InlineData("", "/versions/2", "")]
    [InlineData("", "/versions/2", "/versions/1")]
    [InlineData("/versions/1", "/versions/2", "")]
    [InlineData("/versions/2", "/versions/1", "")]
    public async Task A_reading_of_one_of_two_versions_is_that_ones(string one, string other, string read)
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh() with { Read = true });
        var later = small with { Version = "2" };
        await north.Publish(small.Publish());
        await north.Publish(later.Publish());
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var name = "protocols/" + small.Id;
        var request = new ClassifyRelapseRequest
        {
            Case = new RelapseCase { Lineage = Lineage.TCell }, Protocols = { name + one, name + other },
            Readings = { new ReadingChoice { Protocol = name + read, Reading = "t_cell_group", Value = "AS_LOW" } },
        };
        var answer = await ClassifyAsync(request);
        Assert.Equal([(small.Name, "LOW"), (later.Name, "HIGH")], answer.Decisions.Where(decision => decision.Decision_ == "risk_group").Select(decision => (decision.Protocol, decision.Possible.Single())).Order());

        await north.Move(label.Name, later.Name, label.Etag);
        await AllEqual(answer.Receipts, new VerifyReceiptRequest { ClassifyRelapse = request });
    }

    /// <summary>Also where an answer is of a protocol that the request does not name, and where it names another for what the centre established.</summary>
    [Fact]
    public async Task An_estimate_and_a_case_that_name_a_protocol_which_lost_its_label_since_come_out_equal()
    {
        var (north, small) = (house.As("north", "gRPC"), RegistryHouse.Fresh());
        await north.Publish(small.Publish());
        var label = await north.Move($"protocols/{small.Id}/labels/current", small.Name);
        var estimate = new EstimateOutcomeRequest { Case = WholeCase.Of(), Protocols = { "protocols/" + small.Id, "protocols/ukall-r3" } };
        var estimated = (await new OutcomeService.OutcomeServiceClient(house.Server.Channel).EstimateOutcomeAsync(estimate, _token, cancellationToken: Cancel)).Receipts;
        Assert.True(estimated.Count > 1);
        var classify = new ClassifyRelapseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } };
        classify.Case.Established.Add(new EstablishedConclusion { Decision = "risk_group", Protocol = "protocols/" + small.Id, Conclusion = "HIGH" });
        var classified = (await ClassifyAsync(classify)).Receipts;

        await north.Move(new MoveLabelRequest { Name = label.Name, Etag = label.Etag, Withdraw = true });
        await AllEqual(estimated, new VerifyReceiptRequest { EstimateOutcome = estimate });
        await AllEqual(classified, new VerifyReceiptRequest { ClassifyRelapse = classify });
    }

    [Fact]
    public async Task A_request_that_does_not_name_the_protocol_is_another_request()
    {
        var request = new ClassifyRelapseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } };
        var receipt = (await ClassifyAsync(request)).Receipts.Single();
        request.Protocols[0] = "protocols/i-bfm-sg";
        var said = await Verify(receipt, request);
        Assert.Equal((VerificationState.Differs, "request_digest"), (said.State, said.Differences.Single().Field));
        Assert.Null(said.Recomputed);

        // A receipt whose protocol was written over has the digest of the request still.
        receipt.Protocol = "protocols/all-rez-bfm/versions/2002.1";
        request.Protocols[0] = "protocols/ukall-r3";
        said = await Verify(receipt, request);
        Assert.Equal((VerificationState.Differs, "protocol"), (said.State, said.Differences.Single().Field));
    }

    [Fact]
    public async Task Other_bytes_under_the_name_and_a_version_that_is_not_here_cannot_be_computed_again()
    {
        var request = new ClassifyRelapseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } };
        var receipt = (await ClassifyAsync(request)).Receipts.Single();
        var bytes = receipt.Clone();
        bytes.Digest = new string('0', 64);
        var said = await Verify(bytes, request);
        Assert.Equal(VerificationState.NotComputable, said.State);
        Assert.Equal("digest", said.Differences[0].Field);

        var gone = receipt.Clone();
        gone.Protocol = "protocols/ukall-r3/versions/1999.1";
        Assert.Equal(VerificationState.NotComputable, (await Verify(gone, request)).State);
    }

    [Fact]
    public async Task Another_engine_alone_is_no_difference_of_the_answer_and_another_edition_of_what_it_rests_on_is()
    {
        var request = new EstimateOutcomeRequest { Case = WholeCase.Of() };
        var receipt = (await new OutcomeService.OutcomeServiceClient(house.Server.Channel).EstimateOutcomeAsync(request, _token, cancellationToken: Cancel)).Receipts[0];
        var older = receipt.Clone();
        older.EngineVersion = "0.0.1";
        var said = await Client.VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = older, EstimateOutcome = request }, _token, cancellationToken: Cancel);
        Assert.Equal((VerificationState.Equal, "engine_version"), (said.State, said.Differences.Single().Field));

        receipt.References[0].Digest = new string('0', 64);
        said = await Client.VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = receipt, EstimateOutcome = request }, _token, cancellationToken: Cancel);
        Assert.Equal((VerificationState.Differs, "references." + receipt.References[0].Name), (said.State, said.Differences.Single().Field));
    }

    [Fact]
    public async Task What_is_wrong_is_listed_with_its_path()
    {
        var nothing = await Assert.ThrowsAsync<RpcException>(async () => await Client.VerifyReceiptAsync(new VerifyReceiptRequest(), _token, cancellationToken: Cancel));
        Assert.Equal(["receipt", "request"], nothing.Fields());

        var request = new ClassifyRelapseRequest { Case = WholeCase.Of(), Protocols = { UkAll } };
        var receipt = (await ClassifyAsync(request)).Receipts.Single();
        var other = await Assert.ThrowsAsync<RpcException>(async () => await Client.VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = receipt, InterpretMrd = new InterpretMrdRequest { Case = request.Case } }, _token, cancellationToken: Cancel));
        Assert.Equal(["receipt.rpc"], other.Fields());

        request.Case.Marrow.BlastsPercent = 140;
        var faulty = await Assert.ThrowsAsync<RpcException>(() => Verify(receipt, request));
        Assert.Equal((StatusCode.InvalidArgument, "classify_relapse.case.marrow.blasts_percent"), (faulty.StatusCode, faulty.Fields().Single()));
    }

    private Task Equal(Receipt receipt, ClassifyRelapseRequest request) => AllEqual([receipt], new VerifyReceiptRequest { ClassifyRelapse = request });

    private async Task AllEqual(IEnumerable<Receipt> receipts, VerifyReceiptRequest request)
    {
        foreach (var receipt in receipts)
        {
            request.Receipt = receipt;
            var said = await Client.VerifyReceiptAsync(request, _token, cancellationToken: Cancel);
            Assert.True(said.State == VerificationState.Equal, $"{receipt.Rpc} {receipt.Protocol}: {said.Detail} {said.Differences}");
            Assert.Equal(receipt, said.Recomputed);
        }
    }

    private async Task<ClassifyRelapseResponse> ClassifyAsync(ClassifyRelapseRequest request) =>
        await new ClassificationService.ClassificationServiceClient(house.Server.Channel).ClassifyRelapseAsync(request, _token, cancellationToken: Cancel);

    private async Task<VerifyReceiptResponse> Verify(Receipt receipt, ClassifyRelapseRequest request) =>
        await Client.VerifyReceiptAsync(new VerifyReceiptRequest { Receipt = receipt, ClassifyRelapse = request }, _token, cancellationToken: Cancel);
}
