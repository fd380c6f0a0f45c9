using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Clinical;

/// <summary>What the build found of a shipped version: it went through all of it, with the engine that is shipped beside it.</summary>
/// <param name="Document">What it read in protocol.yaml.</param>
/// <param name="Digest">SHA-256 of protocol.yaml, lower-case hex.</param>
/// <param name="CasesDigest">SHA-256 of cases.yaml, lower-case hex.</param>
/// <param name="Cells">Cells of all tables that were covered.</param>
/// <param name="Cases">Golden cases passed.</param>
internal sealed record CertifiedVersion(ProtocolDocument Document, string Digest, string CasesDigest, long Cells, int Cases);

/// <summary>
/// The certificates of the shipped versions, as the build wrote them beside the program: each version certified in full, golden cases and all.
/// They are believed of the very documents and the very engine that they name; whoever has others, or none, certifies for itself.
/// docs/decisions/2026-11-30-shipped-versions-are-certified-at-build.md says why.
/// </summary>
internal sealed class ShippedCertificates
{
    /// <summary>The file, in the folder of the program.</summary>
    public const string FileName = "relapse.certificates";

    private const string Head = "# Written by the build. Shipped protocol versions, certified in full by the engine that is named; of any other this says nothing.\n";
    private const string Seal = "sha256 ";

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly string? _whyNone;

    private ShippedCertificates(string? whyNone) => _whyNone = whyNone;

    /// <summary>Those beside this program.</summary>
    public static ShippedCertificates OfThisProgram()
    {
        try
        {
            return Of(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, FileName)), EngineIdentity.Current);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return None($"{FileName} cannot be read: {failure.GetType().Name}");
        }
    }

    /// <summary>None, for a reason that is told where they would be believed.</summary>
    public static ShippedCertificates None(string why) => new(why);

    /// <param name="content">The file.</param>
    /// <param name="engine">The engine that they have to be of.</param>
    public static ShippedCertificates Of(ReadOnlyMemory<byte> content, EngineIdentity engine)
    {
        var sealedBytes = content.Span.LastIndexOf(Encoding.ASCII.GetBytes(Seal));
        if (sealedBytes < 0 || !content.Span[sealedBytes..].SequenceEqual(SealOf(content.Span[..sealedBytes])))
        {
            return None($"{FileName} is damaged");
        }

        var certificates = new ShippedCertificates(whyNone: null);
        var parts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in content.Span[..sealedBytes].Split((byte)'\n'))
        {
            var (offset, length) = line.GetOffsetAndLength(sealedBytes);
            // The document, in which there is no space, is left where it is.
            var words = content.Slice(offset, length);
            var last = words.Span.LastIndexOf((byte)' ');
            string[] first = Encoding.UTF8.GetString(words.Span[..Math.Max(0, last)]).Split(' ');
            switch (first)
            {
                case ["engine", var part]:
                    parts.Add(part, Encoding.UTF8.GetString(words.Span[(last + 1)..]));
                    break;
                case ["version", var name, var digest, var casesDigest, var cells, var cases]:
                    certificates._entries.Add(name, new Entry(digest, casesDigest, long.Parse(cells, CultureInfo.InvariantCulture), int.Parse(cases, CultureInfo.InvariantCulture), words[(last + 1)..]));
                    break;
            }
        }

        string[] differing = [.. engine.Differing(new EngineIdentity(parts.ToImmutable()))];
        return differing.Length == 0 ? certificates : None($"{FileName} is of another build of {string.Join(", ", differing)}");
    }

    /// <summary>The file for versions that were certified in full by this process.</summary>
    public static byte[] Write(IEnumerable<CompiledProtocol> versions, EngineIdentity engine)
    {
        var text = new StringBuilder(Head);
        foreach (var (part, build) in engine.Parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"engine {part} {build}\n");
        }

        foreach (var version in versions)
        {
            text.Append(CultureInfo.InvariantCulture, $"version {version.Id}/{version.Version} {version.Digest} {version.CasesDigest} {version.Certificate.Cells} {version.Certificate.Cases} {version.Document.ToByteString().ToBase64()}\n");
        }

        var content = Encoding.UTF8.GetBytes(text.ToString());
        return [.. content, .. SealOf(content)];
    }

    /// <summary>The certificate of a version; null, and why, when there is none of these documents.</summary>
    /// <param name="name"><c>id/version</c>.</param>
    /// <param name="digest">SHA-256 of its protocol.yaml, lower-case hex.</param>
    /// <param name="casesDigest">SHA-256 of its cases.yaml, lower-case hex.</param>
    public (CertifiedVersion? Version, string WhyNot) Find(string name, string digest, string casesDigest) =>
        _whyNone is not null ? (null, _whyNone)
        : !_entries.TryGetValue(name, out var entry) ? (null, $"{FileName} has no {name}")
        : entry.Digest != digest || entry.CasesDigest != casesDigest ? (null, $"{FileName} has {name} with other documents")
        : (new CertifiedVersion(entry.ReadDocument(), digest, casesDigest, entry.Cells, entry.Cases), "");

    private static byte[] SealOf(ReadOnlySpan<byte> content) => Encoding.ASCII.GetBytes($"{Seal}{Convert.ToHexStringLower(SHA256.HashData(content))}\n");

    private sealed record Entry(string Digest, string CasesDigest, long Cells, int Cases, ReadOnlyMemory<byte> Document)
    {
        public ProtocolDocument ReadDocument()
        {
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(Document.Length)];
            Base64.DecodeFromUtf8(Document.Span, bytes, out _, out var written);
            return ProtocolDocument.Parser.ParseFrom(bytes, 0, written);
        }
    }
}
