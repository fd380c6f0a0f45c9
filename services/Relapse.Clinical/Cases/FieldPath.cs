using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Cases;

/// <summary>A path such as <c>case.mrd[0].sensitivity</c>: proto names from the request root.</summary>
internal static class FieldPath
{
    private const int LongestPath = 200;

    /// <summary>Whether the path names a field that a case can have; list elements are not bounded.</summary>
    public static bool Exists(string path) => TryWalk(path, null, out _, out _, out _);

    /// <summary>Finds the field in a case, and whether the case sets it.</summary>
    /// <returns>False when no case has such a field, or the case lacks the list element named.</returns>
    public static bool TryFind(string path, RelapseCase @case, [NotNullWhen(true)] out FieldDescriptor? field, out bool isSet) =>
        TryWalk(path, @case, out field, out isSet, out var missingElement) && !missingElement;

    private static bool TryWalk(string path, IMessage? root, [NotNullWhen(true)] out FieldDescriptor? field, out bool isSet, out bool missingElement)
    {
        (field, isSet, missingElement) = (null, false, false);
        var segments = path.Length <= LongestPath ? path.Split('.') : [];
        if (segments.Length < 2 || segments[0] is not "case")
        {
            return false;
        }
        MessageDescriptor? type = RelapseCase.Descriptor;
        var current = root;
        foreach (var segment in segments.AsSpan(1))
        {
            if (type is null || !TrySplit(segment, out var name, out var index) || type.FindFieldByName(name) is not { } found || (index is not null && !found.IsRepeated))
            {
                return false;
            }
            field = found;
            var value = current is null ? null : found.Accessor.GetValue(current);
            isSet = current is not null && IsSet(found, current, value);
            if (index is { } position)
            {
                var list = value as IList;
                missingElement |= root is not null && (list is null || position >= list.Count);
                value = list is not null && position < list.Count ? list[position] : null;
                isSet = value is not null;
            }
            var entersList = found.IsRepeated && index is null;
            type = found.FieldType == FieldType.Message && !entersList ? found.MessageType : null;
            current = value as IMessage;
        }
        return field is not null;
    }

    private static bool IsSet(FieldDescriptor field, IMessage message, object? value) => field switch
    {
        { IsRepeated: true } => value is IList { Count: > 0 },
        { HasPresence: true } => field.Accessor.HasValue(message),
        { FieldType: FieldType.Enum } => Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0,
        _ => value is string { Length: > 0 },
    };

    private static bool TrySplit(string segment, out string name, out int? index)
    {
        (name, index) = (segment, null);
        var bracket = segment.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return true;
        }
        name = segment[..bracket];
        if (segment[^1] != ']' || !int.TryParse(segment.AsSpan(bracket + 1, segment.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        index = number;
        return true;
    }
}
