using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Relapse.Client.Checking;

/// <summary>The contract as a server describes it by reflection, to be held against the one that this client was built from.</summary>
internal sealed class ServedContract
{
    // Others' messages (google.type.Date) have their own owners, who keep them compatible.
    private const string Ours = "relapse.";

    private readonly Dictionary<string, ServiceDescriptorProto> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DescriptorProto> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnumDescriptorProto> _enums = new(StringComparer.Ordinal);

    /// <exception cref="InvalidProtocolBufferException">The bytes are no description.</exception>
    public ServedContract(IEnumerable<ByteString> files)
    {
        foreach (var file in files.Select(FileDescriptorProto.Parser.ParseFrom))
        {
            Add(file.Package, file.MessageType, file.EnumType);
            foreach (var service in file.Service)
            {
                _services[$"{file.Package}.{service.Name}"] = service;
            }
        }
    }

    /// <summary>What the client can ask of a service, and this contract has not: RPCs, then fields and values of their requests.</summary>
    public IReadOnlyList<string> Lacking(ServiceDescriptor asked)
    {
        if (!_services.TryGetValue(asked.FullName, out var served))
        {
            return [asked.FullName];
        }

        var lacking = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in asked.Methods)
        {
            if (served.Method.Any(other => IsSame(other, method)))
            {
                Compare(method.InputType, seen, lacking);
            }
            else
            {
                lacking.Add(method.FullName);
            }
        }

        return lacking;
    }

    private static bool IsSame(MethodDescriptorProto served, MethodDescriptor asked) =>
        served.Name == asked.Name
        && served.InputType == "." + asked.InputType.FullName
        && served.OutputType == "." + asked.OutputType.FullName
        && served.ClientStreaming == asked.IsClientStreaming
        && served.ServerStreaming == asked.IsServerStreaming;

    private void Compare(MessageDescriptor asked, HashSet<string> seen, List<string> lacking)
    {
        if (!asked.FullName.StartsWith(Ours, StringComparison.Ordinal) || !seen.Add(asked.FullName))
        {
            return;
        }

        if (!_messages.TryGetValue(asked.FullName, out var served))
        {
            lacking.Add(asked.FullName);
            return;
        }

        foreach (var field in asked.Fields.InFieldNumberOrder())
        {
            if (!served.Field.Any(other => IsSame(other, field.ToProto())))
            {
                lacking.Add(field.FullName);
            }
            else if (field.FieldType == FieldType.Message)
            {
                Compare(field.MessageType, seen, lacking);
            }
            else if (field.FieldType == FieldType.Enum)
            {
                Compare(field.EnumType, seen, lacking);
            }
        }
    }

    private void Compare(EnumDescriptor asked, HashSet<string> seen, List<string> lacking)
    {
        if (asked.FullName.StartsWith(Ours, StringComparison.Ordinal) && seen.Add(asked.FullName))
        {
            var served = _enums.TryGetValue(asked.FullName, out var known) ? known : new EnumDescriptorProto();
            lacking.AddRange(asked.Values.Where(value => !served.Value.Any(other => other.Number == value.Number)).Select(value => value.FullName));
        }
    }

    private static bool IsSame(FieldDescriptorProto served, FieldDescriptorProto asked) =>
        served.Number == asked.Number && served.Type == asked.Type && served.Label == asked.Label && served.TypeName == asked.TypeName;

    private void Add(string parent, IEnumerable<DescriptorProto> messages, IEnumerable<EnumDescriptorProto> enums)
    {
        foreach (var message in messages)
        {
            var name = $"{parent}.{message.Name}";
            _messages[name] = message;
            Add(name, message.NestedType, message.EnumType);
        }

        foreach (var @enum in enums)
        {
            _enums[$"{parent}.{@enum.Name}"] = @enum;
        }
    }
}
