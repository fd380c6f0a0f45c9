using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical;

namespace Relapse.Hosting.Protocols;

/// <summary>One protocol: its versions, oldest first, and the one labelled `current`, if any.</summary>
public sealed record CatalogEntry(string Id, ImmutableArray<CompiledProtocol> Versions, CompiledProtocol? Current)
{
    /// <summary><c>protocols/{id}</c>.</summary>
    public string Name => "protocols/" + Id;

    /// <summary>The named version; null when the protocol has none of that name.</summary>
    public CompiledProtocol? Version(string version) =>
        Versions.FirstOrDefault(candidate => string.Equals(candidate.Version, version, StringComparison.Ordinal));
}

/// <summary>
/// Every protocol version there is and what `current` stands for, as of one moment. Immutable: a call resolves all its
/// names in one catalog, so that a label moved meanwhile cannot split an answer over two states.
/// </summary>
public sealed class ProtocolCatalog
{
    /// <summary>The one label there is until the registry keeps labels of its own.</summary>
    public const string CurrentLabel = "current";

    private readonly FrozenDictionary<string, CatalogEntry> _byId;

    private ProtocolCatalog(ImmutableArray<CatalogEntry> protocols)
    {
        Protocols = protocols;
        _byId = protocols.ToFrozenDictionary(entry => entry.Id, StringComparer.Ordinal);
        Alongside = [.. protocols.Select(entry => entry.Current).OfType<CompiledProtocol>().Where(current => current.HasModifiersForAll)];
    }

    /// <summary>Every protocol, by id.</summary>
    public ImmutableArray<CatalogEntry> Protocols { get; }

    /// <summary>The current documents whose modifiers stand beside the answers of every other protocol.</summary>
    public ImmutableArray<CompiledProtocol> Alongside { get; }

    /// <summary>A protocol by id; null when there is none.</summary>
    public CatalogEntry? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The shipped library, where `current` is the newest version of each protocol by <see cref="VersionOrder"/>.</summary>
    internal static ProtocolCatalog Of(ProtocolLibrary library) => Of(library.Versions, newestIsCurrent: true);

    internal static ProtocolCatalog Of(IEnumerable<CompiledProtocol> versions, bool newestIsCurrent) =>
        new([.. versions
            .GroupBy(version => version.Id, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Entry(group.Key, [.. group.OrderBy(version => version.Version, VersionOrder.Instance)], newestIsCurrent))]);

    private static CatalogEntry Entry(string id, ImmutableArray<CompiledProtocol> versions, bool newestIsCurrent) =>
        new(id, versions, newestIsCurrent ? versions[^1] : null);
}
