using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>One immutable version of a protocol: parsed, compiled and certified. Safe for use by many threads.</summary>
public sealed class CompiledProtocol
{
    internal CompiledProtocol(
        ProtocolDocument document,
        ReadOnlyMemory<byte> yaml,
        string digest,
        Certificate certificate,
        CompiledModel model,
        ImmutableArray<InputBinding> bindings)
    {
        Document = document;
        Yaml = yaml;
        Digest = digest;
        Certificate = certificate;
        Model = model;
        Bindings = bindings;
        Decisions = document.Decisions
            .Select(entry => new ProtocolDecision(this, entry.Key, entry.Value))
            .ToFrozenDictionary(decision => decision.Id, StringComparer.Ordinal);
    }

    /// <summary><c>protocols/{id}/versions/{version}</c>.</summary>
    public string Name => $"protocols/{Id}/versions/{Version}";

    /// <summary>Id of the protocol.</summary>
    public string Id => Document.Id;

    /// <summary>Version within the protocol.</summary>
    public string Version => Document.Version;

    /// <summary>SHA-256 of <see cref="Yaml"/>, lower-case hex, as <c>sha256sum</c> prints it.</summary>
    public string Digest { get; }

    /// <summary>The bytes of protocol.yaml.</summary>
    public ReadOnlyMemory<byte> Yaml { get; }

    /// <summary>The document. Not to be changed.</summary>
    public ProtocolDocument Document { get; }

    /// <summary>What certification found.</summary>
    public Certificate Certificate { get; }

    /// <summary>The decision diagrams, over the inputs of <see cref="Bindings"/> in the same order.</summary>
    internal CompiledModel Model { get; }

    internal ImmutableArray<InputBinding> Bindings { get; }

    internal FrozenDictionary<string, ProtocolDecision> Decisions { get; }

    /// <summary>Whether a reading may be chosen so.</summary>
    /// <returns>What is wrong with the choice; null when it stands.</returns>
    public string? CheckReading(string reading, string value)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(value);
        if (!Document.Readings.TryGetValue(reading, out var found))
        {
            return Document.Readings.Count == 0
                ? $"{Name} has no readings"
                : $"{Name} has no such reading; its readings are {string.Join(", ", Document.Readings.Keys)}";
        }
        return found.Values.ContainsKey(value) ? null : $"this reading can be {string.Join(", ", found.Values.Keys)}";
    }
}
