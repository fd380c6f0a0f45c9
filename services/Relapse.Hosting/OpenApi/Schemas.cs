using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Relapse.Hosting.OpenApi;

/// <summary>JSON Schemas of messages and enums, as canonical proto3 JSON and the guard before it have them.</summary>
internal sealed class Schemas(ContractUse use, IReadOnlyList<MessageDescriptor> errorDetails)
{
    private const string AnyType = "google.protobuf.Any";

    /// <summary>The schema of a message; <paramref name="except"/> are fields that the URL gives.</summary>
    public JsonObject Message(MessageDescriptor message, Func<FieldDescriptor, bool>? except = null)
    {
        if (WellKnown(message) is { } known)
        {
            return known;
        }

        var fields = message.Fields.InDeclarationOrder().Where(field => except?.Invoke(field) is not true).ToList();
        var schema = new JsonObject { ["type"] = "object" };
        Describe(schema, Contract.Comment(message));
        schema["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.JsonName, Field(field))));
        if (fields.Where(Contract.IsRequired).Select(field => field.JsonName).ToArray() is { Length: > 0 } required)
        {
            schema["required"] = Texts(required);
        }

        if (use.IsClosed(message))
        {
            schema["additionalProperties"] = false;
        }

        AtMostOneOfEach(schema, message);
        return schema;
    }

    /// <summary>The schema of an enum: the names of its values.</summary>
    public JsonObject Enum(EnumDescriptor type)
    {
        var values = type.Values.Where(value => value.Number != 0 || use.IsZeroTaken(type)).ToList();
        var schema = new JsonObject { ["type"] = "string", ["enum"] = Texts(values.Select(value => value.Name)) };
        var meanings = values.Select(value => $"- `{value.Name}`: {Contract.Comment(value)}");
        Describe(schema, Contract.Comment(type) + "\n\n" + string.Join('\n', meanings));
        return schema;
    }

    /// <summary>The schema of a field where it stands, with its comment.</summary>
    public JsonObject Field(FieldDescriptor field)
    {
        var schema = field.IsMap ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(field.MessageType.FindFieldByNumber(2)) }
            : field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Value(field) }
            : Value(field);
        var choice = field.RealContainingOneof is { } oneof
            ? $" At most one of {string.Join(", ", oneof.Fields.Select(other => $"`{other.JsonName}`"))} is given."
            : "";
        Describe(schema, Contract.Comment(field) + choice);
        if (field.GetOptions()?.Deprecated is true)
        {
            schema["deprecated"] = true;
        }

        return schema;
    }

    public static JsonObject Reference(IDescriptor type) => new() { ["$ref"] = "#/components/schemas/" + type.FullName };

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static void Describe(JsonObject schema, string text)
    {
        if (text.Length > 0)
        {
            schema["description"] = text;
        }
    }

    private JsonObject Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Reference(field.MessageType),
        FieldType.Enum => EnumValue(field),
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
        FieldType.Float => new JsonObject { ["type"] = "number", ["format"] = "float" },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.UInt32 or FieldType.Fixed32 => new JsonObject { ["type"] = "integer", ["format"] = "int64", ["minimum"] = 0, ["maximum"] = uint.MaxValue },
        // 64 bits are written as a string, because a JSON number would lose some.
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => new JsonObject { ["type"] = "string", ["format"] = "int64", ["pattern"] = "^-?[0-9]+$" },
        FieldType.UInt64 or FieldType.Fixed64 => new JsonObject { ["type"] = "string", ["format"] = "uint64", ["pattern"] = "^[0-9]+$" },
        _ => throw new NotSupportedException($"{field.FullName} is of a type without a JSON schema here: {field.FieldType}."),
    };

    // Where another field takes the zero value, and this one does not, the field says so.
    private JsonObject EnumValue(FieldDescriptor field)
    {
        var schema = Reference(field.EnumType);
        if (use.IsZeroTaken(field.EnumType) && !ContractUse.TakesZero(field))
        {
            schema["not"] = new JsonObject { ["const"] = field.EnumType.FindValueByNumber(0).Name };
        }

        return schema;
    }

    private static void AtMostOneOfEach(JsonObject schema, MessageDescriptor message)
    {
        var pairs =
            from oneof in message.Oneofs.Where(oneof => !oneof.IsSynthetic)
            from first in oneof.Fields.Index()
            from second in oneof.Fields.Skip(first.Index + 1)
            select (JsonNode)new JsonObject { ["required"] = Texts([first.Item.JsonName, second.JsonName]) };
        if (pairs.ToArray() is { Length: > 0 } both)
        {
            schema["not"] = new JsonObject { ["anyOf"] = new JsonArray(both) };
        }
    }

    // Their JSON is not that of their fields.
    private JsonObject? WellKnown(MessageDescriptor message) => message.FullName switch
    {
        AnyType => new JsonObject
        {
            ["description"] = "A detail of an error; `@type` says which.",
            ["oneOf"] = new JsonArray([.. errorDetails.Select(Detail)]),
        },
        "google.protobuf.Duration" => new JsonObject { ["type"] = "string", ["pattern"] = "^-?[0-9]+(\\.[0-9]{1,9})?s$", ["description"] = "Seconds, with an `s` behind them." },
        "google.protobuf.Timestamp" => new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "Point in time, RFC 3339, in UTC." },
        _ when message.File.Package == "google.protobuf" => throw new NotSupportedException($"No JSON schema of {message.FullName} here; whoever adds one writes it."),
        _ => null,
    };

    private static JsonNode Detail(MessageDescriptor type) => new JsonObject
    {
        ["allOf"] = new JsonArray(
            Reference(type),
            new JsonObject
            {
                ["type"] = "object",
                ["required"] = Texts(["@type"]),
                ["properties"] = new JsonObject { ["@type"] = new JsonObject { ["const"] = "type.googleapis.com/" + type.FullName } },
            }),
    };
}
