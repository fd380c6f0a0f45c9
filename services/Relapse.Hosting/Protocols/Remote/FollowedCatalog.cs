using Relapse.Contracts.Registry.V1;

namespace Relapse.Hosting.Protocols;

/// <summary>
/// Makes catalogs of what the registry has and this process holds. A version that is being got does not move anything yet:
/// labels, and other bytes under its name, stand where they stood. When it could not be got for a while, that is said:
/// whoever asks for it is told to try again, since what stood there before is not what the registry says.
/// </summary>
internal sealed class FollowedCatalog(HeldProtocols held, TimeProvider clock)
{
    /// <summary>How long labels stand where they stood while a version is being got.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string, string), long> _missingSince = [];
    private Dictionary<string, ProtocolVersion> _versions = new(StringComparer.Ordinal);
    private Dictionary<(string Name, string Centre), string> _labels = [];

    /// <summary>The versions that are not held.</summary>
    public ProtocolVersion[] Missing(FollowedLabels followed) => [.. followed.Versions.Where(version => held.Find(version) is null)];

    /// <summary>The catalog.</summary>
    /// <param name="followed">What the registry has.</param>
    /// <param name="mayLack">Whether it may have more by now.</param>
    public ProtocolCatalog Make(FollowedLabels followed, bool mayLack)
    {
        foreach (var missing in Missing(followed))
        {
            _missingSince.TryAdd((missing.Digest, missing.CasesDigest), clock.GetTimestamp());
        }

        _versions = followed.Versions.ToDictionary(version => version.Name, Standing, StringComparer.Ordinal);
        _labels = followed.Labels.ToDictionary(label => (label.Name, label.Centre), Standing);
        return ProtocolCatalog.Of(followed.Versions.Select(version => Entry(_versions[version.Name])), _labels.Select(Entry), mayLack);
    }

    // The bytes under a name as they stand, which are others than the registry's only for a shipped version that is not frozen.
    private ProtocolVersion Standing(ProtocolVersion version) =>
        IsBeingGot(version) && _versions.TryGetValue(version.Name, out var before) && held.Find(before) is not null ? before : version;

    private string Standing(Label label) =>
        _versions.TryGetValue(label.Version, out var version) && IsBeingGot(version) && _labels.TryGetValue((label.Name, label.Centre), out var before)
            ? before
            : label.Version;

    private bool IsBeingGot(ProtocolVersion version) =>
        held.Find(version) is null && clock.GetElapsedTime(_missingSince[(version.Digest, version.CasesDigest)]) < Patience;

    private CatalogVersion Entry(ProtocolVersion version)
    {
        var (name, got) = (ProtocolName.Parse(version.Name)!, held.Find(version));
        NotEvaluated? whyNot = got is null
            ? IsBeingGot(version) ? NotEvaluated.NotHeldYet : NotEvaluated.NotHeld
            : got.WhyNot ?? (version.ArchiveTime is not null ? NotEvaluated.Archived : null);
        return new CatalogVersion(name.Id, name.Version!, got?.Compiled, version.Centre, version.Shared, whyNot);
    }

    private static CatalogLabel Entry(KeyValuePair<(string Name, string Centre), string> label)
    {
        var name = ProtocolName.Parse(label.Key.Name)!;
        return new CatalogLabel(name.Id, name.Label!, ProtocolName.Parse(label.Value)!.Version!, label.Key.Centre);
    }
}
