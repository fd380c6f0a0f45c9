using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical.Dmn;

/// <summary>Writes facts and decisions as the parts of a protocol.yaml, ready to be put into one.</summary>
public static partial class DecisionYaml
{
    /// <summary>The keys `inputs` and `decisions`.</summary>
    public static string Write(ImportedDecisions imported)
    {
        ArgumentNullException.ThrowIfNull(imported);
        var document = new ProtocolDocument();
        foreach (var (id, input) in imported.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal))
        {
            document.Inputs[id] = input;
        }

        foreach (var (id, table) in imported.Decisions)
        {
            document.Decisions[id] = table;
        }

        var text = new StringBuilder();
        WriteFields(document, text, "");
        return text.ToString();
    }

    private static void WriteFields(IMessage message, StringBuilder text, string indent)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsMap && ((System.Collections.IDictionary)value).Count is > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}{field.Name}:\n");
                foreach (System.Collections.DictionaryEntry entry in (System.Collections.IDictionary)value)
                {
                    WriteValue(Scalar((string)entry.Key), field.MessageType.FindFieldByNumber(2), entry.Value!, text, indent + "  ");
                }
            }
            else if (field.IsRepeated && !field.IsMap && ((System.Collections.IList)value).Count is > 0)
            {
                WriteList(field, (System.Collections.IList)value, text, indent);
            }
            else if (!field.IsRepeated && IsGiven(field, value))
            {
                WriteValue(field.Name, field, value, text, indent);
            }
        }
    }

    private static bool IsGiven(FieldDescriptor field, object? value) => value switch
    {
        null => false,
        string { Length: 0 } or false => false,
        Enum word => Convert.ToInt32(word, CultureInfo.InvariantCulture) != 0,
        _ => field.FieldType is FieldType.Message or FieldType.String or FieldType.Bool or FieldType.Enum,
    };

    private static void WriteList(FieldDescriptor field, System.Collections.IList list, StringBuilder text, string indent)
    {
        if (field.FieldType != FieldType.Message)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{field.Name}: {Flow(list.Cast<string>())}\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"{indent}{field.Name}:\n");
        foreach (IMessage item in list)
        {
            var inner = new StringBuilder();
            WriteFields(item, inner, indent + "    ");
            // The first key stands beside the dash.
            text.Append(CultureInfo.InvariantCulture, $"{indent}  - ").Append(inner.ToString().AsSpan(indent.Length + 4));
        }
    }

    private static void WriteValue(string key, FieldDescriptor field, object value, StringBuilder text, string indent)
    {
        switch (value)
        {
            case Values { Values_: [var only] }:
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key}: {Scalar(only)}\n");
                break;
            case Values values:
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key}: {Flow(values.Values_)}\n");
                break;
            case IMessage message:
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key}:\n");
                WriteFields(message, text, indent + "  ");
                break;
            case Enum:
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key}: {field.EnumType.FindValueByNumber(Convert.ToInt32(value, CultureInfo.InvariantCulture)).Name}\n");
                break;
            case bool flag:
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key}: {(flag ? "true" : "false")}\n");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{indent}{key}: {Scalar((string)value)}\n");
                break;
        }
    }

    private static string Flow(IEnumerable<string> words) => $"[{string.Join(", ", words.Select(Scalar))}]";

    /// <summary>A plain word where that cannot be anything else to YAML; otherwise a string of JSON, which is one of YAML too.</summary>
    private static string Scalar(string text) => Plain().IsMatch(text) && text is not ("NO" or "YES" or "ON" or "OFF" or "TRUE" or "FALSE" or "NULL" or "Y" or "N" or "null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n")
        ? text
        : System.Text.Json.JsonSerializer.Serialize(text, _json);

    private static readonly System.Text.Json.JsonSerializerOptions _json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
