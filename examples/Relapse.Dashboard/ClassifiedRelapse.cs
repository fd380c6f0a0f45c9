using System.Text.Json;

namespace Relapse.Dashboard;

/// <summary>What the dashboard reads of an answer.</summary>
internal static class ClassifiedRelapse
{
    /// <summary>For each protocol of a classification, its risk group, as far as it is settled.</summary>
    public static IReadOnlyList<RiskGroup> GroupsOf(JsonElement answer) =>
    [
        .. ListOf(answer, "decisions").Where(decision => TextOf(decision, "decision") == "risk_group").Select(decision => new RiskGroup(
            TextOf(decision, "protocol"),
            TextOf(decision, "outcome"),
            string.Join(" or ", ListOf(decision, "possible").Select(group => group.GetString())))),
    ];

    /// <summary>The keyed digest of the request that was answered; empty for what is no answer about a case.</summary>
    public static string RequestOf(JsonElement answer) =>
        ListOf(answer, "receipts").Select(receipt => TextOf(receipt, "requestDigest")).FirstOrDefault() ?? "";

    private static JsonElement[] ListOf(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string TextOf(JsonElement of, string name) =>
        of.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}

/// <summary>A risk group as one protocol concludes it.</summary>
/// <param name="Protocol">Name of the protocol version, whose word the group is.</param>
/// <param name="Outcome">How far it is settled, e.g. OUTCOME_DETERMINED.</param>
/// <param name="Group">The group, or those that are still possible; empty when nothing is concluded.</param>
internal sealed record RiskGroup(string Protocol, string Outcome, string Group);
