using Google.Protobuf;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Tests.Outcomes;

/// <summary>A question in JSON and its answer, with every row of every group unless it says how many.</summary>
internal static class Asked
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    public static EstimateOutcomeRequest Request(string json)
    {
        var request = Parser.Parse<EstimateOutcomeRequest>(json);
        request.RowsPerGroup = request.RowsPerGroup == 0 ? 500 : request.RowsPerGroup;
        return request;
    }

    public static EstimateOutcomeResponse Of(string json) => GoldenQueryTests.Answer(Request(json));

    /// <summary>A row of the groups of an answer; null where it does not apply.</summary>
    public static OutcomeRow? Row(this EstimateOutcomeResponse answer, string id) =>
        answer.Groups.SelectMany(group => group.Rows).FirstOrDefault(row => row.Figure.Id == id);

    /// <summary>How a row fits; NOT_APPLICABLE where it does not apply.</summary>
    public static MatchLevel Fit(this EstimateOutcomeResponse answer, string id) => answer.Row(id)?.Match ?? MatchLevel.NotApplicable;

    /// <summary>How a row fits in one dimension; null where it says nothing of it.</summary>
    public static FitLevel? Fit(this EstimateOutcomeResponse answer, string id, string dimension) =>
        answer.Row(id)?.Dimensions.Where(found => found.Dimension == dimension).Select(found => (FitLevel?)found.Fit).Max();
}
