using System.Collections.Immutable;
using Google.Protobuf;

namespace Relapse.Clinical;

/// <summary>
/// A YAML file of another kind than protocols, read as strictly into its message: the proto is the schema, and every fault has its line
/// and column.
/// </summary>
/// <typeparam name="T">The message that it is.</typeparam>
public sealed class StrictYaml<T>
    where T : IMessage<T>, new()
{
    private readonly Documents.ReadDocument<T> _read;

    /// <summary>Reads a file.</summary>
    public StrictYaml(ReadOnlyMemory<byte> yaml) => _read = Documents.DocumentReader.Read<T>(yaml);

    /// <summary>What was read; complete only when there are no faults.</summary>
    public T Message => _read.Message;

    /// <summary>Every fault of form, as <c>(line,column) path: text</c>.</summary>
    public ImmutableArray<string> Faults => [.. _read.Faults.Select(fault => fault.ToString())];

    /// <summary>A fault of content at a path such as <c>rows[3].estimate</c>, in the same form.</summary>
    public string FaultAt(string path, string message) => _read.FaultAt(path, FaultCode.Structure, message).ToString();
}
