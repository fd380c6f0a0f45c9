using System.Net;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Assessment;
using Relapse.Tests.Clinical;
using Relapse.Tests.Clinical.Measurements;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Transplant;

/// <summary>AssessEligibility by gRPC and by JSON: what is advised, what it is given, on which result and row of a table it rests, and what is said beside it.</summary>
public sealed class AssessEligibilityTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/transplant/eligibility:assess";
    private const string AllRez = "protocols/all-rez-bfm/versions/2002.1";
    private const string UkAll = "protocols/ukall-r3/versions/2003.1";
    private const string Cog = "protocols/cog/versions/2012.1";
    private static readonly string Review = Clinical.Shipped.Protocol("review-2014").Name;

    private TransplantService.TransplantServiceClient Client => new(server.Channel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Every_decision_of_every_current_protocol_that_defines_one_is_answered_in_order_with_a_receipt()
    {
        var answer = await Assess(WholeCase.Of("5e-4"));

        var defining = RelapseServer.Catalog.Protocols.Select(entry => entry.Current!).Where(current => WellKnownDecisions.Transplant.Any(current.Document.Decisions.ContainsKey)).ToList();
        Assert.Equal(
            ["all-rez-bfm", "cog", "cog-aall1331", "i-bfm-sg", "intreall-hr-2010", "intreall-sr-2010", "review-2014", "ukall-r3"],
            defining.Select(current => current.Id).Order(StringComparer.Ordinal));
        Assert.Equal(from current in defining from id in WellKnownDecisions.Transplant select (current.Name, id), answer.Decisions.Select(decision => (decision.Protocol, decision.Decision_)));
        Assert.Equal(defining.Select(current => current.Name), answer.Receipts.Select(receipt => receipt.Protocol));
        Assert.All(answer.Receipts, receipt => Assert.Equal("relapse.transplant.v1.TransplantService/AssessEligibility", receipt.Rpc));
    }

    /// <summary>5e-4 lies between the cut-offs of the two: transplant by one, chemotherapy by the other, and the answer says on which fact they part.</summary>
    [Fact]
    public async Task Protocols_that_part_say_who_advises_what_and_on_which_fact()
    {
        var answer = await Assess(WholeCase.Of("5e-4"), AllRez, UkAll);

        Assert.Equal(["CONTINUATION"], Advice(answer, AllRez).Possible);
        Assert.Equal(["TRANSPLANT"], Advice(answer, UkAll).Possible);
        var agreement = Assert.Single(answer.Agreements, one => one.Decision == "post_remission");
        Assert.Equal(AgreementState.Differ, agreement.State);
        Assert.Equal([[AllRez], [UkAll]], agreement.Positions.Select(position => position.Protocols.ToArray()));
        Assert.NotEmpty(agreement.Partings);
        Assert.DoesNotContain("5e-4", agreement.Summary, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Missing_mrd_is_never_negative_and_is_what_is_asked_for()
    {
        var advice = Advice(await Assess(WholeCase.Of(null), UkAll), UkAll);
        Assert.Equal(["TRANSPLANT", "CONTINUATION"], advice.Possible);
        Assert.Contains(advice.Missing, missing => missing.Field == "case.mrd");
    }

    [Theory]
    [InlineData(2, RequirementState.Met)]
    [InlineData(22, RequirementState.NotMet)]
    [InlineData(null, RequirementState.Unknown)]
    public async Task Advice_is_given_a_second_remission_which_the_review_decides(int? blasts, RequirementState state)
    {
        var @case = WholeCase.Of("5e-4");
        if (blasts is { } percent)
        {
            @case.Responses[0].MarrowBlastsPercent = percent;
        }
        else
        {
            @case.Responses.Clear();
        }

        var answer = await Assess(@case, UkAll);

        var advice = Advice(answer, UkAll);
        var required = Assert.Single(advice.Requires, required => required.Decision == "remission");
        Assert.Equal(("remission", "COMPLETE or COMPLETE_WITHOUT_PLATELETS", state, Review), (required.Decision, required.Needed, required.State, required.Protocol));
        Assert.Equal(["TRANSPLANT"], advice.Possible);
        Assert.Equal(state == RequirementState.NotMet, advice.Warnings.Any(warning => warning.Code == "SECOND_REMISSION_NOT_REACHED"));
        Assert.Contains(Assert.Single(answer.Receipts).References, reference => $"{reference.Name}/versions/{reference.Version}" == Review);
    }

    [Fact]
    public async Task A_remission_with_thirty_percent_blasts_is_inconsistent_and_nothing_is_advised()
    {
        var @case = WholeCase.Of("5e-4");
        @case.Responses[0].MarrowBlastsPercent = 30;
        @case.Established.Add(new EstablishedConclusion { Decision = "remission", Conclusion = "COMPLETE" });

        var answer = await Assess(@case, UkAll, Review);

        var advice = Advice(answer, UkAll);
        Assert.Equal("Inconsistent {}", advice.Say());
        Assert.Equal(["case.established[0]", "case.responses[0].marrow_blasts_percent"], Assert.Single(advice.Contradictions).Fields.Order(StringComparer.Ordinal));
        Assert.Equal(Outcome.Inconsistent, answer.Decisions.Single(decision => decision.Protocol == Review && decision.Decision_ == "salvage_path").Outcome);
    }

    [Theory]
    [InlineData("post_remission", "TRANSPLANT")]
    [InlineData("salvage_path", "NONE")]
    [InlineData("local_therapy.testes_irradiation", "APPLIES")]
    public async Task Advice_cannot_be_established(string decision, string conclusion)
    {
        var body = $$$"""{"case":{"established":[{"decision":"{{{decision}}}","protocol":"protocols/cog","conclusion":"{{{conclusion}}}"}]}}""";
        var json = await server.PostAsync(Path, body);
        json.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["case.established[0].decision"], json.Fields);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.AssessEligibilityAsync(JsonParser.Default.Parse<AssessEligibilityRequest>(body), cancellationToken: Cancel));
        Assert.Equal((StatusCode.InvalidArgument, "case.established[0].decision"), (error.StatusCode, Assert.Single(error.Fields())));
    }

    [Fact]
    public async Task A_conclusion_that_the_centre_made_is_taken_on_the_way_and_marked()
    {
        var @case = WholeCase.Of(null);
        @case.Established.Add(new EstablishedConclusion { Decision = "mrd_response", Protocol = UkAll, Conclusion = "AT_OR_ABOVE_CUT_OFF" });

        var advice = Advice(await Assess(@case, UkAll), UkAll);

        Assert.Equal(["TRANSPLANT"], advice.Possible);
        Assert.True(advice.Trace.Single(step => step.Decision == "mrd_response").Established);
    }

    [Fact]
    public async Task The_trace_leads_from_the_advice_to_the_table_and_to_the_result()
    {
        var advice = Advice(await Assess(WholeCase.Of("5e-4"), UkAll), UkAll);

        Assert.Equal("post_remission", advice.Trace[^1].Decision);
        Assert.Equal(["case.mrd[0]"], advice.Trace.Single(step => step.Decision == "mrd_response").Measurements);
        Assert.Contains(advice.Trace.Single(step => step.Decision == "risk_group").Citations, citation => citation.Locator.StartsWith("Table 5", StringComparison.Ordinal));
        Assert.All(advice.Trace.Where(step => !step.Established), step => Assert.NotEmpty(step.Citations));
        Assert.Contains(Advice(await Assess(WholeCase.Of("5e-4"), Cog), Cog).Because.SelectMany(because => because.Citations), citation => citation.Locator.StartsWith("Table 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_review_says_beside_the_advice_is_shown_whichever_protocol_is_asked_for_and_its_receipt_names_it()
    {
        var @case = WholeCase.Of("5e-4");
        @case.Responses.Clear();
        var one = await Assess(@case, UkAll);
        var both = await Assess(@case, UkAll, Review);

        Assert.NotEmpty(one.Context);
        Assert.Equal(both.Context, one.Context);
        Assert.All(one.Context, statement => Assert.Equal(Review, statement.Protocol));
        Assert.All(one.Context, statement => Assert.Equal(statement.Fit == ContextFit.Open, statement.Missing.Count > 0));
        Assert.Contains(Assert.Single(one.Receipts).References, reference => reference.Name == "protocols/review-2014");
        Assert.Equal(
            ["EvidenceAgainstTransplant", "EvidenceCaveat", "EvidenceForTransplant"],
            one.Context.Select(statement => statement.Kind.ToString()).Where(kind => kind.StartsWith("Evidence", StringComparison.Ordinal) && kind != "EvidenceMixed").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Json_says_what_grpc_says()
    {
        var request = new AssessEligibilityRequest { Case = WholeCase.Of("5e-4"), RequestId = "same", IncludeTrace = true };
        var answer = await Client.AssessEligibilityAsync(request, cancellationToken: Cancel);
        var json = await server.PostAsync(Path, JsonFormatter.Default.Format(request));
        Assert.Equal(answer, JsonParser.Default.Parse<AssessEligibilityResponse>(json.Body));
    }

    [Fact]
    public async Task Every_item_of_a_batch_is_advised_on_as_a_call_for_it_alone()
    {
        var batch = new BatchAssessEligibilitiesRequest
        {
            RequestId = "same",
            Items =
            {
                new EligibilityItem { ItemId = "one", Case = WholeCase.Of("5e-4") },
                new EligibilityItem { ItemId = "two", Case = WholeCase.Of(null) },
                new EligibilityItem { ItemId = "none" },
                new EligibilityItem { ItemId = "empty", Case = new RelapseCase() },
            },
        };

        var answer = await Client.BatchAssessEligibilitiesAsync(batch, cancellationToken: Cancel);

        Assert.Equal(["one", "two", "none", "empty"], answer.Results.Select(result => result.ItemId));
        Assert.Equal("case", Assert.Single(answer.Results, result => result.Error is not null).Error.GetDetail<BadRequest>()?.FieldViolations[0].Field);
        foreach (var (item, result) in batch.Items.Zip(answer.Results).Where(pair => pair.First.Case is not null))
        {
            var request = new AssessEligibilityRequest { Case = item.Case, RequestId = "same" };
            Assert.Equal(await Client.AssessEligibilityAsync(request, cancellationToken: Cancel), result.Assessment);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/transplant/eligibility:batchAssess", JsonFormatter.Default.Format(batch))).Http);
    }

    [Fact]
    public async Task A_batch_of_conclusions_has_of_each_decision_what_is_concluded_and_missing_and_nothing_else()
    {
        var batch = new BatchAssessEligibilitiesRequest { View = DecisionView.Conclusions, Items = { new EligibilityItem { Case = WholeCase.Of("5e-4") }, new EligibilityItem { Case = new RelapseCase() } } };

        var answer = await Client.BatchAssessEligibilitiesAsync(batch, cancellationToken: Cancel);

        foreach (var (item, result) in batch.Items.Zip(answer.Results))
        {
            var whole = await Client.AssessEligibilityAsync(new AssessEligibilityRequest { Case = item.Case }, cancellationToken: Cancel);
            Assert.Equal(
                whole.Decisions.Select(decision => (decision.Protocol, decision.Decision_, decision.Outcome, string.Join(' ', decision.Possible), string.Join(' ', decision.Missing.Select(missing => missing.Field)), decision.Requires.ToString())),
                result.Assessment.Decisions.Select(decision => (decision.Protocol, decision.Decision_, decision.Outcome, string.Join(' ', decision.Possible), string.Join(' ', decision.Missing.Select(missing => missing.Field)), decision.Requires.ToString())));
            Assert.Empty(result.Assessment.Receipts);
            Assert.Empty(result.Assessment.Context);
            Assert.Empty(result.Assessment.Agreements);
            Assert.All(result.Assessment.Decisions, decision => Assert.Equal(0, decision.Because.Count + decision.Modifiers.Count + decision.Shortest.Count + decision.Boundary.Count));
        }
    }

    [Theory]
    [InlineData("""{"items":[{"case":{}}],"view":"DECISION_VIEW_CONCLUSIONS","includeTrace":true}""", "include_trace")]
    [InlineData("""{"items":[{"case":{}}],"view":7}""", "view")]
    public async Task A_view_that_there_is_not_and_a_trace_without_the_answer_are_refused(string body, string field)
    {
        foreach (var path in (string[])["/v1/classification/relapses:batchClassify", "/v1/mrd/results:batchInterpret", "/v1/mrd/responses:batchAssess", "/v1/transplant/eligibility:batchAssess"])
        {
            var answer = await server.PostAsync(path, body);

            answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
            Assert.Equal([field], answer.Fields);
        }
    }

    /// <summary>Over children of every kind: an answer that showed the dose of a drug could be followed.</summary>
    [Fact]
    public async Task No_answer_holds_the_dose_of_a_drug()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var @case = Told.Next(random, TrueChild.Next(random), random.NextDouble()).Case();
            var answer = await Client.AssessEligibilityAsync(new AssessEligibilityRequest { Case = @case, IncludeTrace = true }, cancellationToken: Cancel);
            Assert.False(DocumentChecker.HoldsDose(JsonFormatter.Default.Format(answer)), $"seed {seed}");
        }
    }

    private async Task<AssessEligibilityResponse> Assess(RelapseCase @case, params string[] protocols) => await Client.AssessEligibilityAsync(
        new AssessEligibilityRequest { Case = @case, Protocols = { protocols }, IncludeTrace = true }, cancellationToken: Cancel);

    private static Decision Advice(AssessEligibilityResponse answer, string protocol) =>
        Assert.Single(answer.Decisions, decision => decision.Protocol == protocol && decision.Decision_ == "post_remission");
}
