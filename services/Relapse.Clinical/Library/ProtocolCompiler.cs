using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Compiles and certifies one version: read strictly, checked, every reachable combination with exactly one conclusion,
/// every golden case passed. There is no protocol without a clean certificate.
/// </summary>
public static class ProtocolCompiler
{
    /// <summary>Compiles a version.</summary>
    /// <param name="protocolYaml">The bytes of protocol.yaml; the digest is theirs.</param>
    /// <param name="casesYaml">The bytes of cases.yaml.</param>
    public static ProtocolCompilation Compile(ReadOnlyMemory<byte> protocolYaml, ReadOnlyMemory<byte> casesYaml)
    {
        var cases = DocumentReader.Read<GoldenCases>(casesYaml);
        var tables = CompileTables(protocolYaml, cases.Message.Cases.Count, Convert.ToHexStringLower(SHA256.HashData(casesYaml.Span)));
        if (tables.Protocol is not { } protocol)
        {
            return tables with { Faults = [.. tables.Faults, .. cases.Faults] };
        }
        ImmutableArray<DocumentFault> faults = cases.Faults.IsEmpty ? [.. GoldenCaseRunner.Run(protocol, cases)] : cases.Faults;
        return tables with { Protocol = faults.IsEmpty ? protocol : null, Faults = faults };
    }

    /// <summary>Compiles the tables of a version without its golden cases: to look at, never to answer a case of a caller.</summary>
    /// <param name="protocolYaml">The bytes of protocol.yaml.</param>
    public static ProtocolCompilation CompileTables(ReadOnlyMemory<byte> protocolYaml) => CompileTables(protocolYaml, cases: 0, casesDigest: "");

    private static ProtocolCompilation CompileTables(ReadOnlyMemory<byte> protocolYaml, int cases, string casesDigest)
    {
        var read = DocumentReader.Read<ProtocolDocument>(protocolYaml);
        if (!read.Faults.IsEmpty)
        {
            return new ProtocolCompilation(null, read.Faults) { Document = read.Message };
        }
        var (found, tablesStand) = DocumentChecker.Check(read);
        if (!tablesStand)
        {
            return new ProtocolCompilation(null, [.. found]) { Document = read.Message };
        }
        var (model, bindings) = ProtocolModel.Build(read.Message);
        var result = DecisionCompiler.Compile(model);
        ImmutableArray<DocumentFault> faults = [.. found, .. result.Faults.Select(fault => CertificationFault.Describe(read, fault))];
        if (!faults.IsEmpty || result.Model is not { } compiled)
        {
            return new ProtocolCompilation(null, faults) { Document = read.Message };
        }
        var protocol = new CompiledProtocol(
            read.Message,
            protocolYaml,
            Convert.ToHexStringLower(SHA256.HashData(protocolYaml.Span)),
            casesDigest,
            Certify(read.Message, result, cases),
            compiled,
            [.. compiled.Inputs.Select(input => bindings[input.Name])]);
        return new ProtocolCompilation(protocol, []) { Document = read.Message, Certificate = protocol.Certificate };
    }

    private static Certificate Certify(ProtocolDocument document, CompilationResult result, int cases) => new()
    {
        Cells = (long)result.Certificates.Where(table => ProtocolModel.PathBeside(table.Decision) is null).Aggregate(BigInteger.Zero, (sum, table) => sum + table.ReachableCells),
        Rules = document.Decisions.Values.Sum(table => table.Rules.Count),
        Cases = cases,
        RulesNotRead =
        {
            document.Decisions.SelectMany(table => table.Value.Rules
                .Where(rule => Citations.RestOnUnread(document, rule.Because))
                .Select(rule => $"{table.Key}/{rule.Id}")),
        },
    };
}

/// <summary>The outcome of compiling a version.</summary>
/// <param name="Protocol">The version; null when there is a fault.</param>
/// <param name="Faults">Every fault.</param>
public sealed record ProtocolCompilation(CompiledProtocol? Protocol, ImmutableArray<DocumentFault> Faults)
{
    /// <summary>The document as far as it could be read.</summary>
    public required ProtocolDocument Document { get; init; }

    /// <summary>What was counted, once the tables are certified; also when golden cases then came out otherwise.</summary>
    public Certificate Certificate { get; init; } = new();
}
