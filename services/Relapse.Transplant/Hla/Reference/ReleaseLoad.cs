using System.Collections.Immutable;

namespace Relapse.Transplant.Hla;

/// <summary>A release that has passed its self-test, or every reason why it is refused.</summary>
/// <param name="Release">The release; null when there is a fault.</param>
/// <param name="Faults">Sentences that name the file and the line or the name concerned; at most <see cref="MostFaults"/>.</param>
internal sealed record ReleaseLoad(HlaRelease? Release, ImmutableArray<string> Faults)
{
    /// <summary>How many faults are listed; a release in another format would have one for each of its lines.</summary>
    public const int MostFaults = 50;

    /// <summary>Reads and tests the release in a folder.</summary>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    public static ReleaseLoad FromFolder(string folder) => From(ReleaseFiles.Read(folder));

    /// <summary>Reads and tests a release.</summary>
    public static ReleaseLoad From(ReleaseFiles files)
    {
        var faults = new ReleaseFaults();
        foreach (var name in ReleaseFiles.Required.Where(name => !files.Texts.ContainsKey(name)))
        {
            faults.Add($"{name} is missing.");
        }

        if (faults.None)
        {
            var version = ReadVersion(files, faults);
            var release = ReleaseReader.Read(files, version, faults);
            ReleaseSelfTest.Run(release, faults);
            if (faults.None)
            {
                return new ReleaseLoad(release, []);
            }
        }

        return new ReleaseLoad(null, faults.Listed);
    }

    // Each file of the WMDA and TCE folders names its release in its head; the sequences do not.
    private static string ReadVersion(ReleaseFiles files, ReleaseFaults faults)
    {
        const string Mark = "# version:";
        string? version = null;
        foreach (var (name, text) in files.Texts.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (name.EndsWith(".fasta", StringComparison.Ordinal))
            {
                continue;
            }

            var at = text.IndexOf(Mark, 0, Math.Min(text.Length, 2000), StringComparison.Ordinal);
            var stated = at < 0 ? "" : text[(at + Mark.Length)..].Split('\n', 2)[0].Trim();
            if (stated.Length == 0)
            {
                faults.Add($"{name} does not say of which version it is.");
            }
            else if (version is not null && version != stated)
            {
                faults.Add($"{name} is of version '{stated}', another file of '{version}'.");
            }

            version ??= stated;
        }

        return version ?? "";
    }
}

/// <summary>The faults found so far.</summary>
internal sealed class ReleaseFaults
{
    private readonly List<string> _listed = [];
    private int _all;

    /// <summary>Whether none was found.</summary>
    public bool None => _all == 0;

    /// <summary>The first ones, and how many more there are.</summary>
    public ImmutableArray<string> Listed =>
        _all > _listed.Count ? [.. _listed, $"There are {_all - _listed.Count} more."] : [.. _listed];

    /// <summary>Adds one.</summary>
    public void Add(string fault)
    {
        _all++;
        if (_listed.Count < ReleaseLoad.MostFaults)
        {
            _listed.Add(fault);
        }
    }
}
