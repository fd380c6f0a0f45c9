using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;
using Relapse.Edge;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant;

/// <summary>
/// The reference data of HLA that a process is given: a folder with an IPD-IMGT/HLA release and a file of NMDP codes. Both are optional;
/// what is there and has a fault is refused at start. Immutable, safe to share.
/// </summary>
internal sealed class HlaReference
{
    /// <summary>The setting that names the folder of the release.</summary>
    public const string ReleaseName = "RELAPSE_HLA_RELEASE";

    /// <summary>The setting that names the file of codes.</summary>
    public const string CodesName = "RELAPSE_NMDP_CODES";

    /// <summary>Takes what was loaded.</summary>
    public HlaReference(HlaRelease? release, NmdpCodes? codes)
    {
        (Release, Reader) = (release, new TypingReader(release, codes));
        References =
        [
            .. release is null ? [] : new[] { Reference("IPD-IMGT/HLA", release.Version, release.Digest) },
            .. codes is null ? [] : new[] { Reference("NMDP codes", "as supplied", codes.Digest) },
        ];
    }

    /// <summary>The release; null where there is none.</summary>
    public HlaRelease? Release { get; }

    /// <summary>Reads typings.</summary>
    public TypingReader Reader { get; }

    /// <summary>What receipts name. Not to be changed.</summary>
    public ImmutableArray<ReferenceData> References { get; }

    /// <summary>Loads what the settings name; faults stay with them until they refuse.</summary>
    public static HlaReference Read(Settings settings)
    {
        var (folder, file) = (settings.Text(ReleaseName, ""), settings.Text(CodesName, ""));
        HlaRelease? release = null;
        NmdpCodes? codes = null;
        if (folder.Length > 0)
        {
            Load(settings, ReleaseName, () =>
            {
                var load = ReleaseLoad.FromFolder(folder);
                release = load.Release;
                return load.Faults;
            });
        }

        if (file.Length > 0)
        {
            Load(settings, CodesName, () =>
            {
                codes = NmdpCodes.Read(File.ReadAllText(file), out var faults);
                return faults;
            });
        }

        return new HlaReference(release, codes);
    }

    private static void Load(Settings settings, string name, Func<ImmutableArray<string>> load)
    {
        try
        {
            foreach (var fault in load())
            {
                settings.Fault(name, fault.TrimEnd('.'));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            settings.Fault(name, "cannot be read");
        }
    }

    private static ReferenceData Reference(string name, string version, string digest) => new() { Name = name, Version = version, Digest = digest };
}
