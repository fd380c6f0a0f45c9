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

    /// <summary>Names them exactly in the settings from now on, in its readings too.</summary>
    public void Pin()
    {
        if (_answered is null)
        {
            return;
        }

        foreach (var choice in readings)
        {
            choice.Protocol = VersionOf(choice, _answered);
        }

        protocols.Clear();
        protocols.Add(_answered);
    }

    private string VersionOf(ReadingChoice choice, string[] versions)
    {
        var named = protocols.IndexOf(choice.Protocol);
        return named >= 0 && named < versions.Length
            ? versions[named]
            : versions.FirstOrDefault(version => version.StartsWith(choice.Protocol + "/versions/", StringComparison.Ordinal), choice.Protocol);
    }
}
