using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Relapse.Clinical;

/// <summary>How the files of the library are had; null for one that is not there.</summary>
/// <param name="name">Below the library's folder, e.g. <c>cog/2012.1/protocol.yaml</c>.</param>
internal delegate Stream? OpenLibraryFile(string name);

/// <summary>The protocol versions that travel with the product, each compiled and certified.</summary>
public sealed class ProtocolLibrary
{
    private const string Root = "Library/";
    private const string Protocol = "/protocol.yaml";
    private const string Cases = "/cases.yaml";
    private const string ReleasedList = "RELEASED";

    private ProtocolLibrary(ImmutableArray<CompiledProtocol> versions, ImmutableArray<string> certifiedInFull) => (Versions, CertifiedInFull) = (versions, certifiedInFull);

    /// <summary>Every version, by id, then by version.</summary>
    public ImmutableArray<CompiledProtocol> Versions { get; }

    /// <summary>
    /// For each version that was certified in full by this process, why it does not rest on the certificate that was written when the
    /// program was built; none when all do.
    /// </summary>
    public ImmutableArray<string> CertifiedInFull { get; }

    /// <summary>Loads the shipped library: by the certificates of the build, and what they do not cover certified in full.</summary>
    /// <exception cref="ProtocolLibraryException">A version has a fault, or a frozen one has changed; every fault is listed.</exception>
    public static ProtocolLibrary Load() => Load(ShippedCertificates.OfThisProgram(), Open);

    /// <summary>Loads a library.</summary>
    /// <param name="certificates">What need not be certified again.</param>
    /// <param name="open">Its files, of which the names are those of the shipped ones.</param>
    /// <exception cref="ProtocolLibraryException">A version has a fault, or a frozen one has changed; every fault is listed.</exception>
    internal static ProtocolLibrary Load(ShippedCertificates certificates, OpenLibraryFile open)
    {
        var folders = typeof(ProtocolLibrary).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && name.EndsWith(Protocol, StringComparison.Ordinal))
            .Select(name => name[Root.Length..^Protocol.Length])
            .Order(StringComparer.Ordinal)
            .ToArray();
        var loaded = new Loaded[folders.Length];
        // The longest part of a start, and versions do not depend on each other. The largest first: where golden cases are run they are run
        // on every processor too, so what is left at the end is little.
        var largestFirst = Enumerable.Range(0, folders.Length).OrderByDescending(i => open(folders[i] + Protocol)?.Length);
        Parallel.ForEach(Partitioner.Create(largestFirst, EnumerablePartitionerOptions.NoBuffering), i => loaded[i] = Load(folders[i], certificates, open));
        ImmutableArray<CompiledProtocol> versions = [.. loaded.Select(version => version.Protocol).OfType<CompiledProtocol>()];
        ImmutableArray<string> faults =
        [
            .. loaded.SelectMany(version => version.Faults),
            .. ReleasedVersions.Check(Read(open, ReleasedList), versions),
        ];
        return faults.IsEmpty
            ? new ProtocolLibrary(
                [.. versions.OrderBy(version => version.Id, StringComparer.Ordinal).ThenBy(version => version.Version, VersionOrder.Instance)],
                [.. loaded.Select(version => version.WhyInFull).Where(why => why.Length > 0)])
            : throw new ProtocolLibraryException(faults);
    }

    /// <summary>The bytes of cases.yaml of a shipped version; none when it is not shipped.</summary>
    public static byte[] CasesOf(string id, string version) => Read(Open, $"{id}/{version}{Cases}");

    /// <summary>The shipped versions that are frozen, by resource name: their bytes never change again.</summary>
    public static IReadOnlySet<string> FrozenVersions() => ReleasedVersions.Names(Read(Open, ReleasedList));

    /// <summary>The files that travel inside the assembly.</summary>
    internal static Stream? Open(string name) => typeof(ProtocolLibrary).Assembly.GetManifestResourceStream(Root + name);

    private static Loaded Load(string folder, ShippedCertificates certificates, OpenLibraryFile open)
    {
        var yaml = Read(open, folder + Protocol);
        var (certified, why) = certificates.Find(folder, Convert.ToHexStringLower(SHA256.HashData(yaml)), DigestOf(open, folder + Cases));
        if (certified is not null)
        {
            return new Loaded(ProtocolCompiler.CompileCertified(yaml, certified), [], "");
        }

        var (protocol, faults) = ProtocolCompiler.Compile(yaml, Read(open, folder + Cases));
        return protocol is not null && folder != $"{protocol.Id}/{protocol.Version}"
            ? new Loaded(null, [$"{Root}{folder}{Protocol}: calls itself {protocol.Id}/{protocol.Version}"], why)
            : new Loaded(protocol, [.. faults.Select(fault => $"{Root}{folder}/{fault}")], why);
    }

    private static byte[] Read(OpenLibraryFile open, string name)
    {
        using var stream = open(name);
        var bytes = new byte[stream?.Length ?? 0];
        stream?.ReadExactly(bytes);
        return bytes;
    }

    // Megabytes of golden cases, which are not kept.
    private static string DigestOf(OpenLibraryFile open, string name)
    {
        using var stream = open(name) ?? Stream.Null;
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private sealed record Loaded(CompiledProtocol? Protocol, ImmutableArray<string> Faults, string WhyInFull);
}

/// <summary>The shipped library cannot be used.</summary>
public sealed class ProtocolLibraryException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="faults">Every fault.</param>
    public ProtocolLibraryException(ImmutableArray<string> faults)
        : base($"The protocol library has {faults.Length} fault(s):{Environment.NewLine}{string.Join(Environment.NewLine, faults)}") => Faults = faults;

    /// <summary>Every fault.</summary>
    public ImmutableArray<string> Faults { get; }
}
