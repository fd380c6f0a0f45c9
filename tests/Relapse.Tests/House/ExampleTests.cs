using System.Text.Json.Nodes;
using Google.Protobuf;
using Relapse.Cli;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.House;

/// <summary>examples/README.md says what each example shows; the files and the service hold it to that.</summary>
public sealed class ExampleTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    public static TheoryData<string, string> Examples => [.. Listed];

    public static TheoryData<string, string> PrimaryExamples => [.. OfPrimaryRisk];

    /// <summary>The rows of the first table of examples/README.md: a link to the file, what it shows, the risk group.</summary>
    internal static IReadOnlyList<(string File, string Group)> Listed { get; } = Rows(file => !IsOfPrimaryRisk(file) && !IsOfMrd(file) && !IsOfResponse(file) && !IsOfEligibility(file) && !IsOfDonors(file) && !IsOfOutcome(file));

    /// <summary>The rows of the second: the same for AssessPrimaryRisk, with the NCI/Rome group.</summary>
    internal static IReadOnlyList<(string File, string Group)> OfPrimaryRisk { get; } = Rows(IsOfPrimaryRisk);

    /// <summary>The rows of the third: InterpretMrd, with what the result says in UKALL R3.</summary>
    internal static IReadOnlyList<(string File, string Response)> OfMrd { get; } = Rows(IsOfMrd);

    /// <summary>The rows of the last: AssessEligibility, with the advice of UKALL R3.</summary>
    internal static IReadOnlyList<(string File, string Advice)> OfEligibility { get; } = Rows(IsOfEligibility);

    /// <summary>The rows of the fourth: AssessResponse, with the remission.</summary>
    internal static IReadOnlyList<(string File, string Remission)> OfResponse { get; } = Rows(IsOfResponse);

    /// <summary>The rows of RankDonors, with who can come first.</summary>
    internal static IReadOnlyList<(string File, string First)> OfDonors { get; } = Rows(IsOfDonors);

    public static TheoryData<string, string> DonorExamples => [.. OfDonors];

    /// <summary>The rows of EstimateOutcome, with the status of the answer.</summary>
    internal static IReadOnlyList<(string File, string Status)> OfOutcome { get; } = Rows(IsOfOutcome);

    public static TheoryData<string, string> OutcomeExamples => [.. OfOutcome];

    public static TheoryData<string, string> MrdExamples => [.. OfMrd];

    public static TheoryData<string, string> ResponseExamples => [.. OfResponse];

    public static TheoryData<string, string> EligibilityExamples => [.. OfEligibility];

    public void Dispose() => server.AssertNoErrorsLogged();

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_the_canonical_json_of_a_request(string file, string group)
    {
        Assert.NotEmpty(group);
        var text = Repository.Read("examples/" + file);
        var canonical = JsonFormatter.Default.Format(JsonParser.Default.Parse<ClassifyRelapseRequest>(text));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), JsonNode.Parse(text)), canonical);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_is_answered_as_its_line_says(string file, string group)
    {
        var answer = await server.PostAsync("/v1/classification/relapses:classify", Repository.Read("examples/" + file));
        var decision = Answer.Parse(answer.Body).Decisions.Single(decision =>
            decision.Id == "risk_group" && decision.Protocol.StartsWith("protocols/all-rez-bfm/", StringComparison.Ordinal));
        Assert.Equal(group, AnswerTable.Conclusion(decision));
    }

    [Theory]
    [MemberData(nameof(PrimaryExamples))]
    public async Task An_example_of_primary_risk_is_answered_as_its_line_says(string file, string group)
    {
        var answer = await Post<AssessPrimaryRiskRequest>("/v1/classification/primaryRisk:assess", file);
        Assert.Equal(group, AnswerTable.Conclusion(Assert.Single(answer.Decisions, decision => decision.Id == "nci_group")));
    }

    [Theory]
    [MemberData(nameof(MrdExamples))]
    public async Task An_example_of_mrd_is_answered_as_its_line_says(string file, string response)
    {
        var answer = await Post<InterpretMrdRequest>("/v1/mrd/results:interpret", file);
        Assert.Equal(response, AnswerTable.Conclusion(answer.Decisions.Single(decision => decision.Id == "mrd_response" && decision.Protocol.StartsWith("protocols/ukall-r3/", StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(ResponseExamples))]
    public async Task An_example_of_response_is_answered_as_its_line_says(string file, string remission)
    {
        var answer = await Post<AssessResponseRequest>("/v1/mrd/responses:assess", file);
        Assert.Equal(remission, AnswerTable.Conclusion(Assert.Single(answer.Decisions, decision => decision.Id == "remission" && decision.Protocol.StartsWith("protocols/review-2014/", StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(EligibilityExamples))]
    public async Task An_example_of_eligibility_is_answered_as_its_line_says(string file, string advice)
    {
        var answer = await Post<AssessEligibilityRequest>("/v1/transplant/eligibility:assess", file);
        Assert.Equal(advice, AnswerTable.Conclusion(answer.Decisions.Single(decision => decision.Id == "post_remission" && decision.Protocol.StartsWith("protocols/ukall-r3/", StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(DonorExamples))]
    public async Task An_example_of_donors_is_answered_as_its_line_says(string file, string first)
    {
        var text = Repository.Read("examples/" + file);
        var canonical = JsonFormatter.Default.Format(JsonParser.Default.Parse<RankDonorsRequest>(text));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), JsonNode.Parse(text)), canonical);
        var list = DonorList.Parse((await server.PostAsync("/v1/transplant/donors:rank", text)).Body);
        Assert.Equal(first, string.Join(" or ", list.Summary.FirstPlace.Possible));
        await using var table = new StringWriter();
        DonorTable.Print(list, table);
        Assert.All(list.Ranked, donor => Assert.Contains(donor.DonorId, table.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OutcomeExamples))]
    public async Task An_example_of_outcome_is_answered_as_its_line_says(string file, string status)
    {
        var text = Repository.Read("examples/" + file);
        var canonical = JsonFormatter.Default.Format(JsonParser.Default.Parse<EstimateOutcomeRequest>(text));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), JsonNode.Parse(text)), canonical);
        var answer = await server.PostAsync("/v1/outcome/estimates:make", text);
        Assert.Equal("ANSWER_STATUS_" + status, answer.Json.GetProperty("status").GetString());
    }

    private async Task<Answer> Post<T>(string path, string file)
        where T : IMessage, new()
    {
        var text = Repository.Read("examples/" + file);
        var canonical = JsonFormatter.Default.Format(JsonParser.Default.Parse<T>(text));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), JsonNode.Parse(text)), canonical);
        return Answer.Parse((await server.PostAsync(path, text)).Body);
    }

    private static bool IsOfDonors(string file) => file.StartsWith("donors-", StringComparison.Ordinal);

    private static bool IsOfMrd(string file) => file.StartsWith("mrd-", StringComparison.Ordinal);

    private static bool IsOfOutcome(string file) => file.StartsWith("outcome-", StringComparison.Ordinal);

    private static bool IsOfResponse(string file) => file.StartsWith("response-", StringComparison.Ordinal);

    private static bool IsOfEligibility(string file) => file.StartsWith("eligibility-", StringComparison.Ordinal);

    private static bool IsOfPrimaryRisk(string file) => file.StartsWith("primary-risk-", StringComparison.Ordinal);

    private static (string, string)[] Rows(Func<string, bool> isWanted) =>
    [
        .. Repository.Read("examples/README.md").Split('\n')
            .Where(line => line.StartsWith("| [", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => (File: cells[1].Split('[', ']')[1], Group: cells[3].Trim()))
            .Where(row => isWanted(row.File)),
    ];
}
