using System.Collections.Immutable;
using System.Security.Cryptography;
using Relapse.Clinical;
using Relapse.Contracts.Protocol.V1;
using Relapse.Hosting.Protocols;
using DocumentFault = Relapse.Contracts.Registry.V1.DocumentFault;

namespace Relapse.Registry.Publishing;

/// <summary>
/// The one check of documents, for publishing and for the dry run alike: read, checked, compiled, certified, golden cases
/// run. What it passes can be stored and evaluated; what it refuses it refuses with every fault.
/// </summary>
internal static class DocumentCheck
{
    /// <summary>Bytes that each of the two files may have; the contract names the same number.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Checks both files. Pure, and seconds long for a large document: not for the thread of a caller.</summary>
    /// <param name="protocolYaml">The bytes of protocol.yaml, at most <see cref="MaxBytes"/>.</param>
    /// <param name="casesYaml">The bytes of cases.yaml, at most <see cref="MaxBytes"/>.</param>
    public static CheckedDocuments Run(ReadOnlyMemory<byte> protocolYaml, ReadOnlyMemory<byte> casesYaml)
    {
        var compiled = ProtocolCompiler.Compile(protocolYaml, casesYaml);
        var certificate = compiled.Certificate.Clone();
        certificate.Faults = compiled.Faults.Length;
        return new CheckedDocuments(
            NameOf(compiled.Document),
            Convert.ToHexStringLower(SHA256.HashData(protocolYaml.Span)),
            Convert.ToHexStringLower(SHA256.HashData(casesYaml.Span)),
            certificate,
            [.. compiled.Faults.OrderBy(fault => fault.File == Clinical.DocumentFault.CasesFile).ThenBy(fault => fault.Code == FaultCode.TooMany).ThenBy(fault => fault.Line).ThenBy(fault => fault.Column).Select(Say)],
            compiled.Protocol);
    }

    /// <summary>The name that the document gives itself; empty when it gives none that can be one.</summary>
    private static string NameOf(ProtocolDocument document)
    {
        var name = $"protocols/{document.Id}/versions/{document.Version}";
        return ProtocolName.Parse(name) is null ? "" : name;
    }

    private static DocumentFault Say(Clinical.DocumentFault fault) => new()
    {
        File = fault.File,
        Line = fault.Line,
        Column = fault.Column,
        Code = fault.Code,
        Detail = fault.Path.Length == 0 ? fault.Message : $"{fault.Path}: {fault.Message}",
    };
}

/// <summary>What the check found.</summary>
/// <param name="Name">Name the version would have; empty when the document does not say.</param>
/// <param name="Digest">SHA-256 of protocol.yaml, lower-case hex.</param>
/// <param name="CasesDigest">SHA-256 of cases.yaml, lower-case hex.</param>
/// <param name="Certificate">Counts, as far as the check came; <c>faults</c> is the number of <paramref name="Faults"/>.</param>
/// <param name="Faults">Every fault, in the order of the files.</param>
/// <param name="Protocol">The version, ready for use; null when there is a fault.</param>
internal sealed record CheckedDocuments(
    string Name, string Digest, string CasesDigest, Certificate Certificate, ImmutableArray<DocumentFault> Faults, CompiledProtocol? Protocol);
