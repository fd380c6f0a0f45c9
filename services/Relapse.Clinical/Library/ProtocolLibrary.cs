using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Relapse.Clinical;

/// <summary>The protocol versions that travel with the product, each compiled and certified.</summary>
public sealed class ProtocolLibrary
{
    private const string Root = "Library/";
    private const string ReleasedList = "Library/RELEASED";

    private ProtocolLibrary(ImmutableArray<CompiledProtocol> versions) => Versions = versions;

    /// <summary>Every version, by id, then by version.</summary>
    public ImmutableArray<CompiledProtocol> Versions { get; }

    /// <summary>Loads the shipped library.</summary>
    /// <exception cref="ProtocolLibraryException">A version has a fault, or a frozen one has changed; every fault is listed.</exception>
    public static ProtocolLibrary Load()
    {
        var assembly = typeof(ProtocolLibrary).Assembly;
        var folders = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && name.EndsWith("/protocol.yaml", StringComparison.Ordinal))
            .Select(name => name[..name.LastIndexOf('/')])
            .Order(StringComparer.Ordinal)
            .ToArray();
        var compiled = new (CompiledProtocol? Protocol, ImmutableArray<string> Faults)[folders.Length];
        // Certification is the longest part of a start, and versions do not depend on each other. The largest first: its
        // golden cases are run on every processor too, so what is left at the end is little.
        var largestFirst = Enumerable.Range(0, folders.Length).OrderByDescending(i => Read(assembly, $"{folders[i]}/protocol.yaml").Length);
        Parallel.ForEach(Partitioner.Create(largestFirst, EnumerablePartitionerOptions.NoBuffering), i => compiled[i] = Compile(assembly, folders[i]));
        ImmutableArray<CompiledProtocol> versions = [.. compiled.Select(version => version.Protocol).OfType<CompiledProtocol>()];
        ImmutableArray<string> faults =
        [
            .. compiled.SelectMany(version => version.Faults),
            .. ReleasedVersions.Check(Read(assembly, ReleasedList), versions),
        ];
        return faults.IsEmpty
            ? new ProtocolLibrary([.. versions.OrderBy(version => version.Id, StringComparer.Ordinal).ThenBy(version => version.Version, VersionOrder.Instance)])
            : throw new ProtocolLibraryException(faults);
    }

    /// <summary>The bytes of cases.yaml of a shipped version; none when it is not shipped.</summary>
    public static byte[] CasesOf(string id, string version)
    {
        var (assembly, name) = (typeof(ProtocolLibrary).Assembly, $"{Root}{id}/{version}/cases.yaml");
        return assembly.GetManifestResourceInfo(name) is null ? [] : Read(assembly, name);
    }

    /// <summary>The shipped versions that are frozen, by resource name: their bytes never change again.</summary>
    public static IReadOnlySet<string> FrozenVersions() => ReleasedVersions.Names(Read(typeof(ProtocolLibrary).Assembly, ReleasedList));

    private static (CompiledProtocol?, ImmutableArray<string>) Compile(Assembly assembly, string folder)
    {
        var cases = assembly.GetManifestResourceInfo($"{folder}/cases.yaml") is null ? [] : Read(assembly, $"{folder}/cases.yaml");
        var (protocol, faults) = ProtocolCompiler.Compile(Read(assembly, $"{folder}/protocol.yaml"), cases);
        if (protocol is not null && folder != $"{Root}{protocol.Id}/{protocol.Version}")
        {
            return (null, [$"{folder}/protocol.yaml: calls itself {protocol.Id}/{protocol.Version}"]);
        }
        return (protocol, [.. faults.Select(fault => $"{folder}/{fault}")]);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The assembly lacks {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
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
