using Google.Protobuf.Collections;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Client.Cohorts;

/// <summary>The protocol versions that a cohort is answered under, which have to be the same in each of its streams.</summary>
/// <param name="protocols">Those of the settings, as the caller named them.</param>
/// <param name="readings">The readings of the settings, each of one of them.</param>
internal sealed class CohortVersions(RepeatedField<string> protocols, RepeatedField<ReadingChoice> readings)
{
    private string[]? _answered;

    /// <summary>Whether a message is under the versions that answered first.</summary>
    /// <param name="versions">Those of the message, in the order of the settings; null where it does not say.</param>
    public bool AreThose(IReadOnlyList<string>? versions) => _answered is null || versions is null || versions.SequenceEqual(_answered, StringComparer.Ordinal);

    /// <summary>Remembers the first that answered.</summary>
    public void Note(IEnumerable<string>? versions) => _answered ??= versions?.ToArray();

    /// <summary>
    /// Names them exactly in the settings from now on, in its readings too. A protocol of which no version answered, as one that decides nothing
    /// of what is asked, stays as it was named.
    /// </summary>
    public void Pin()
    {
        if (_answered is null)
        {
            return;
        }

        string[] named = [.. protocols];
        foreach (var choice in readings)
        {
            choice.Protocol = VersionOf(choice.Protocol, named, _answered);
        }

        protocols.Clear();
        protocols.Add(named.Length == 0 ? _answered : named.Select(name => VersionOf(name, named, _answered)));
    }

    // No version is answered twice, so that a label in the settings stood on one that they do not name besides; a reading by label where
    // they name versions only is of the one there is.
    private static string VersionOf(string name, string[] named, string[] answered)
    {
        string[] versions = [.. answered.Where(version => version.StartsWith(name + "/versions/", StringComparison.Ordinal))];
        return versions.FirstOrDefault(version => !named.Contains(version)) ?? (versions.Length == 1 && !named.Contains(name) ? versions[0] : name);
    }
}
