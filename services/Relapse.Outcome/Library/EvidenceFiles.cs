using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Relapse.Outcomes;

/// <summary>The files of a library by name.</summary>
internal sealed record EvidenceFiles(IReadOnlyDictionary<string, byte[]> ByName)
{
    public const string Library = "library.yaml";
    public const string Statements = "statements.yaml";
    public const string Omitted = "omitted.yaml";

    private const string Root = "Evidence/";

    /// <summary>Those of figures: every other one.</summary>
    public IEnumerable<string> Figures => ByName.Keys.Where(name => name is not (Library or Statements or Omitted)).Order(StringComparer.Ordinal);

    /// <summary>SHA-256, lower-case hex, of what <c>sha256sum *.yaml</c> prints in the folder of the files.</summary>
    public string Digest()
    {
        var lines = new StringBuilder();
        foreach (var name in ByName.Keys.Order(StringComparer.Ordinal))
        {
            lines.Append(Convert.ToHexStringLower(SHA256.HashData(ByName[name]))).Append("  ").Append(name).Append('\n');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    /// <summary>The files that the assembly carries.</summary>
    public static EvidenceFiles Shipped()
    {
        var assembly = typeof(EvidenceFiles).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Root, StringComparison.Ordinal));
        return new EvidenceFiles(names.ToImmutableDictionary(
            name => name[Root.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes;
            },
            StringComparer.Ordinal));
    }
}
