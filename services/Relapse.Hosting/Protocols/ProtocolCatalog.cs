using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Hosting.Protocols;

/// <summary>
/// Every protocol version there is and what each label stands for, as of one moment. Immutable: a call resolves all its
/// names in one catalog, so that a label moved meanwhile cannot split an answer over two states.
/// </summary>
public sealed class ProtocolCatalog
{
    /// <summary>The label of the version that is used when none is named.</summary>
    public const string CurrentLabel = "current";

    private readonly ImmutableArray<CatalogVersion> _versions;
    private readonly ImmutableArray<CatalogLabel> _labels;
    private readonly string? _centre;
    private readonly FrozenDictionary<string, CatalogEntry> _byId;
    private readonly FrozenDictionary<string, CompiledProtocol> _byName;

    // A centre that has nothing of its own sees what everybody sees, so there are as many of these as centres that publish.
    private readonly ConcurrentDictionary<string, ProtocolCatalog> _views = new(StringComparer.Ordinal);
    private readonly FrozenSet<string> _centres;
    private readonly Lazy<ProtocolCatalog> _public;

    private ProtocolCatalog(ImmutableArray<CatalogVersion> versions, ImmutableArray<CatalogLabel> labels, string? centre, bool mayLack, IReadOnlyCollection<string>? beside = null)
    {
        (_versions, _labels, _centre, MayLack) = (versions, labels, centre, mayLack);
        var labelled = labels.ToLookup(label => label.Protocol, StringComparer.Ordinal);
        Protocols =
        [
            .. versions.GroupBy(version => version.Protocol, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => CatalogEntry.Of(group.Key, [.. group], [.. labelled[group.Key]], centre)),
        ];
        _byId = Protocols.ToFrozenDictionary(entry => entry.Id, StringComparer.Ordinal);
        _byName = ByName(Protocols);
        LackingUnasked =
        [
            .. Protocols.Where(entry => entry.UsedUnasked && entry.CurrentWhyNot?.WhyNot == NotEvaluated.NotHeld)
                .Select(entry => $"{entry.Name}/versions/{entry.CurrentWhyNot!.Value.Version}"),
        ];
        Alongside = [.. Protocols.Where(entry => beside?.Contains(entry.Id) ?? entry.UsedUnasked).Select(entry => entry.Current).OfType<CompiledProtocol>().Where(current => current.HasModifiersForAll)];
        // One whose versions are all shared, too: it uses them unasked, and others do not.
        _centres = versions.Where(version => version.Centre.Length > 0).Select(version => version.Centre)
            .Concat(labels.Where(label => !label.IsPublic).Select(label => label.Centre))
            .ToFrozenSet(StringComparer.Ordinal);
        _public = new Lazy<ProtocolCatalog>(() => _centres.Count == 0 ? this : Seen(null));
    }

    /// <summary>Every protocol, by id.</summary>
    public ImmutableArray<CatalogEntry> Protocols { get; }

    /// <summary>The current documents whose modifiers stand beside the answers of every other protocol.</summary>
    public ImmutableArray<CompiledProtocol> Alongside { get; }

    /// <summary>
    /// Whether there may be versions that it does not know, because the registry of another process cannot be reached: what is
    /// not in it is then not known to be nowhere.
    /// </summary>
    public bool MayLack { get; }

    /// <summary>
    /// The current versions that would be used unasked and are not held: answers without them would lack a protocol, or what it
    /// says beside the others, and nobody could tell.
    /// </summary>
    internal ImmutableArray<string> LackingUnasked { get; }

    /// <summary>Of the shipped library: for each version that does not rest on the certificate of the build, why not.</summary>
    internal ImmutableArray<string> CertifiedInFull { get; private set; } = [];

    /// <summary>Whether a version is on its way from the registry.</summary>
    internal bool IsBeingGot => _versions.Any(version => version.WhyNot == NotEvaluated.NotHeldYet);

    /// <summary>A protocol by id; null when there is none.</summary>
    public CatalogEntry? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>
    /// The version that a name stands for, as callers write it, when it is there and evaluated; null when it has to be looked at
    /// why not. Most names of most calls are found here.
    /// </summary>
    internal CompiledProtocol? Evaluated(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What callers of a centre may see: what is shipped, what is shared, what is their own. Null: callers of no centre.</summary>
    public ProtocolCatalog For(string? centre) =>
        centre is not null && _centres.Contains(centre) ? _views.GetOrAdd(centre, Seen) : _public.Value;

    /// <summary>
    /// The same as it was when an answer was given: what was archived since is evaluated, a version that the answer's receipt names
    /// stands for its protocol where the current one would be used, and no other document stands beside the answer.
    /// </summary>
    /// <param name="references">The references of the receipt; those that name no version that is here are left alone.</param>
    internal ProtocolCatalog Replayed(IReadOnlyList<ReferenceData> references)
    {
        CatalogLabel[] named =
        [
            .. references.Select(reference => (Name: ProtocolName.Parse(reference.Name), reference.Version))
                .Where(reference => reference.Name is { Version: null, Label: null } name && Find(name.Id)?.Version(reference.Version) is not null)
                .Select(reference => new CatalogLabel(reference.Name!.Id, CurrentLabel, reference.Version, "")),
        ];
        return new(
            [.. _versions.Select(version => version.WhyNot == NotEvaluated.Archived ? version with { WhyNot = null } : version)],
            [.. named, .. _labels.Where(label => label.Label != CurrentLabel || named.All(other => other.Protocol != label.Protocol))],
            _centre,
            MayLack,
            beside: [.. named.Select(label => label.Protocol)]);
    }

    /// <summary>Every version and every label, whoever may see them.</summary>
    /// <param name="versions">The versions of each protocol, oldest first.</param>
    /// <param name="labels">The labels; each of a version that is among them.</param>
    /// <param name="mayLack">Whether there may be more that are not known.</param>
    public static ProtocolCatalog Of(IEnumerable<CatalogVersion> versions, IEnumerable<CatalogLabel> labels, bool mayLack = false) =>
        new([.. versions], [.. labels], centre: null, mayLack);

    /// <summary>The shipped library, where `current` is the newest version of each protocol by <see cref="VersionOrder"/>.</summary>
    internal static ProtocolCatalog Of(ProtocolLibrary library)
    {
        var shipped = Of(library.Versions, newestIsCurrent: true);
        shipped.CertifiedInFull = library.CertifiedInFull;
        return shipped;
    }

    internal static ProtocolCatalog Of(IEnumerable<CompiledProtocol> versions, bool newestIsCurrent)
    {
        ImmutableArray<CompiledProtocol> ordered = [.. versions.OrderBy(version => version.Version, VersionOrder.Instance)];
        var current = newestIsCurrent
            ? ordered.GroupBy(version => version.Id, StringComparer.Ordinal).Select(group => new CatalogLabel(group.Key, CurrentLabel, group.Last().Version, ""))
            : [];
        return Of(ordered.Select(CatalogVersion.Shipped), current);
    }

    private static FrozenDictionary<string, CompiledProtocol> ByName(ImmutableArray<CatalogEntry> protocols)
    {
        var names = new Dictionary<string, CompiledProtocol>(StringComparer.Ordinal);
        foreach (var entry in protocols)
        {
            if (entry is { Current: { } current, CurrentWhyNot: null })
            {
                names.Add(entry.Name, current);
            }

            foreach (var version in entry.Versions.Where(version => entry.WhyNot(version.Version) is null))
            {
                names.TryAdd($"{entry.Name}/versions/{version.Version}", version);
            }
        }

        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private ProtocolCatalog Seen(string? centre)
    {
        ImmutableArray<CatalogVersion> versions = [.. _versions.Where(version => version.IsPublic || version.Centre == centre)];
        var names = versions.Select(version => version.Name).ToHashSet(StringComparer.Ordinal);
        return new(versions, [.. _labels.Where(label => (label.IsPublic || label.Centre == centre) && names.Contains(label.VersionName))], centre, MayLack);
    }
}
