using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Tests.Clinical;
using Relapse.Tests.Clinical.Measurements;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Mrd;

/// <summary>AssessResponse by gRPC and by JSON: which response is meant, what is said of it, and the rules of count recovery side by side.</summary>
public sealed class AssessResponseTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/mrd/responses:assess";

    private MrdService.MrdServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task The_latest_response_is_assessed_unless_a_time_point_is_asked_for()
    {
        var early = Remission(TimePoint.EndOfBlock1, 30);
        early.MarrowBlastsPercent = 40;
        var @case = With(Remission(TimePoint.EndOfBlock2, 60), early);

        var latest = await Assess(@case);
        Assert.Equal(("case.responses[0]", "M1"), (latest.Assessed, Assert.Single(Of(latest, "response_marrow_status").Possible)));
        var asked = await Assess(@case, TimePoint.EndOfBlock1);
        Assert.Equal(("case.responses[1]", "M3"), (asked.Assessed, Assert.Single(Of(asked, "response_marrow_status").Possible)));
    }

    [Fact]
    public async Task What_an_earlier_response_shows_is_said_with_its_path()
    {
        var later = Remission(TimePoint.Week12, 90);
        later.MarrowBlastsPercent = 40;

        var answer = await Assess(With(later, Remission(TimePoint.EndOfBlock1, 30)));

        var finding = Assert.Single(answer.EarlierFindings, finding => finding.Field == "case.responses[0].remission_reached_before");
        Assert.Equal(("case.responses[1]", RelapseServer.Catalog.Find("review-2014")!.Current!.Name), (finding.From, finding.Protocol));
        Assert.NotEmpty(finding.Detail);
        Assert.Equal(["YES"], Of(answer, "relapse_after_remission").Possible);
    }

    [Fact]
    public async Task Every_response_decision_is_answered_in_order_with_a_receipt()
    {
        var answer = await Assess(With(Remission(TimePoint.EndOfBlock2, 60)));

        var current = RelapseServer.Catalog.Find("review-2014")!.Current!.Name;
        Assert.Equal(WellKnownDecisions.Response.Select(id => (current, id)), answer.Decisions.Select(decision => (decision.Protocol, decision.Decision_)));
        Assert.All(answer.Decisions, decision => Assert.NotEqual(Outcome.NotDefined, decision.Outcome));
        var receipt = Assert.Single(answer.Receipts);
        Assert.Equal((current, "relapse.mrd.v1.MrdService/AssessResponse"), (receipt.Protocol, receipt.Rpc));
    }

    [Fact]
    public async Task A_case_without_a_response_is_answered_by_what_would_have_to_be_known()
    {
        var answer = await Assess(With());

        Assert.Empty(answer.Assessed);
        Assert.Equal(Outcome.Undetermined, Of(answer, "response_marrow_status").Outcome);
        Assert.NotEmpty(Of(answer, "response_marrow_status").Missing);
        Assert.Equal(["count_recovery.a", "count_recovery.b_low", "count_recovery.b_high"], Assert.Single(answer.CountRecovery).Open);
    }

    /// <summary>Between B low and B high, and above A: the rules disagree, and each says what it finds.</summary>
    [Fact]
    public async Task Rules_of_count_recovery_that_disagree_are_shown()
    {
        var response = Remission(TimePoint.EndOfBlock2, 60);
        (response.NeutrophilsPerUl, response.PlateletsPerUl, response.WbcPerUl) = (800, 80_000, 2_500);

        var recovery = Assert.Single((await Assess(With(response))).CountRecovery);

        Assert.Equal(["count_recovery.a", "count_recovery.b_low"], recovery.Recovered);
        Assert.Equal(["count_recovery.b_high"], recovery.NotRecovered);
        Assert.Empty(recovery.Open);
        Assert.NotEmpty(recovery.Detail);
        Assert.DoesNotContain("800", recovery.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_agree_say_no_more()
    {
        var recovery = Assert.Single((await Assess(With(Remission(TimePoint.EndOfBlock2, 60)))).CountRecovery);
        Assert.Equal(3, recovery.Recovered.Count);
        Assert.Empty(recovery.Detail);
    }

    [Theory]
    [InlineData(TimePoint.Week12)]
    [InlineData(TimePoint.EndOfBlock1)]
    [InlineData((TimePoint)77)]
    public async Task A_time_point_of_which_there_is_no_response_or_more_than_one_is_refused(TimePoint point)
    {
        var undated = Remission(TimePoint.EndOfBlock1, 0);
        undated.AssessDate = null;
        var other = undated.Clone();
        other.MarrowBlastsPercent = 30;
        var error = await Assert.ThrowsAsync<RpcException>(() => Assess(With(undated, other), point));

        Assert.Equal((StatusCode.InvalidArgument, "time_point"), (error.StatusCode, Assert.Single(error.Fields())));
    }

    [Fact]
    public async Task By_json_the_answer_is_the_same()
    {
        var request = new AssessResponseRequest { Case = With(Remission(TimePoint.EndOfBlock1, 30), Remission(TimePoint.EndOfBlock2, 60)), RequestId = "same", TimePoint = TimePoint.EndOfBlock1 };

        var json = await server.PostAsync(Path, JsonFormatter.Default.Format(request));

        Assert.Equal(HttpStatusCode.OK, json.Http);
        Assert.Equal(await Client.AssessResponseAsync(request, cancellationToken: TestContext.Current.CancellationToken), AssessResponseResponse.Parser.ParseJson(json.Body));
    }

    /// <summary>Everything as it should be at the end of a block.</summary>
    internal static Response Remission(TimePoint point, int day) => new()
    {
        TimePoint = point, AssessDate = Measured.Day(day), MarrowBlastsPercent = 1, WbcPerUl = 3_000, NeutrophilsPerUl = 1_500, PlateletsPerUl = 150_000, BloodBlastsPresent = false,
        CsfWbcPerUl = 1, CsfBlastsPresent = false, TestesNormal = true, ClinicalSigns = false, OtherSitesClear = true, ReinductionCompleted = true,
    };

    internal static RelapseCase With(params IEnumerable<Response> responses) => SoundCase.LateIsolatedMarrow().With(changed => changed.Responses.AddRange(responses));

    private static Decision Of(AssessResponseResponse answer, string decision) => answer.Decisions.Single(one => one.Decision_ == decision);

    private async Task<AssessResponseResponse> Assess(RelapseCase @case, TimePoint point = TimePoint.Unspecified) => await Client.AssessResponseAsync(
        new AssessResponseRequest { Case = @case, TimePoint = point, RequestId = "test", Protocols = { "protocols/review-2014" } }, cancellationToken: TestContext.Current.CancellationToken);
}
