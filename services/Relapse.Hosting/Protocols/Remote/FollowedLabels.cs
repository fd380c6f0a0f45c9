using System.Collections.Immutable;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Hosting.Protocols;

/// <summary>What the registry has, as of one revision: its versions and where its labels stand. Immutable.</summary>
internal sealed class FollowedLabels
{
    private readonly ImmutableDictionary<string, int> _places;
    private readonly ImmutableDictionary<(string Name, string Owner), Label> _labels;

    private FollowedLabels(
        long revision, ImmutableArray<ProtocolVersion> versions, ImmutableDictionary<string, int> places, ImmutableDictionary<(string, string), Label> labels) =>
        (Revision, Versions, _places, _labels) = (revision, versions, places, labels);

    /// <summary>Before anything was heard.</summary>
    public static FollowedLabels None { get; } = new(
        0, [], ImmutableDictionary.Create<string, int>(StringComparer.Ordinal), ImmutableDictionary<(string, string), Label>.Empty);

    /// <summary>Number of the last that happened; 0 before anything was heard.</summary>
    public long Revision { get; }

    /// <summary>Every version; those of one protocol oldest first.</summary>
    public ImmutableArray<ProtocolVersion> Versions { get; }

    /// <summary>Where each label stands.</summary>
    public IEnumerable<Label> Labels => _labels.Values;

    /// <summary>The same after what messages say, the last of which is whole.</summary>
    public FollowedLabels With(IReadOnlyList<WatchLabelsResponse> messages)
    {
        var (versions, places, labels) = (Versions.ToBuilder(), _places.ToBuilder(), _labels.ToBuilder());
        foreach (var version in messages.SelectMany(message => message.Versions).Where(version => ProtocolName.Parse(version.Name)?.Version is not null))
        {
            if (places.TryGetValue(version.Name, out var place))
            {
                versions[place] = version;
            }
            else
            {
                places[version.Name] = versions.Count;
                versions.Add(version);
            }
        }

        foreach (var label in messages.SelectMany(message => message.Labels).Where(IsLabel))
        {
            labels[(label.Name, OwnerOf(label))] = label;
        }

        // By its name alone only `current` is known; whose another label was is said with those that were withdrawn.
        foreach (var name in messages.SelectMany(message => message.GoneLabels))
        {
            labels.Remove((name, ""));
        }

        foreach (var label in messages.SelectMany(message => message.WithdrawnLabels))
        {
            labels.Remove((label.Name, OwnerOf(label)));
        }

        return new FollowedLabels(messages[^1].Revision, versions.ToImmutable(), places.ToImmutable(), labels.ToImmutable());
    }

    // What is no name is of a later contract, and nothing that this process could be asked for.
    private static bool IsLabel(Label label) => ProtocolName.Parse(label.Name)?.Label is not null && ProtocolName.Parse(label.Version)?.Version is not null;

    // Of `current` there is one, whoever moved it; every other label is its mover's centre's.
    private static string OwnerOf(Label label) => ProtocolName.Parse(label.Name)?.Label == ProtocolCatalog.CurrentLabel ? "" : label.Centre;
}
