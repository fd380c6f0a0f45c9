using System.Collections.Immutable;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry.Store;

/// <summary>
/// What the shipped library adds to a registry: versions that are new in it, `current` where a newer version is shipped. A
/// version that is not frozen is still being written, and its stored bytes are replaced, with what was there kept; one that
/// is frozen is never replaced by anything.
/// </summary>
/// <param name="versions">The library, compiled.</param>
/// <param name="frozen">Resource names of the frozen ones.</param>
/// <param name="casesOf">The bytes of cases.yaml of one of them.</param>
/// <param name="at">When it was loaded.</param>
internal sealed class ShippedVersions(ProtocolCatalog versions, IReadOnlySet<string> frozen, Func<CompiledProtocol, byte[]> casesOf, DateTimeOffset at)
{
    private const string Reason = "The newest version that is shipped.";

    /// <summary>What to add to a state; nothing when it has all of it.</summary>
    /// <exception cref="CatalogRefusedException">A frozen version is stored with other bytes, or a name is a centre's.</exception>
    public Change MissingFrom(RegistryState state)
    {
        var rows = ImmutableArray.CreateBuilder<RegistryRow>();
        var documents = ImmutableArray.CreateBuilder<StoredDocument>();
        Refuse(state);
        foreach (var version in versions.Protocols.SelectMany(entry => entry.Versions))
        {
            var stored = state.Find(version.Id)?.Version(version.Version);
            if (stored is null || !IsSame(stored, version))
            {
                rows.Add(Row(version, state.Revision + rows.Count + 1, stored?.Revision ?? 0));
                documents.Add(new StoredDocument(version.Digest, version.Yaml));
                documents.Add(new StoredDocument(version.CasesDigest, casesOf(version)));
            }
        }

        foreach (var current in versions.Protocols.Select(entry => entry.Current).OfType<CompiledProtocol>())
        {
            var moves = state.Find(current.Id)?.MovesOf(ProtocolCatalog.CurrentLabel, null) ?? [];
            if (moves.IsEmpty || moves[^1].Version != current.Version)
            {
                rows.Add(Move(current, state.Revision + rows.Count + 1, moves.IsEmpty ? 0 : moves[^1].Revision));
            }
        }

        return new Change(rows.ToImmutable(), documents.ToImmutable());
    }

    private bool IsSame(VersionRow stored, CompiledProtocol version) =>
        stored.Digest == version.Digest && stored.CasesDigest == version.CasesDigest && stored.Frozen == frozen.Contains(version.Name);

    private void Refuse(RegistryState state)
    {
        var refused = versions.Protocols.SelectMany(entry => entry.Versions).Select(version => Refusal(state, version)).OfType<string>()
            .Concat(state.Protocols.SelectMany(protocol => protocol.Versions)
                .Where(stored => stored.Frozen && versions.Find(stored.Protocol)?.Version(stored.Version) is null)
                .Select(stored => $"{stored.VersionName} is frozen and stored, and is not shipped with this release"))
            .ToArray();
        if (refused.Length > 0)
        {
            throw new CatalogRefusedException("the registry's store and the shipped library disagree:" + string.Concat(refused.Select(each => "\n  " + each)));
        }
    }

    private static string? Refusal(RegistryState state, CompiledProtocol version)
    {
        if (state.Find(version.Id) is not { Versions.IsEmpty: false } protocol)
        {
            return null;
        }

        if (protocol.Owner.Length > 0)
        {
            return $"{version.Name} is shipped, and protocols/{version.Id} was published by the centre {protocol.Owner}";
        }

        return protocol.Version(version.Version) is { Frozen: true } stored && stored.Digest != version.Digest
            ? $"{version.Name} is frozen with digest {stored.Digest} and is shipped with {version.Digest}"
            : null;
    }

    private VersionRow Row(CompiledProtocol version, long revision, long replaces) => new(revision, version.Id, version.Version, "", at)
    {
        Digest = version.Digest,
        CasesDigest = version.CasesDigest,
        Certificate = version.Certificate.ToByteString(),
        Shared = true,
        Frozen = frozen.Contains(version.Name),
        Replaces = replaces,
    };

    private MoveRow Move(CompiledProtocol current, long revision, long follows) => new(revision, current.Id, current.Version, "", at)
    {
        Label = ProtocolCatalog.CurrentLabel,
        Owner = "",
        Reason = Reason,
        Follows = follows,
    };
}
