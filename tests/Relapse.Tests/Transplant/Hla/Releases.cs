using System.Collections.Immutable;
using Relapse.Tests.House;
using Relapse.Transplant.Hla;

namespace Relapse.Tests.Transplant.Hla;

/// <summary>
/// Reference data for tests. The licence of IPD-IMGT/HLA lets nobody pass on a changed copy, so none of it is in this repository: what
/// every machine has is an invented release in the same format, and what needs the real one is skipped, loudly, where it is not.
/// </summary>
internal static class Releases
{
    private const string Setting = "RELAPSE_TEST_HLA_RELEASE";

    private static readonly Lazy<HlaRelease> LazySynthetic = new(() => Load(SyntheticFolder));
    private static readonly Lazy<HlaRelease?> LazyReal = new(() => RealFolder is { } folder ? Load(folder) : null);

    /// <summary>The folder of the invented release.</summary>
    public static string SyntheticFolder => Path.Combine(Repository.Root, "tests/Relapse.Tests/Transplant/Hla/SyntheticRelease");

    /// <summary>The invented release.</summary>
    public static HlaRelease Synthetic => LazySynthetic.Value;

    /// <summary>IPD-IMGT/HLA 3.58.0; skips the test that asks for it where it is not.</summary>
    public static HlaRelease Real
    {
        get
        {
            Assert.SkipUnless(
                RealFolder is not null,
                $"IPD-IMGT/HLA 3.58.0 IS NOT HERE: set {Setting} to a folder that holds it, or put it into ../shared/data/imgt-hla-3.58.0");
            return LazyReal.Value!;
        }
    }

    private static string? RealFolder => new[]
        {
            Environment.GetEnvironmentVariable(Setting) ?? "",
            Path.Combine(Repository.Root, "../shared/data/imgt-hla-3.58.0"),
        }.FirstOrDefault(folder => folder.Length > 0 && Directory.Exists(folder));

    /// <summary>The invented release with one file changed.</summary>
    public static ReleaseLoad SyntheticBut(string file, string from, string to)
    {
        var files = ReleaseFiles.Read(SyntheticFolder);
        var text = files.Texts[file];
        Assert.Contains(from, text, StringComparison.Ordinal);
        return ReleaseLoad.From(ReleaseFiles.Of(files.Texts.SetItem(file, text.Replace(from, to, StringComparison.Ordinal))));
    }

    /// <summary>The invented release without some files.</summary>
    public static ReleaseLoad SyntheticWithout(params string[] files) =>
        ReleaseLoad.From(ReleaseFiles.Of(ReleaseFiles.Read(SyntheticFolder).Texts.RemoveRange(files)));

    private static HlaRelease Load(string folder)
    {
        var load = ReleaseLoad.FromFolder(folder);
        Assert.Equal(ImmutableArray<string>.Empty, load.Faults);
        return load.Release!;
    }
}
