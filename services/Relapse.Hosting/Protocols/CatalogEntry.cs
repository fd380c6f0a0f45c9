using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical;

namespace Relapse.Hosting.Protocols;

/// <summary>One protocol: its versions that can be evaluated or were, oldest first, and the one labelled `current`, if any.</summary>
public sealed record CatalogEntry(string Id, ImmutableArray<CompiledProtocol> Versions, CompiledProtocol? Current)
{
    private FrozenDictionary<string, NotEvaluated> _notEvaluated = FrozenDictionary<string, NotEvaluated>.Empty;

    /// <summary><c>protocols/{id}</c>.</summary>
    public string Name => "protocols/" + Id;

    /// <summary>
    /// Whether it is used for callers who do not name it: what is shipped and what is their own centre's. What another centre
    /// shares is there to be named, and changes no answer of somebody who did not ask.
    /// </summary>
    public bool UsedUnasked { get; private init; } = true;

    /// <summary>
    /// Why the version that `current` stands on is not evaluated, and which it is; null when it is, or when there is no such label.
    /// </summary>
    public (string Version, NotEvaluated WhyNot)? CurrentWhyNot { get; private init; }

    /// <summary>The named version; null when the protocol has none of that name that compiled.</summary>
    public CompiledProtocol? Version(string version) =>
        Versions.FirstOrDefault(candidate => string.Equals(candidate.Version, version, StringComparison.Ordinal));

    /// <summary>Why a version that is there is not evaluated; null when it is, or is not there.</summary>
    public NotEvaluated? WhyNot(string version) => _notEvaluated.TryGetValue(version, out var why) ? why : null;

    internal static CatalogEntry Of(string id, ImmutableArray<CatalogVersion> versions, ImmutableArray<CatalogLabel> labels, string? centre)
    {
        var current = labels.FirstOrDefault(label => label.Label == ProtocolCatalog.CurrentLabel)?.Version;
        var stands = versions.FirstOrDefault(version => version.Version == current);
        return new(
            id,
            [.. versions.Select(version => version.Compiled).OfType<CompiledProtocol>()],
            stands?.Compiled)
        {
            CurrentWhyNot = stands?.WhyNot is { } whyNot ? (stands.Version, whyNot) : null,
            UsedUnasked = versions[0].Centre.Length == 0 || versions[0].Centre == centre,
            _notEvaluated = versions.Where(version => version.WhyNot is not null).ToFrozenDictionary(version => version.Version, version => version.WhyNot!.Value, StringComparer.Ordinal),
        };
    }
}

/// <summary>Why a version is kept and not evaluated.</summary>
public enum NotEvaluated
{
    /// <summary>Its centre archived it.</summary>
    Archived = 1,

    /// <summary>It was certified when it was published, and this engine finds a fault in it.</summary>
    NotCertified,

    /// <summary>Its bytes do not have the digest they are known by.</summary>
    DigestMismatch,

    /// <summary>The registry has it, and this process could not get it yet.</summary>
    NotHeld,

    /// <summary>The registry has it since a moment ago, and this process is getting it; labels stand where they stood.</summary>
    NotHeldYet,
}

/// <summary>A version as it goes into a catalog.</summary>
/// <param name="Protocol">Id of its protocol.</param>
/// <param name="Version">Its version.</param>
/// <param name="Compiled">It, ready for use; null when it cannot be compiled.</param>
/// <param name="Centre">The centre that published it; empty for the shipped library.</param>
/// <param name="Shared">Whether other centres see it.</param>
/// <param name="WhyNot">Why it is not evaluated; null when it is.</param>
public sealed record CatalogVersion(string Protocol, string Version, CompiledProtocol? Compiled, string Centre, bool Shared, NotEvaluated? WhyNot)
{
    /// <summary><c>protocols/{id}/versions/{version}</c>.</summary>
    public string Name => $"protocols/{Protocol}/versions/{Version}";

    /// <summary>Whether callers of every centre, and of none, see it.</summary>
    public bool IsPublic => Shared || Centre.Length == 0;

    /// <summary>A version of the shipped library.</summary>
    public static CatalogVersion Shipped(CompiledProtocol compiled)
    {
        ArgumentNullException.ThrowIfNull(compiled);
        return new(compiled.Id, compiled.Version, compiled, "", Shared: true, WhyNot: null);
    }
}

/// <summary>A label as it goes into a catalog.</summary>
/// <param name="Protocol">Id of its protocol.</param>
/// <param name="Label">Its name.</param>
/// <param name="Version">The version it stands on.</param>
/// <param name="Centre">The centre whose label it is; empty for the shipped library.</param>
public sealed record CatalogLabel(string Protocol, string Label, string Version, string Centre)
{
    /// <summary><c>protocols/{id}/versions/{version}</c>.</summary>
    public string VersionName => $"protocols/{Protocol}/versions/{Version}";

    /// <summary>`current` is seen by whoever sees the version; every other label is its centre's own.</summary>
    public bool IsPublic => Label == ProtocolCatalog.CurrentLabel || Centre.Length == 0;
}
