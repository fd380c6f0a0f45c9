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
    /// <summary>A document of this size is not one: the largest shipped, a file of golden cases, is less than a fifth of it. The contract names the same limit.</summary>
    internal const int MaxBytes = 4 << 20;

    /// <summary>An author reads no more than these; and a file made of faults would otherwise be answered a hundred times its size.</summary>
    internal const int MostFaults = 1000;

    private readonly List<DocumentFault> _faults = [];
    private readonly Dictionary<string, (int Line, int Column)>? _positions;
    private readonly Stack<HashSet<string>> _spare = new();
    private readonly ShallowParser _parser;

    private readonly string _file;

    private DocumentReader(string text, string file, Dictionary<string, (int Line, int Column)>? positions) =>
        (_parser, _file, _positions) = (new ShallowParser(new Parser(new StringReader(text))), file, positions);

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
        var reader = new DocumentReader(text, file, positions: null);
        reader.ReadStream(message);
        return new ReadDocument<T>(message, [.. reader._faults], new(() => PositionsIn<T>(yaml)), file);
    }

    /// <summary>
    /// Where each place of a document stands. Only who has a fault to report asks, and then it is read once more: nearly every document
    /// is without one, and to note the places of all its lines is nearly a third of what reading allocates.
    /// </summary>
    private static Dictionary<string, (int Line, int Column)> PositionsIn<T>(ReadOnlyMemory<byte> yaml) where T : IMessage<T>, new()
    {
        var positions = new Dictionary<string, (int Line, int Column)>(StringComparer.Ordinal);
        if (TryDecode(yaml.Span, out string text))
        {
            new DocumentReader(text, "", positions).ReadStream(new T());
        }
        return positions;
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
                Fault(Mark.Empty, Place.Whole, FaultCode.Unreadable, "the file is empty");
                return;
            }
            ReadMessage(message, Place.Whole);
            _parser.Consume<DocumentEnd>();
            if (_parser.Current is DocumentStart second)
            {
                Fault(second.Start, Place.Whole, FaultCode.Unreadable, "a file holds one document");
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
            Fault(broken.Start, Place.Whole, FaultCode.Unreadable, $"not YAML: {broken.Message}");
        }
    }

    private void ReadMessage(IMessage message, Place place)
    {
        if (ShorthandField(message.Descriptor) is { } words && _parser.Current is not MappingStart)
        {
            ReadShorthand(message, words, place);
            return;
        }
        if (!TryEnter<MappingStart>(place, "a mapping of keys"))
        {
            return;
        }
        var seen = Borrow();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadKey(place, seen) is not { } key)
            {
                continue;
            }
            FieldDescriptor? field = message.Descriptor.FindFieldByName(key.Value);
            Place fieldPlace = place.Key(key.Value);
            if (field is null)
            {
                Fault(key.Start, fieldPlace, FaultCode.UnknownKey, $"unknown key; known here: {string.Join(", ", message.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name))}");
                _parser.SkipThisAndNestedEvents();
                continue;
            }
            if (field.RealContainingOneof is { } choice && choice.Accessor.GetCaseFieldDescriptor(message) is { } other)
            {
                Fault(key.Start, fieldPlace, FaultCode.Invalid, $"only one of {string.Join(", ", choice.Fields.Select(f => f.Name))} may be given; {other.Name} already is");
            }
            ReadField(message, field, fieldPlace);
        }
        GiveBack(seen);
    }

    /// <summary>The key, or null after a fault that has consumed key and value.</summary>
    private Scalar? ReadKey(Place place, HashSet<string> seen)
    {
        if (_parser.Current is not Scalar key)
        {
            Fault(_parser.Current!.Start, place, FaultCode.WrongKind, "a key is one plain word");
            _parser.SkipThisAndNestedEvents();
            _parser.SkipThisAndNestedEvents();
            return null;
        }
        _parser.MoveNext();
        var keyPlace = place.Key(key.Value);
        CheckBare(key, keyPlace);
        _positions?.TryAdd(keyPlace.ToString(), ((int)key.Start.Line, (int)key.Start.Column));
        if (!seen.Add(key.Value))
        {
            Fault(key.Start, keyPlace, FaultCode.DuplicateKey, "duplicate key");
            _parser.SkipThisAndNestedEvents();
            return null;
        }
        return key;
    }

    private void ReadField(IMessage message, FieldDescriptor field, Place place)
    {
        if (field.IsMap)
        {
            ReadMap((IDictionary)field.Accessor.GetValue(message), field.MessageType, place);
        }
        else if (field.IsRepeated)
        {
            ReadList((IList)field.Accessor.GetValue(message), field, place);
        }
        else if (ReadValue(field, place) is { } value)
        {
            field.Accessor.SetValue(message, value);
        }
    }

    private void ReadMap(IDictionary map, MessageDescriptor entry, Place place)
    {
        if (!TryEnter<MappingStart>(place, "a mapping of keys"))
        {
            return;
        }
        FieldDescriptor valueField = entry.FindFieldByNumber(2);
        var seen = Borrow();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadKey(place, seen) is { } key && ReadValue(valueField, place.Key(key.Value)) is { } value)
            {
                map.Add(key.Value, value);
            }
        }
        GiveBack(seen);
    }

    private void ReadList(IList list, FieldDescriptor field, Place place)
    {
        if (!TryEnter<SequenceStart>(place, "a list"))
        {
            return;
        }
        for (int i = 0; !_parser.TryConsume<SequenceEnd>(out _); i++)
        {
            Place itemPlace = place.Item(i);
            _positions?.TryAdd(itemPlace.ToString(), ((int)_parser.Current!.Start.Line, (int)_parser.Current.Start.Column));
            if (ReadValue(field, itemPlace) is { } value)
            {
                list.Add(value);
            }
        }
    }

    private object? ReadValue(FieldDescriptor field, Place place)
    {
        if (field.FieldType == FieldType.Message)
        {
            IMessage value = field.MessageType.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
            ReadMessage(value, place);
            return value;
        }
        if (_parser.Current is not Scalar scalar)
        {
            FaultHere(place, Describe(field));
            return null;
        }
        _parser.MoveNext();
        CheckBare(scalar, place);
        object? parsed = ParseScalar(field, scalar);
        if (parsed is null)
        {
            Fault(scalar.Start, place, FaultCode.WrongKind, $"expected {Describe(field)}");
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

    private void ReadShorthand(IMessage message, FieldDescriptor words, Place place)
    {
        var list = (IList)words.Accessor.GetValue(message);
        if (_parser.Current is SequenceStart)
        {
            ReadList(list, words, place);
        }
        else if (ReadValue(words, place) is { } word)
        {
            list.Add(word);
        }
    }

    private bool TryEnter<TStart>(Place place, string expected) where TStart : NodeEvent
    {
        if (_parser.Current is TStart start)
        {
            _parser.MoveNext();
            CheckBare(start, place);
            return true;
        }
        FaultHere(place, expected);
        return false;
    }

    /// <summary>Something else than was expected, which is skipped.</summary>
    private void FaultHere(Place place, string expected)
    {
        if (_parser.Current is AnchorAlias alias)
        {
            Fault(alias.Start, place, FaultCode.NotPlain, "aliases are refused: each rule is read where it stands");
        }
        else
        {
            Fault(_parser.Current!.Start, place, FaultCode.WrongKind, $"expected {expected}");
        }
        _parser.SkipThisAndNestedEvents();
    }

    private void CheckBare(NodeEvent node, Place place)
    {
        if (!node.Anchor.IsEmpty)
        {
            Fault(node.Start, place, FaultCode.NotPlain, "anchors are refused: each rule is read where it stands");
        }
        if (!node.Tag.IsEmpty)
        {
            Fault(node.Start, place, FaultCode.NotPlain, "tags are refused: the schema says what a value is");
        }
        if (node is Scalar { Value: var text } && !Legible.IsOnly(text))
        {
            Fault(node.Start, place, FaultCode.NotPlain, "only characters that can be read are taken: no control characters, and none that turn the direction of a line");
        }
    }

    private void Fault(in Mark mark, Place place, string code, string message)
    {
        if (_faults.Count == MostFaults)
        {
            throw new TooManyFaultsException(mark);
        }
        _faults.Add(new DocumentFault((int)mark.Line, (int)mark.Column, place.ToString(), message) { File = _file, Code = code });
    }

    /// <summary>An empty set for the keys of one mapping; give it back when the mapping is read.</summary>
    private HashSet<string> Borrow() => _spare.TryPop(out var set) ? set : new(StringComparer.Ordinal);

    private void GiveBack(HashSet<string> set)
    {
        // A large one would take longer to clear than a new one takes to make.
        if (set.Count <= 64)
        {
            set.Clear();
            _spare.Push(set);
        }
    }

    /// <summary>A place in a document. It is put into words for faults only.</summary>
    private sealed class Place(Place? around, string key, int index)
    {
        public static readonly Place Whole = new(null, "", -1);

        public Place Key(string name) => new(this, name, -1);

        public Place Item(int number) => new(this, "", number);

        public override string ToString() =>
            around is null ? "" : index >= 0 ? $"{around}[{index}]" : around == Whole ? key : $"{around}.{key}";
    }
}

/// <summary>What was read, and where each place of it stands in the file.</summary>
internal sealed record ReadDocument<T>(T Message, ImmutableArray<DocumentFault> Faults, Lazy<Dictionary<string, (int Line, int Column)>> Positions, string File)
    where T : IMessage<T>, new()
{
    /// <summary>Whether it was not read to its end.</summary>
    public bool IsBroken => Faults.Any(fault => fault.Code is FaultCode.Unreadable or FaultCode.TooMany);

    public static ReadDocument<T> Unreadable(string file, string why) =>
        new(new T(), [new DocumentFault(0, 0, "", why) { File = file, Code = FaultCode.Unreadable }], new(() => []), file);

    /// <summary>A fault at a path, or at the nearest place around it that stands in the file.</summary>
    public DocumentFault FaultAt(string path, string code, string message)
    {
        for (string around = path; around.Length > 0; around = around[..Math.Max(0, around.LastIndexOfAny(['.', '[']))])
        {
            if (Positions.Value.TryGetValue(around, out (int Line, int Column) position))
            {
                return new DocumentFault(position.Line, position.Column, path, message) { File = File, Code = code };
            }
        }
        return new DocumentFault(0, 0, path, message) { File = File, Code = code };
    }
}

/// <summary>Ends the reading of a file that is nothing but faults.</summary>
internal sealed class TooManyFaultsException(Mark start) : YamlException(start, start, "too many faults");
