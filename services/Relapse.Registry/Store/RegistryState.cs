using System.Collections.Immutable;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry.Store;

/// <summary>The registry as of one revision: everything that happened, and what follows from it. Immutable.</summary>
internal sealed class RegistryState
{
    private readonly ImmutableDictionary<string, ProtocolState> _protocols;

    private RegistryState(ImmutableArray<RegistryRow> rows, ImmutableDictionary<string, ProtocolState> protocols) =>
        (Rows, _protocols) = (rows, protocols);

    /// <summary>A registry in which nothing happened yet.</summary>
    public static RegistryState Empty { get; } = new([], ImmutableDictionary.Create<string, ProtocolState>(StringComparer.Ordinal));

    /// <summary>Everything that happened, in order.</summary>
    public ImmutableArray<RegistryRow> Rows { get; }

    /// <summary>Revision of the last that happened; 0 when nothing did.</summary>
    public long Revision => Rows.IsEmpty ? 0 : Rows[^1].Revision;

    /// <summary>Every protocol, by id.</summary>
    public IEnumerable<ProtocolState> Protocols => _protocols.Values.OrderBy(protocol => protocol.Id, StringComparer.Ordinal);

    /// <summary>A protocol; null when nothing happened to one of that id.</summary>
    public ProtocolState? Find(string id) => _protocols.GetValueOrDefault(id);

    /// <summary>The state after more has happened. Rows that are known already are passed over.</summary>
    public RegistryState With(IEnumerable<RegistryRow> rows)
    {
        ImmutableArray<RegistryRow> later = [.. rows.Where(row => row.Revision > Revision)];
        var protocols = _protocols.ToBuilder();
        foreach (var row in later)
        {
            protocols[row.Protocol] = (protocols.GetValueOrDefault(row.Protocol) ?? new ProtocolState { Id = row.Protocol }).With(row);
        }

        return later.IsEmpty ? this : new RegistryState(Rows.AddRange(later), protocols.ToImmutable());
    }
}

/// <summary>What happened to one protocol.</summary>
internal sealed record ProtocolState
{
    private ImmutableDictionary<(string Label, string Owner), ImmutableArray<MoveRow>> Moves { get; init; } =
        ImmutableDictionary<(string, string), ImmutableArray<MoveRow>>.Empty;

    private ImmutableDictionary<string, ArchivalRow> Archivals { get; init; } = ImmutableDictionary.Create<string, ArchivalRow>(StringComparer.Ordinal);

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its versions as they are now, oldest first.</summary>
    public ImmutableArray<VersionRow> Versions { get; private init; } = [];

    /// <summary>The centre whose protocol it is: who published its first version. Empty for the shipped library.</summary>
    public string Owner => Versions[0].Centre;

    /// <summary>Where each label stands; one that was withdrawn stands nowhere.</summary>
    public IEnumerable<MoveRow> Labels => Moves.Values.Select(moves => moves[^1]).Where(move => !move.IsWithdrawal).OrderBy(move => move.Revision);

    /// <summary>A version; null when there is none of that name.</summary>
    public VersionRow? Version(string version) => Versions.FirstOrDefault(row => row.Version == version);

    /// <summary>When and why a version was archived; null when it was not.</summary>
    public ArchivalRow? Archived(string version) => Archivals.GetValueOrDefault(version);

    /// <summary>Every move of a label, oldest first; none when there is no such label.</summary>
    public ImmutableArray<MoveRow> MovesOf(string label, string? centre) =>
        Moves.GetValueOrDefault((label, OwnerOf(label, centre)), []);

    /// <summary>Of `current` there is one, of every other label one for each centre.</summary>
    public static string OwnerOf(string label, string? centre) => label == ProtocolCatalog.CurrentLabel ? "" : centre ?? "";

    internal ProtocolState With(RegistryRow row) => row switch
    {
        VersionRow version => this with { Versions = Replaced(version) },
        MoveRow move => this with { Moves = Moves.SetItem((move.Label, move.Owner), Moves.GetValueOrDefault((move.Label, move.Owner), []).Add(move)) },
        ArchivalRow archival => this with { Archivals = Archivals.SetItem(archival.Version, archival) },
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };

    private ImmutableArray<VersionRow> Replaced(VersionRow version)
    {
        var at = Versions.IndexOf(Versions.FirstOrDefault(row => row.Version == version.Version)!);
        return at < 0 ? Versions.Add(version) : Versions.SetItem(at, version.IsSharing ? version with { PublishedAt = Versions[at].PublishedAt } : version);
    }
}
