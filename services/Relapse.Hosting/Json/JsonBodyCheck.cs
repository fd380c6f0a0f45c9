using System.Text.Json;
using System.Text.Unicode;
using Google.Protobuf.Reflection;
using Relapse.Clinical;

namespace Relapse.Hosting.Json;

/// <summary>
/// Walks a JSON body against the message it is to become and reports everything that is wrong with it at once, by proto
/// path. Transcoding alone drops unknown keys, takes the last of duplicates, takes numbers for enums, and quotes values in
/// its errors; after this walk it has nothing left to refuse. No tree is built, and what no field wants is skipped without
/// recursion, so that depth costs nothing.
/// </summary>
internal ref struct JsonBodyCheck
{
    private const int MaxDepth = 32;
    private const int MaxFaults = 1000;
    private const string Body = "body";
    private readonly List<FieldFault> _faults;
    private Utf8JsonReader _reader;
    private bool _tooDeep;
    private bool _complete;

    private JsonBodyCheck(ReadOnlySpan<byte> body, List<FieldFault> faults)
    {
        _faults = faults;
        // The reader keeps one bit for each level; a body cannot have more levels than bytes.
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = body.Length + 1 });
    }

    /// <summary>Adds the faults of a body.</summary>
    /// <param name="body">The bytes of the body.</param>
    /// <param name="message">The message that they are to become.</param>
    /// <param name="path">Path of that message from the request root; empty for the root.</param>
    /// <param name="fromUrl">Fields of the message that the URL gives, and the body so must not.</param>
    /// <param name="faults">Where to add the faults.</param>
    public static void Run(ReadOnlySpan<byte> body, MessageDescriptor message, string path, IReadOnlySet<string> fromUrl, List<FieldFault> faults)
    {
        // A byte order mark is no part of the text; transcoding passes over it, too.
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (body.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            faults.Add(new FieldFault(Body, "is empty; a JSON object is needed"));
            return;
        }

        if (!Utf8.IsValid(body))
        {
            faults.Add(new FieldFault(Body, "is not valid UTF-8"));
            return;
        }

        var check = new JsonBodyCheck(body, faults);
        try
        {
            check.Root(message, path, fromUrl);
        }
        catch (JsonException malformed)
        {
            var what = check._complete ? "has content after its JSON value" : "is malformed JSON";
            check.Add(Body, $"{what}, at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}");
        }
    }

    private void Root(MessageDescriptor message, string path, IReadOnlySet<string> fromUrl)
    {
        _reader.Read();
        Message(message, path, fromUrl);
        _complete = true;
        _reader.Read();
    }

    private void Message(MessageDescriptor message, string path, IReadOnlySet<string>? fromUrl = null)
    {
        if (_reader.TokenType is not JsonTokenType.StartObject)
        {
            Add(path.Length == 0 ? Body : path, "must be a JSON object");
            Skip();
            return;
        }

        var shape = MessageShape.Of(message);
        Span<bool> seen = stackalloc bool[shape.FieldCount];
        Span<bool> chosen = stackalloc bool[shape.OneofCount];
        while (_reader.Read() && _reader.TokenType is JsonTokenType.PropertyName)
        {
            if (shape.Find(in _reader) is not { } field)
            {
                Unknown(path);
                continue;
            }

            _reader.Read();
            if (seen[field.Index])
            {
                Add(Join(path, field.Name), "is given more than once");
            }
            else if (fromUrl?.Contains(field.Name) is true)
            {
                Add(Join(path, field.Name), "is given by the URL and again by the body");
            }
            else if (_reader.TokenType is not JsonTokenType.Null && field.RealContainingOneof is { } oneof && Choose(chosen, oneof))
            {
                Add(Join(path, field.Name), $"is one choice of {oneof.Name}, and another is given already");
            }

            seen[field.Index] = true;
            Field(field, path);
        }
    }

    private void Field(FieldDescriptor field, string path)
    {
        if (_reader.TokenType is JsonTokenType.Null)
        {
            // Null is as if the key were not there. Transcoding takes it so for all but these.
            if (field.IsRepeated || field.RealContainingOneof is not null)
            {
                Add(Join(path, field.Name), "must not be null; leave it out");
            }
        }
        else if (field.IsMap)
        {
            Map(field, Join(path, field.Name));
        }
        else if (field.IsRepeated)
        {
            List(field, Join(path, field.Name));
        }
        else if (field.FieldType is FieldType.Message)
        {
            Message(field.MessageType, Join(path, field.Name));
        }
        else if (ScalarCheck.Fault(in _reader, field) is { } fault)
        {
            Add(Join(path, field.Name), fault);
            Skip();
        }
    }

    private void List(FieldDescriptor field, string path)
    {
        if (_reader.TokenType is not JsonTokenType.StartArray)
        {
            Add(path, "must be a list");
            Skip();
            return;
        }

        for (var i = 0; _reader.Read() && _reader.TokenType is not JsonTokenType.EndArray; i++)
        {
            Element(field, $"{path}[{i}]");
        }
    }

    private void Map(FieldDescriptor field, string path)
    {
        if (_reader.TokenType is not JsonTokenType.StartObject)
        {
            Add(path, "must be a JSON object");
            Skip();
            return;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; _reader.Read() && _reader.TokenType is JsonTokenType.PropertyName; i++)
        {
            var key = TextOrNull();
            if (key is null || !keys.Add(key) || ScalarCheck.Fault(key, field.MessageType.FindFieldByNumber(1)) is not null)
            {
                Add($"{path}[{i}]", "has a key that is not one, or that an entry before it has");
            }

            _reader.Read();
            Element(field.MessageType.FindFieldByNumber(2), $"{path}[{i}]");
        }
    }

    private void Element(FieldDescriptor field, string path)
    {
        if (_reader.TokenType is JsonTokenType.Null)
        {
            Add(path, "must not be null");
        }
        else if (field.FieldType is FieldType.Message)
        {
            Message(field.MessageType, path);
        }
        else if (ScalarCheck.Fault(in _reader, field) is { } fault)
        {
            Add(path, fault);
            Skip();
        }
    }

    private void Unknown(string path)
    {
        if (KeyName.Shown(TextOrNull()) is { } name)
        {
            Add(Join(path, name), "no such field");
        }
        else
        {
            Add(path.Length == 0 ? Body : path, "has a key that is no field; it is not shown, because it is no field name either");
        }

        _reader.Read();
        Skip();
    }

    // Past the value that the reader is on, whatever its depth.
    private void Skip()
    {
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var depth = _reader.CurrentDepth;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.CurrentDepth > MaxDepth && !_tooDeep)
            {
                _tooDeep = true;
                Add(Body, $"is nested deeper than {MaxDepth} levels");
            }
        }
    }

    private readonly string? TextOrNull()
    {
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private readonly void Add(string field, string description)
    {
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(new FieldFault(field, description));
        }
    }

    private static bool Choose(Span<bool> chosen, OneofDescriptor oneof)
    {
        var before = chosen[oneof.Index];
        chosen[oneof.Index] = true;
        return before;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
