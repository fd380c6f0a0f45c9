using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Protocol.V1;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Relapse.Clinical.Documents;

/// <summary>
/// Reads YAML strictly into a protobuf message, so that the proto is the schema: unknown and duplicate keys, unknown
/// words of an enum, values of another kind, aliases, anchors and tags are faults, each with its line and column, and all
/// of them are reported at once.
/// </summary>
internal sealed class DocumentReader
{
    /// <summary>A document of this size is not one: the largest shipped is a tenth of it. The contract names the same limit.</summary>
    internal const int MaxBytes = 4 << 20;

    /// <summary>An author reads no more than these; and a file made of faults would otherwise be answered a hundred times its size.</summary>
    internal const int MostFaults = 1000;


    private readonly List<DocumentFault> _faults = [];
    private readonly Dictionary<string, (int Line, int Column)> _positions = new(StringComparer.Ordinal);
    private readonly ShallowParser _parser;

    private readonly string _file;

    private DocumentReader(string text, string file)
    {
        _parser = new ShallowParser(new Parser(new StringReader(text)));
        _file = file;
    }

    /// <summary>Reads one message. The message is complete only when there are no faults.</summary>
    public static ReadDocument<T> Read<T>(ReadOnlyMemory<byte> yaml) where T : IMessage<T>, new()
    {
        var message = new T();
        var file = message is GoldenCases ? DocumentFault.CasesFile : DocumentFault.ProtocolFile;
        if (yaml.Length > MaxBytes)
        {
            return ReadDocument<T>.Unreadable(file, $"the file is larger than {MaxBytes} bytes");
        }
        if (!TryDecode(yaml.Span, out string text))
        {
            return ReadDocument<T>.Unreadable(file, "the file is not UTF-8");
        }
        var reader = new DocumentReader(text, file);
        reader.ReadStream(message);
        return new ReadDocument<T>(message, [.. reader._faults], reader._positions, file);
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            // A byte order mark is no part of the text, and would become an invisible part of the first key.
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }

    private void ReadStream(IMessage message)
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (!_parser.TryConsume<DocumentStart>(out _))
            {
                Fault(Mark.Empty, "", FaultCode.Unreadable, "the file is empty");
                return;
            }
            ReadMessage(message, "");
            _parser.Consume<DocumentEnd>();
            if (_parser.Current is DocumentStart second)
            {
                Fault(second.Start, "", FaultCode.Unreadable, "a file holds one document");
            }
        }
        catch (TooManyFaultsException enough)
        {
            _faults.Add(new DocumentFault((int)enough.Start.Line, (int)enough.Start.Column, "", $"there are more than {MostFaults} faults; those before are listed")
            {
                File = _file, Code = FaultCode.TooMany,
            });
        }
        catch (YamlException broken)
        {
            // After a syntax error the rest cannot be told apart, so this is the last fault reported.
            Fault(broken.Start, "", FaultCode.Unreadable, $"not YAML: {broken.Message}");
        }
    }

    private void ReadMessage(IMessage message, string path)
    {
        if (ShorthandField(message.Descriptor) is { } words && _parser.Current is not MappingStart)
        {
            ReadShorthand(message, words, path);
            return;
        }
        if (!TryEnter<MappingStart>(path, "a mapping of keys"))
        {
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadKey(path, seen) is not { } key)
            {
                continue;
            }
            FieldDescriptor? field = message.Descriptor.FindFieldByName(key.Value);
            string fieldPath = Join(path, key.Value);
            if (field is null)
            {
                Fault(key.Start, fieldPath, FaultCode.UnknownKey, $"unknown key; known here: {string.Join(", ", message.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name))}");
                _parser.SkipThisAndNestedEvents();
                continue;
            }
            if (field.RealContainingOneof is { } choice && choice.Accessor.GetCaseFieldDescriptor(message) is { } other)
            {
                Fault(key.Start, fieldPath, FaultCode.Invalid, $"only one of {string.Join(", ", choice.Fields.Select(f => f.Name))} may be given; {other.Name} already is");
            }
            ReadField(message, field, fieldPath);
        }
    }

    /// <summary>The key, or null after a fault that has consumed key and value.</summary>
    private Scalar? ReadKey(string path, HashSet<string> seen)
    {
        if (_parser.Current is not Scalar key)
        {
            Fault(_parser.Current!.Start, path, FaultCode.WrongKind, "a key is one plain word");
            _parser.SkipThisAndNestedEvents();
            _parser.SkipThisAndNestedEvents();
            return null;
        }
        _parser.MoveNext();
        CheckBare(key, Join(path, key.Value));
        _positions.TryAdd(Join(path, key.Value), ((int)key.Start.Line, (int)key.Start.Column));
        if (!seen.Add(key.Value))
        {
            Fault(key.Start, Join(path, key.Value), FaultCode.DuplicateKey, "duplicate key");
            _parser.SkipThisAndNestedEvents();
            return null;
        }
        return key;
    }

    private void ReadField(IMessage message, FieldDescriptor field, string path)
    {
        if (field.IsMap)
        {
            ReadMap((IDictionary)field.Accessor.GetValue(message), field.MessageType, path);
        }
        else if (field.IsRepeated)
        {
            ReadList((IList)field.Accessor.GetValue(message), field, path);
        }
        else if (ReadValue(field, path) is { } value)
        {
            field.Accessor.SetValue(message, value);
        }
    }

    private void ReadMap(IDictionary map, MessageDescriptor entry, string path)
    {
        if (!TryEnter<MappingStart>(path, "a mapping of keys"))
        {
            return;
        }
        FieldDescriptor valueField = entry.FindFieldByNumber(2);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadKey(path, seen) is { } key && ReadValue(valueField, Join(path, key.Value)) is { } value)
            {
                map.Add(key.Value, value);
            }
        }
    }

    private void ReadList(IList list, FieldDescriptor field, string path)
    {
        if (!TryEnter<SequenceStart>(path, "a list"))
        {
            return;
        }
        for (int i = 0; !_parser.TryConsume<SequenceEnd>(out _); i++)
        {
            string itemPath = $"{path}[{i}]";
            _positions.TryAdd(itemPath, ((int)_parser.Current!.Start.Line, (int)_parser.Current.Start.Column));
            if (ReadValue(field, itemPath) is { } value)
            {
                list.Add(value);
            }
        }
    }

    private object? ReadValue(FieldDescriptor field, string path)
    {
        if (field.FieldType == FieldType.Message)
        {
            IMessage value = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            ReadMessage(value, path);
            return value;
        }
        if (_parser.Current is not Scalar scalar)
        {
            FaultHere(path, Describe(field));
            return null;
        }
        _parser.MoveNext();
        CheckBare(scalar, path);
        object? parsed = ParseScalar(field, scalar);
        if (parsed is null)
        {
            Fault(scalar.Start, path, FaultCode.WrongKind, $"expected {Describe(field)}");
        }
        return parsed;
    }

    private static object? ParseScalar(FieldDescriptor field, Scalar scalar) => field.FieldType switch
    {
        FieldType.String => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" ? null : scalar.Value,
        FieldType.Bool => scalar.Value switch { "true" => true, "false" => false, _ => null },
        FieldType.Int32 => int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) ? n : null,
        FieldType.Int64 => long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) ? n : null,
        FieldType.Double => double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && double.IsFinite(d) ? d : null,
        FieldType.Enum => field.EnumType.FindValueByName(scalar.Value) is { Number: > 0 } word ? word.Number : null,
        _ => null,
    };

    private static string Describe(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Enum => $"one of {string.Join(", ", field.EnumType.Values.Where(v => v.Number > 0).Select(v => v.Name))}",
        FieldType.Bool => "true or false",
        FieldType.Int32 or FieldType.Int64 => "a whole number",
        FieldType.Double => "a number",
        FieldType.String => "a word or a text",
        _ => $"a value of kind {field.FieldType}",
    };

    /// <summary>A message with the one field `values` is written as a plain list, or as one plain word.</summary>
    private static FieldDescriptor? ShorthandField(MessageDescriptor type) =>
        type.Fields.InFieldNumberOrder() is [{ Name: "values", IsRepeated: true, FieldType: FieldType.String } only] ? only : null;

    private void ReadShorthand(IMessage message, FieldDescriptor words, string path)
    {
        var list = (IList)words.Accessor.GetValue(message);
        if (_parser.Current is SequenceStart)
        {
            ReadList(list, words, path);
        }
        else if (ReadValue(words, path) is { } word)
        {
            list.Add(word);
        }
    }

    private bool TryEnter<TStart>(string path, string expected) where TStart : NodeEvent
    {
        if (_parser.Current is TStart start)
        {
            _parser.MoveNext();
            CheckBare(start, path);
            return true;
        }
        FaultHere(path, expected);
        return false;
    }

    /// <summary>Something else than was expected, which is skipped.</summary>
    private void FaultHere(string path, string expected)
    {
        if (_parser.Current is AnchorAlias alias)
        {
            Fault(alias.Start, path, FaultCode.NotPlain, "aliases are refused: each rule is read where it stands");
        }
        else
        {
            Fault(_parser.Current!.Start, path, FaultCode.WrongKind, $"expected {expected}");
        }
        _parser.SkipThisAndNestedEvents();
    }

    private void CheckBare(NodeEvent node, string path)
    {
        if (!node.Anchor.IsEmpty)
        {
            Fault(node.Start, path, FaultCode.NotPlain, "anchors are refused: each rule is read where it stands");
        }
        if (!node.Tag.IsEmpty)
        {
            Fault(node.Start, path, FaultCode.NotPlain, "tags are refused: the schema says what a value is");
        }
    }

    private void Fault(in Mark mark, string path, string code, string message)
    {
        if (_faults.Count == MostFaults)
        {
            throw new TooManyFaultsException(mark);
        }
        _faults.Add(new DocumentFault((int)mark.Line, (int)mark.Column, path, message) { File = _file, Code = code });
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

/// <summary>What was read, and where each place of it stands in the file.</summary>
internal sealed record ReadDocument<T>(T Message, ImmutableArray<DocumentFault> Faults, IReadOnlyDictionary<string, (int Line, int Column)> Positions, string File)
    where T : IMessage<T>, new()
{
    public static ReadDocument<T> Unreadable(string file, string why) =>
        new(new T(), [new DocumentFault(0, 0, "", why) { File = file, Code = FaultCode.Unreadable }], new Dictionary<string, (int, int)>(), file);

    /// <summary>A fault at a path, or at the nearest place around it that stands in the file.</summary>
    public DocumentFault FaultAt(string path, string code, string message)
    {
        for (string around = path; around.Length > 0; around = around[..Math.Max(0, around.LastIndexOfAny(['.', '[']))])
        {
            if (Positions.TryGetValue(around, out (int Line, int Column) position))
            {
                return new DocumentFault(position.Line, position.Column, path, message) { File = File, Code = code };
            }
        }
        return new DocumentFault(0, 0, path, message) { File = File, Code = code };
    }
}

/// <summary>Ends the reading of a file that is nothing but faults.</summary>
internal sealed class TooManyFaultsException(Mark start) : YamlException(start, start, "too many faults");
