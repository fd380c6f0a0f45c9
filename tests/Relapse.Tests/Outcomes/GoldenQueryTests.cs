using System.Text.Json;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;
using Relapse.Outcomes;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Outcomes;

/// <summary>The golden queries: the service returns the rows that a reader finds by hand, each as it fits, and none that do not.</summary>
public sealed class GoldenQueryTests
{
    /// <summary>Names by which a reader may call a dimension.</summary>
    private static readonly Dictionary<string, string[]> Aliases = new(StringComparer.Ordinal)
    {
        ["timing"] = ["timing", "months_from_diagnosis", "months_from_therapy_end", "first_remission_years", "risk_group", "other"],
        ["risk_group"] = ["risk_group", "timing"],
        ["treatment"] = ["treatment", "regimen", "agent", "donor", "other"],
        ["donor"] = ["donor", "treatment"],
        ["age_years"] = ["age_years", "age_at_diagnosis_years"],
        ["genetics"] = ["genetics", "other"],
        ["site"] = ["site", "extramedullary_site"],
    };

    public static TheoryData<string> Ids => [.. Golden.Queries.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_query_is_answered_as_by_hand(string id)
    {
        var query = Golden.Queries[id];
        var answer = Answer(Golden.Request(query));
        var differences = new List<string>();
        var expect = query.GetProperty("expect");
        var rows = answer.Groups.SelectMany(group => group.Rows).ToDictionary(row => row.Figure.Id);
        OutcomeRow? Find(string row) => Golden.Pairs[row].Prepend(row).Select(name => rows.GetValueOrDefault(name)).FirstOrDefault(found => found is not null);

        foreach (var row in expect.Words("exact"))
        {
            Hold(Find(row)?.Match is MatchLevel.Exact, $"{row} is exact, found {Say(Find(row))}");
        }
        foreach (var row in expect.Words("fits"))
        {
            Hold(Find(row) is not null, $"{row} fits, exactly or partly");
        }
        foreach (var entry in expect.Entries("partial"))
        {
            CheckPartial(entry, Find(entry.GetProperty("row").GetString()!), Hold);
        }
        foreach (var entry in expect.Entries("not"))
        {
            var row = entry.GetProperty("row").GetString()!;
            Hold(Golden.Pairs[row].Prepend(row).All(name => !rows.ContainsKey(name)), $"{row} differs in {entry.GetProperty("differs")}, found {Say(Find(row))}");
        }
        foreach (var row in expect.Words("superseded"))
        {
            Hold(!rows.ContainsKey(row) && answer.Nearest.All(near => near.Figure.Id != row), $"{row} is superseded and stands in the answer");
        }
        CheckWhole(expect, answer, Find, Hold);
        Assert.True(differences.Count == 0, $"{id}: {query.GetProperty("title")}\n{string.Join('\n', differences)}");

        void Hold(bool holds, string otherwise)
        {
            if (!holds)
            {
                differences.Add(otherwise);
            }
        }
    }

    internal static EstimateOutcomeResponse Answer(EstimateOutcomeRequest request)
    {
        var faults = new FaultList();
        var call = new EstimateCall(RelapseServer.Catalog, EvidenceLibrary.Shipped, request, faults);
        faults.ThrowIfAny();
        return call.Answer(request, usualRows: 500);
    }

    private static void CheckPartial(JsonElement entry, OutcomeRow? found, Action<bool, string> hold)
    {
        var row = entry.GetProperty("row").GetString()!;
        hold(found is not null && found.Match is not MatchLevel.Exact, $"{row} is partial, found {Say(found)}");
        foreach (var dimension in entry.Words("broader"))
        {
            hold(found is not null && Has(found, dimension, FitLevel.Broader), $"{row} is broader in {dimension}, found {Say(found)}");
        }
        foreach (var dimension in entry.Words("unknown"))
        {
            hold(found is not null && (Has(found, dimension, FitLevel.Unknown) || Has(found, dimension, FitLevel.Conditional)), $"{row} is open in {dimension}, found {Say(found)}");
        }
    }

    private static void CheckWhole(JsonElement expect, EstimateOutcomeResponse answer, Func<string, OutcomeRow?> find, Action<bool, string> hold)
    {
        if (expect.TryGetProperty("declines", out var declines) && declines.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            var declined = answer.Status is not AnswerStatus.Exact;
            hold(declined == declines.GetBoolean(), $"declines: {declines}, found {answer.Status}");
            hold(!declined || answer.Status is AnswerStatus.OutOfScope || answer.Detail.StartsWith("No published estimate for this combination", StringComparison.Ordinal), "says that there is none");
        }
        foreach (var row in expect.Words("nearest"))
        {
            hold(find(row) is not null || answer.Nearest.Any(near => near.Figure.Id == row), $"{row} is among the nearest");
        }
        foreach (var together in expect.Entries("side_by_side"))
        {
            hold(together.Words("rows").All(row => find(row) is not null), $"side by side: {together}");
        }
        foreach (var apart in expect.Entries("never_mixed"))
        {
            var ids = apart.Words("rows").Select(row => find(row)?.Figure.Id).OfType<string>().ToArray();
            hold(answer.Groups.SelectMany(group => group.Ranges).All(range => range.Rows.Count(ids.Contains) < 2), $"never in one range: {apart}");
        }
        foreach (var same in expect.Entries("same_patients"))
        {
            var families = same.EnumerateArray().Select(row => find(row.GetString()!)?.Figure.Family).OfType<string>().Distinct();
            hold(families.Count() == 1, $"of one family: {same}");
        }
        if (expect.TryGetProperty("selection_bias_note", out var bias) && bias.ValueKind is JsonValueKind.True)
        {
            hold(answer.Warnings.Any(warning => warning.Code == "SELECTION_BIAS"), "the note on selection bias");
        }
        foreach (var statement in expect.Words("context"))
        {
            hold(answer.Context.Any(row => row.Statement.Id == statement), $"{statement} stands in the context");
        }
    }

    private static bool Has(OutcomeRow row, string dimension, FitLevel fit) =>
        row.Dimensions.Any(found => found.Fit == fit && Aliases.GetValueOrDefault(dimension, [dimension]).Contains(found.Dimension));

    private static string Say(OutcomeRow? row) => row is null ? "not there" : $"{row.Figure.Id} {row.Match} ({string.Join(", ", row.Dimensions.Select(dimension => $"{dimension.Dimension} {dimension.Fit}"))})";
}
