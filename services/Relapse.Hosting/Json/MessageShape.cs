using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Relapse.Hosting.Json;

/// <summary>The keys that a message may have in JSON: for each field its JSON name and its original name.</summary>
internal sealed class MessageShape
{
    private const int LongestName = 128;
    private static readonly ConcurrentDictionary<MessageDescriptor, MessageShape> Shapes = new();
    private readonly FrozenDictionary<string, FieldDescriptor>.AlternateLookup<ReadOnlySpan<char>> _fields;

    private MessageShape(MessageDescriptor message)
    {
        if (message.File.Package == "google.protobuf")
        {
            // Their JSON is not that of their fields. None stands in a request; whoever adds one teaches the guard first.
            throw new NotSupportedException($"The JSON guard does not know {message.FullName}.");
        }

        var names = new Dictionary<string, FieldDescriptor>(StringComparer.Ordinal);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            names[field.Name] = field;
            names[field.JsonName] = field;
        }

        _fields = names.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        FieldCount = message.Fields.InDeclarationOrder().Count;
        OneofCount = message.Oneofs.Count;
    }

    public int FieldCount { get; }

    public int OneofCount { get; }

    public static MessageShape Of(MessageDescriptor message) => Shapes.GetOrAdd(message, static key => new MessageShape(key));

    public FieldDescriptor? Find(ReadOnlySpan<char> name) => _fields.TryGetValue(name, out var field) ? field : null;

    /// <summary>The field that the reader's property name means; null when it means none.</summary>
    public FieldDescriptor? Find(ref readonly Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestName)
        {
            return null;
        }

        Span<char> name = stackalloc char[LongestName];
        try
        {
            return Find(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            // An escape that is no character: no field is called that.
            return null;
        }
    }
}
