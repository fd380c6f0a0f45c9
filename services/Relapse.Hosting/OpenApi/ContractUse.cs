using System.Collections.Immutable;
using Google.Protobuf.Reflection;

namespace Relapse.Hosting.OpenApi;

/// <summary>
/// Which messages callers send and which they get, over the whole contract, so that a message reads the same in the
/// document of one service as in that of all.
/// </summary>
internal sealed class ContractUse
{
    private readonly HashSet<string> _sent;
    private readonly HashSet<string> _answered;
    private readonly HashSet<string> _zeroIsTaken;

    public ContractUse(Contract contract)
    {
        var methods = contract.Services.SelectMany(service => service.Methods).ToList();
        var sent = Reach(methods.Select(method => method.InputType));
        _sent = Names(sent);
        _answered = Names(Reach(methods.Select(method => method.OutputType)));
        _zeroIsTaken = [.. sent.SelectMany(message => message.Fields.InDeclarationOrder())
            .Where(field => field.FieldType is FieldType.Enum && TakesZero(field)).Select(field => field.EnumType.FullName)];
    }

    /// <summary>Whether a key that the message does not have is refused. What is answered may grow, and its readers pass over what they do not know.</summary>
    public bool IsClosed(MessageDescriptor message) => _sent.Contains(message.FullName) && !_answered.Contains(message.FullName);

    /// <summary>
    /// Whether some request may say the zero value. It is refused where the field is required and in a list; no answer
    /// has it, because JSON leaves a default out.
    /// </summary>
    public bool IsZeroTaken(EnumDescriptor type) => _zeroIsTaken.Contains(type.FullName);

    /// <summary>Whether this field may say the zero value.</summary>
    public static bool TakesZero(FieldDescriptor field) => !field.IsRepeated && !Contract.IsRequired(field);

    /// <summary>The messages and every message inside them, each once, by full name.</summary>
    public static ImmutableArray<MessageDescriptor> Reach(IEnumerable<MessageDescriptor> from)
    {
        var reached = new SortedDictionary<string, MessageDescriptor>(StringComparer.Ordinal);
        var open = new Stack<MessageDescriptor>(from);
        while (open.TryPop(out var message))
        {
            if (reached.TryAdd(message.FullName, message))
            {
                foreach (var field in message.Fields.InDeclarationOrder().Where(field => field.FieldType is FieldType.Message))
                {
                    open.Push(field.MessageType);
                }
            }
        }

        return [.. reached.Values];
    }

    private static HashSet<string> Names(IEnumerable<MessageDescriptor> messages) => messages.Select(message => message.FullName).ToHashSet(StringComparer.Ordinal);
}
