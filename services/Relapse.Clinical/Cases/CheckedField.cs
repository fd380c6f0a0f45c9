using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf.Reflection;

namespace Relapse.Clinical.Cases;

/// <summary>What the check of a field takes from the field alone, worked out once: its kind, its limits, its name's meaning.</summary>
internal sealed class CheckedField
{
    private static readonly ConcurrentDictionary<MessageDescriptor, CheckedField[]> _ofMessages = [];
    private readonly HashSet<int> _enumValues;

    private CheckedField(FieldDescriptor field)
    {
        (Field, Name, Accessor, IsRepeated, HasPresence) = (field, field.Name, field.Accessor, field.IsRepeated, field.HasPresence);
        IsEnum = field.FieldType == FieldType.Enum;
        IsCount = field.FieldType == FieldType.Int32;
        Longest = CaseValidator.Longest(field);
        IsDecimal = CaseValidator.IsDecimal(field.Name);
        IsRequiredEnum = CaseValidator.IsRequiredEnum(field);
        _enumValues = IsEnum ? [.. field.EnumType.Values.Select(value => value.Number)] : [];
    }

    public FieldDescriptor Field { get; }

    public string Name { get; }

    public IFieldAccessor Accessor { get; }

    public bool IsRepeated { get; }

    public bool HasPresence { get; }

    public bool IsEnum { get; }

    public bool IsCount { get; }

    public int Longest { get; }

    public bool IsDecimal { get; }

    public bool IsRequiredEnum { get; }

    /// <summary>The fields of a message in which something can be wrong, in the order of their numbers: all but yes and no.</summary>
    public static CheckedField[] Of(MessageDescriptor message) =>
        _ofMessages.GetOrAdd(message, type => [.. type.Fields.InFieldNumberOrder().Where(field => field.FieldType != FieldType.Bool).Select(field => new CheckedField(field))]);

    public bool HasEnumValue(int number) => _enumValues.Contains(number);
}

/// <summary>The way to a message, written out only when there is a fault to place.</summary>
internal sealed class MessagePath(MessagePath? parent, string name, int index = -1)
{
    public override string ToString()
    {
        var own = index < 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");
        return parent is null ? own : $"{parent}.{own}";
    }
}
