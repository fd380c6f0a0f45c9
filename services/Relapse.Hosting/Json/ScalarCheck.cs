using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Relapse.Hosting.Json;

/// <summary>Whether a JSON value, or the text of a query parameter, is a value of a scalar field; if not, why, without the value.</summary>
internal static class ScalarCheck
{
    private const string NotBool = "must be true or false";
    private const string NotString = "must be a string";
    private const string NotBytes = "must be a string in base64";
    private const string NotNumber = "must be a finite number";

    public static string? Fault(ref readonly Utf8JsonReader reader, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => reader.TokenType is JsonTokenType.True or JsonTokenType.False ? null : NotBool,
        FieldType.String => reader.TokenType is not JsonTokenType.String ? NotString : IsText(in reader) ? null : "contains an escape that is no character",
        FieldType.Bytes => reader.TokenType is JsonTokenType.String && reader.TryGetBytesFromBase64(out _) ? null : NotBytes,
        FieldType.Enum => reader.TokenType is JsonTokenType.Number ? "must be the name of a value; numbers are refused"
            : reader.TokenType is JsonTokenType.String && IsText(in reader) && IsName(reader.GetString(), field) ? null
            : NotName(field),
        _ => IsNumberToken(in reader, field.FieldType) && IsNumber(reader.ValueSpan, field.FieldType) ? null : NumberWanted(field.FieldType),
    };

    public static string? Fault(string text, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => text is "true" or "false" ? null : NotBool,
        FieldType.String => null,
        FieldType.Bytes => Base64.IsValid(text) ? null : NotBytes,
        FieldType.Enum => IsName(text, field) ? null : NotName(field),
        _ => IsNumber(System.Text.Encoding.UTF8.GetBytes(text), field.FieldType) ? null : NumberWanted(field.FieldType),
    };

    // 64 bits are written as a string, because a JSON number would lose some. No other number is: "NaN" is a string, too.
    private static bool IsNumberToken(ref readonly Utf8JsonReader reader, FieldType type) =>
        reader.TokenType is JsonTokenType.Number || (reader.TokenType is JsonTokenType.String && !reader.ValueIsEscaped && Is64Bits(type));

    private static bool Is64Bits(FieldType type) =>
        type is FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 or FieldType.UInt64 or FieldType.Fixed64;

    private static bool IsNumber(ReadOnlySpan<byte> text, FieldType type)
    {
        if (text.Length == 0 || text[0] == '+')
        {
            return false;
        }

        int read;
        return type switch
        {
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Utf8Parser.TryParse(text, out int _, out read) && read == text.Length,
            FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Utf8Parser.TryParse(text, out long _, out read) && read == text.Length,
            FieldType.UInt32 or FieldType.Fixed32 => Utf8Parser.TryParse(text, out uint _, out read) && read == text.Length,
            FieldType.UInt64 or FieldType.Fixed64 => Utf8Parser.TryParse(text, out ulong _, out read) && read == text.Length,
            FieldType.Float => Utf8Parser.TryParse(text, out float value, out read) && read == text.Length && float.IsFinite(value),
            _ => Utf8Parser.TryParse(text, out double value, out read) && read == text.Length && double.IsFinite(value),
        };
    }

    private static string NumberWanted(FieldType type) => type switch
    {
        FieldType.Double or FieldType.Float => NotNumber,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => "must be a whole number in 64 bits, without fraction or exponent",
        FieldType.UInt32 or FieldType.Fixed32 or FieldType.UInt64 or FieldType.Fixed64 => "must be a whole number, 0 or more, without fraction or exponent",
        _ => "must be a whole number in 32 bits, without fraction or exponent",
    };

    private static bool IsName(string? text, FieldDescriptor field) => text is not null && field.EnumType.FindValueByName(text) is not null;

    private static string NotName(FieldDescriptor field)
    {
        var names = field.EnumType.Values.Select(value => value.Name).ToList();
        var listed = names.Count <= 12 ? string.Join(", ", names) : string.Join(", ", names.Take(12)) + string.Create(CultureInfo.InvariantCulture, $" and {names.Count - 12} more");
        return "must be one of " + listed;
    }

    private static bool IsText(ref readonly Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return true;
        }

        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
