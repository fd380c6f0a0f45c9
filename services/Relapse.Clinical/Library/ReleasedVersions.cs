using System.Text;

namespace Relapse.Clinical;

/// <summary>Holds the library to the list of frozen versions: a listed version never changes and never goes.</summary>
internal static class ReleasedVersions
{
    public static IEnumerable<string> Check(ReadOnlySpan<byte> list, IReadOnlyCollection<CompiledProtocol> versions) =>
        Check(Encoding.UTF8.GetString(list), versions);

    /// <summary>The resource names of the versions that are listed.</summary>
    public static IReadOnlySet<string> Names(ReadOnlySpan<byte> list) => Lines(Encoding.UTF8.GetString(list))
        .Select(line => line.Split(' ')[0].Split('/'))
        .Where(parts => parts.Length == 2)
        .Select(parts => $"protocols/{parts[0]}/versions/{parts[1]}")
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(string list) =>
        list.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#');

    private static IEnumerable<string> Check(string list, IReadOnlyCollection<CompiledProtocol> versions)
    {
        foreach (var line in Lines(list))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var name, var digest])
            {
                yield return $"RELEASED: '{line}' is not '<protocol>/<version> <sha256>'";
            }
            else if (versions.FirstOrDefault(version => name == $"{version.Id}/{version.Version}") is not { } version)
            {
                yield return $"RELEASED: {name} is frozen and missing";
            }
            else if (digest != version.Digest)
            {
                yield return $"RELEASED: {name} is frozen with digest {digest} and has {version.Digest}";
            }
        }
    }
}
