using System.Text;
using System.Text.Json;

namespace Relapse.Cli.Cohort;

/// <summary>
/// A key that stands twice in one object. A reader of JSON takes the last of the two, or both together where the field is a list, and the case is
/// another than the one that its writer sees; the services refuse it, and never see it in what goes to them by gRPC.
/// </summary>
internal static class RepeatedKey
{
    /// <summary>The first there is; null for none. Both spellings of a field are one key.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string? In(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when reader.GetString() is { } key && !open.Peek().Add(key.Replace("_", string.Empty, StringComparison.Ordinal)):
                    return key;
            }
        }

        return null;
    }
}
