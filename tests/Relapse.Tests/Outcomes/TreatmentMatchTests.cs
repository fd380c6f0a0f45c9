using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;
using Relapse.Outcomes;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Outcomes;

/// <summary>Treatment: whether, which regimen, which donor and which agents each count, and contradictions are refused.</summary>
public sealed class TreatmentMatchTests
{
    private const string First = """ "case":{"relapseNumber":1} """;
    private const string LowRisk = """
        "case":{"relapseNumber":1,"lineage":"LINEAGE_B_CELL_PRECURSOR","ageAtRelapseYears":8,"established":[{"decision":"risk_group","protocol":"protocols/cog-aall1331","conclusion":"LOW"}]}
        """;

    [Theory]
    [InlineData("""{"treatment":"MODALITY_TRANSPLANT","regimen":"ALL_R3"}""", "OUT-103", "regimen")]
    [InlineData("""{"treatment":"MODALITY_TRANSPLANT","regimen":"ALL_R3"}""", "OUT-118", "regimen")]
    [InlineData("""{"treatment":"MODALITY_TRANSPLANT","agents":["mitoxantrone"]}""", "OUT-103", "agent")]
    [InlineData("""{"treatment":"MODALITY_TRANSPLANT","donor":"DONOR_KIND_UNRELATED"}""", "OUT-103", "donor")]
    [InlineData("""{"regimen":"AALL01P2","treatment":"MODALITY_TRANSPLANT"}""", "OUT-083", "treatment")]
    [InlineData("""{"regimen":"ALL_R3","agents":["mitoxantrone","blinatumomab"]}""", "EXT-058", "agent")]
    public void Whatever_of_treatment_a_row_does_not_restrict_makes_it_broader(string intention, string row, string dimension)
    {
        var answer = Asked.Of(Body(First, intention));
        Assert.Equal(FitLevel.Broader, answer.Fit(row, dimension));
        Assert.NotEqual(MatchLevel.Exact, answer.Fit(row));
    }

    [Fact]
    public void A_regimen_after_reinduction_hides_no_reinduction_of_the_case()
    {
        var answer = Asked.Of("""{"case":{"relapseNumber":1,"treatment":{"reinduction":"REINDUCTION_AALL01P2"}},"intention":{"regimen":"AALL1331_CHEMOTHERAPY_LOW_RISK"}}""");
        Assert.Equal(FitLevel.Broader, answer.Fit("OUT-083", "regimen"));
        Assert.Null(answer.Row("EXT-058"));
    }

    [Theory]
    [InlineData("EXT-181")]
    [InlineData("EXT-183")]
    [InlineData("EXT-185")]
    [InlineData("EXT-187")]
    [InlineData("EXT-169")]
    [InlineData("EXT-189")]
    public void Who_gets_an_agent_is_not_offered_the_arm_without_it(string row)
    {
        var when = EvidenceLibrary.Shipped.ById[row].Population.When;
        Assert.Contains("blinatumomab", when.Regimen.SelectMany(regimen => EvidenceLibrary.Shipped.Words.Regimens[regimen].WithoutAgents));
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Body(LowRisk, """{"agents":["blinatumomab"]}""")).Fit(row));
    }

    [Fact]
    public void The_arm_without_an_agent_is_that_of_its_regimen()
    {
        Assert.Equal(FitLevel.Exact, Asked.Of(Body(LowRisk, """{"regimen":"AALL1331_CHEMOTHERAPY_LOW_RISK"}""")).Fit("EXT-181", "regimen"));
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Body(LowRisk, """{"regimen":"AALL1331_CHEMOTHERAPY_LOW_RISK"}""")).Fit("EXT-180"));
    }

    [Fact]
    public void Historical_controls_were_not_given_what_they_are_compared_with()
    {
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Body(First, """{"regimen":"AALL01P2","agents":["epratuzumab"]}""")).Fit("OUT-151"));
        Assert.Equal(FitLevel.Unknown, Asked.Of(Body(First, """{"regimen":"AALL01P2"}""")).Fit("OUT-151", "without_agents"));
        Assert.Equal(FitLevel.Exact, Asked.Of(Body(First, """{"regimen":"AALL01P2","agents":["bortezomib"]}""")).Fit("OUT-151", "without_agents"));
    }

    [Fact]
    public void Who_is_to_be_transplanted_is_not_offered_those_who_were_not()
    {
        Assert.Equal(MatchLevel.NotApplicable, Asked.Of(Body(First, """{"treatment":"MODALITY_TRANSPLANT","agents":["blinatumomab"]}""")).Fit("EXT-209"));
        Assert.Equal(MatchLevel.Open, Asked.Of(Body(First, """{"treatment":"MODALITY_CHEMOTHERAPY","agents":["blinatumomab"]}""")).Fit("EXT-209"));
    }

    [Theory]
    [InlineData("""{"case":{"relapseNumber":1},"intention":{"state":"REMISSION_STATE_THIRD_REMISSION"}}""", "intention.state")]
    [InlineData("""{"case":{"relapseNumber":2},"intention":{"state":"REMISSION_STATE_SECOND_REMISSION"}}""", "intention.state")]
    [InlineData("""{"case":{"relapseNumber":3},"intention":{"state":"REMISSION_STATE_THIRD_REMISSION"}}""", "intention.state")]
    [InlineData("""{"case":{"treatment":{"reinduction":"REINDUCTION_AALL01P2"}},"intention":{"regimen":"ALL_R3"}}""", "intention.regimen")]
    [InlineData("""{"case":{"treatment":{"reinduction":"REINDUCTION_OTHER"}},"intention":{"regimen":"ALL_R3"}}""", "intention.regimen")]
    [InlineData("""{"case":{"treatment":{"reinduction":"REINDUCTION_ALL_R3"}},"intention":{"regimen":"POG_PEGASPARAGINASE_WEEKLY"}}""", "intention.regimen")]
    [InlineData("""{"case":{},"intention":{"regimen":"AALL1331_CHEMOTHERAPY_LOW_RISK","agents":["blinatumomab"]}}""", "intention.agents[0]")]
    [InlineData("""{"case":{},"intention":{"agents":["blinatumomab","nonsense"]}}""", "intention.agents[1]")]
    public void What_cannot_be_meant_is_refused(string body, string field)
    {
        var faults = new FaultList();
        _ = new EstimateCall(RelapseServer.Catalog, EvidenceLibrary.Shipped, Asked.Request(body), faults);
        var error = Assert.ThrowsAny<Exception>(faults.ThrowIfAny);
        Assert.Contains(field, (error as Grpc.Core.RpcException)!.Fields());
    }

    [Theory]
    [InlineData("""{"case":{"relapseNumber":1},"intention":{"state":"REMISSION_STATE_SECOND_REMISSION"}}""")]
    [InlineData("""{"case":{"relapseNumber":2},"intention":{"state":"REMISSION_STATE_THIRD_REMISSION"}}""")]
    [InlineData("""{"case":{"relapseNumber":3},"intention":{"state":"REMISSION_STATE_AT_RELAPSE"}}""")]
    [InlineData("""{"case":{"treatment":{"reinduction":"REINDUCTION_ALL_R3"}},"intention":{"regimen":"ALL_R3"}}""")]
    [InlineData("""{"case":{"treatment":{"reinduction":"REINDUCTION_OTHER"}},"intention":{"regimen":"POG_PEGASPARAGINASE_WEEKLY"}}""")]
    public void What_can_be_meant_is_answered(string body) => Assert.NotEqual(AnswerStatus.Unspecified, Asked.Of(body).Status);

    private static string Body(string @case, string intention) => "{" + @case + ",\"intention\":" + intention + "}";
}
