using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Relapse.Client;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Cli.Cohort;

/// <summary>The result of an item as a line of JSON, in the names of the contract.</summary>
internal static class ResultLine
{
    // It goes to a terminal or a file, not into a page.
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly EnumDescriptor _outcomes = DecisionReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(Outcome));

    public static string Of(AssessedItem item)
    {
        var line = new JsonObject { ["itemId"] = item.ItemId };
        if (item.Error is { } refused)
        {
            var error = RelapseError.From(refused);
            line["error"] = new JsonObject
            {
                ["code"] = refused.Code,
                ["message"] = refused.Message,
                ["reason"] = error.Reason,
                ["faults"] = new JsonArray([.. error.Faults.Select(fault => new JsonObject { ["field"] = fault.Field, ["description"] = fault.Description })]),
            };
        }
        else
        {
            line["conclusions"] = new JsonArray([.. item.Conclusions.Select(Conclusion)]);
            line["missing"] = Words(item.Missing);
        }

        return line.ToJsonString(_plain);
    }

    public static string NameOf(Outcome outcome) => _outcomes.FindValueByNumber((int)outcome).Name;

    private static JsonObject Conclusion(AssessedConclusion concluded) => new()
    {
        ["protocol"] = concluded.Protocol,
        ["decision"] = concluded.Decision,
        ["outcome"] = NameOf(concluded.Outcome),
        ["possible"] = Words(concluded.Possible),
    };

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}
