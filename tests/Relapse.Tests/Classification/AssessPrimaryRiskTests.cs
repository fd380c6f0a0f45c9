using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>AssessPrimaryRisk by gRPC and by JSON: which protocols answer, in what order, from what is known and from nothing.</summary>
public sealed class AssessPrimaryRiskTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/classification/primaryRisk:assess";
    private static readonly string Review = Clinical.Shipped.Protocol("review-2014").Name;

    private ClassificationService.ClassificationServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Without_a_protocol_named_those_answer_that_define_a_decision_of_the_call()
    {
        var response = await Assess(new AssessPrimaryRiskRequest { Case = new RelapseCase { CaseRef = "my own" } });

        Assert.Equal("my own", response.CaseRef);
        Assert.Equal(WellKnownDecisions.PrimaryRisk.Select(id => (Review, id)), response.Decisions.Select(decision => (decision.Protocol, decision.Decision_)));
        Assert.Equal((Review, "relapse.classification.v1.ClassificationService/AssessPrimaryRisk"), (Assert.Single(response.Receipts).Protocol, response.Receipts[0].Rpc));
    }

    [Fact]
    public async Task An_empty_case_is_an_answer_that_names_what_is_missing()
    {
        var response = await Assess(new AssessPrimaryRiskRequest { Case = new RelapseCase() });

        Assert.All(response.Decisions, decision => Assert.Equal(Outcome.Undetermined, decision.Outcome));
        Assert.All(response.Decisions, decision => Assert.NotEmpty(decision.Missing));
        Assert.Equal(["case.primary_disease.wbc_per_ul", "case.primary_disease.age_years"], response.Decisions[0].Missing.Select(missing => missing.Field).OrderDescending(StringComparer.Ordinal));
        Assert.All(response.Decisions.Skip(1), decision => Assert.NotEqual(StratificationUse.Unspecified, decision.StratificationUse));
    }

    [Fact]
    public async Task High_wbc_settles_the_group_without_an_age()
    {
        var response = await Assess(new AssessPrimaryRiskRequest { Case = new RelapseCase { PrimaryDisease = new PrimaryDisease { WbcPerUl = 60_000 } } });

        Assert.Equal((Outcome.Determined, "HIGH"), (response.Decisions[0].Outcome, Assert.Single(response.Decisions[0].Possible)));
    }

    [Fact]
    public async Task A_protocol_that_defines_none_of_it_says_so_when_it_is_named()
    {
        var response = await Assess(new AssessPrimaryRiskRequest { Case = new RelapseCase(), Protocols = { "protocols/cog", "protocols/review-2014" } });

        Assert.Equal(2 * WellKnownDecisions.PrimaryRisk.Length, response.Decisions.Count);
        Assert.All(response.Decisions.Take(WellKnownDecisions.PrimaryRisk.Length), decision => Assert.Equal(Outcome.NotDefined, decision.Outcome));
        Assert.Equal(["protocols/cog/versions/2012.1", Review], response.Receipts.Select(receipt => receipt.Protocol));
    }

    [Fact]
    public async Task By_json_the_answer_is_the_same_and_traced_on_request()
    {
        var request = new AssessPrimaryRiskRequest
        {
            Case = new RelapseCase
            {
                Lineage = Lineage.TCell,
                PrimaryDisease = new PrimaryDisease { AgeYears = 9.99, MrdDay33 = "1e-4", CnsStatus = CnsStatus._2, NciGroup = NciGroup.High },
                Genetics = { new GeneticFinding { Marker = GeneticMarker.Iamp21, Status = FindingStatus.Absent } },
            },
            RequestId = "same",
            IncludeTrace = true,
        };

        var answer = await server.PostAsync(Path, JsonFormatter.Default.Format(request));

        Assert.Equal(HttpStatusCode.OK, answer.Http);
        var response = await Assess(request);
        Assert.Equal(response, AssessPrimaryRiskResponse.Parser.ParseJson(answer.Body));
        Assert.All(response.Decisions, decision => Assert.NotEmpty(decision.Trace));
        // Two reasons, the lineage and the fluid; and what is said of every child.
        Assert.Equal(["CNS_RELAPSE_RISK", "CNS_RELAPSE_RISK", "CNS_RELAPSE_RISK_NOT_COMPLETE", "RELAPSED_COHORT_LINEAGE"], response.Decisions[0].Modifiers.Select(modifier => modifier.Code));
    }

    [Fact]
    public async Task Every_fault_of_meaning_is_said_at_once_with_its_path()
    {
        var answer = await server.PostAsync(Path, """
            {"case":{"primaryDisease":{"ageYears":913171,"wbcPerUl":-1,"mrdDay33":"2","mrdDay78":"much"},"genetics":[{"status":"FINDING_STATUS_PRESENT"}],
              "mrd":[{"unit":"MRD_UNIT_PERCENT","quantified":"914071"},{}],
              "bounded":[{"field":"case.mrd[1].quantified","min":1},{"field":"case.primary_disease.mrd_day_33","max":3}],
              "established":[{"decision":"nci_group","conclusion":"LOW"}]},
             "protocols":["protocols/review-2014"],
             "readings":[{"protocol":"protocols/review-2014","reading":"marrow_definition","value":"GUESS"}]}
            """);

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(
            [
                "case.bounded[1].field", "case.bounded[1].max", "case.established[0].conclusion", "case.genetics[0].marker", "case.mrd[0].quantified", "case.mrd[1].unit",
                "case.primary_disease.age_years", "case.primary_disease.mrd_day_33", "case.primary_disease.mrd_day_78", "case.primary_disease.wbc_per_ul", "readings[0].value",
            ],
            answer.Fields.Order(StringComparer.Ordinal));
        server.AssertNothingEchoed(answer.Body, "913171", "914071", "GUESS");
    }

    [Fact]
    public async Task Faults_of_form_are_refused_by_the_same_rules_as_everywhere()
    {
        var answer = await server.PostAsync(Path, """{"case":{"primaryDisease":{"ageYear":3,"cnsStatus":"CNS3"}}}""");

        answer.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["case.primary_disease.age_year", "case.primary_disease.cns_status"], answer.Fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_without_a_case_is_refused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Assess(new AssessPrimaryRiskRequest { Protocols = { "protocols/nothing" } }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(["case", "protocols[0]"], error.Fields());
    }

    [Fact]
    public async Task Contradictory_facts_are_an_answer()
    {
        var response = await Assess(new AssessPrimaryRiskRequest
        {
            Case = new RelapseCase { PrimaryDisease = new PrimaryDisease { WbcPerUl = 50_000, NciGroup = NciGroup.Standard } },
        });

        Assert.Equal(Outcome.Inconsistent, response.Decisions[0].Outcome);
        Assert.Equal(Outcome.Determined, Assert.Single(response.Decisions, decision => decision.Decision_ == "primary_feature.wbc_fifty_or_more").Outcome);
    }

    private async Task<AssessPrimaryRiskResponse> Assess(AssessPrimaryRiskRequest request) =>
        await Client.AssessPrimaryRiskAsync(request, cancellationToken: TestContext.Current.CancellationToken);
}
