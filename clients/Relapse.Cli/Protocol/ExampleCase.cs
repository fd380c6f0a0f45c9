using System.Text;
using System.Text.Json;

namespace Relapse.Cli.Protocol;

/// <summary>A case on one line: what is said in it, by the names of the contract.</summary>
internal static class ExampleCase
{
    public static string Said(JsonElement example) => example.ValueKind == JsonValueKind.Object && example.EnumerateObject().Any()
        ? "for example: " + string.Join("; ", Leaves(example, string.Empty))
        : "for example: none was found";

    private static IEnumerable<string> Leaves(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Leaves(member.Value, path.Length == 0 ? FieldName(member.Name) : $"{path}.{FieldName(member.Name)}")),
        JsonValueKind.Array => value.EnumerateArray().Index().SelectMany(member => Leaves(member.Item, $"{path}[{member.Index}]")),
        JsonValueKind.String => [$"{path} {value.GetString()}"],
        _ => [$"{path} {value.GetRawText()}"],
    };

    /// <summary>The name in the contract of a key in JSON: <c>blastsPercent</c> is <c>blasts_percent</c>.</summary>
    private static string FieldName(string key)
    {
        var name = new StringBuilder();
        foreach (var letter in key)
        {
            name.Append(char.IsAsciiLetterUpper(letter) ? "_" : string.Empty).Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }
}
