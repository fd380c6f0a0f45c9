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
        ImmutableArray<DocumentFault> faults = [.. tables.Result.Faults, .. Listed([.. cases.Faults, .. GoldenCaseRunner.Run(tables.Certified(), cases)])];
        return tables.Result with { Protocol = faults.IsEmpty ? tables.Result.Protocol : null, Faults = faults };
    }

    /// <summary>Compiles the tables of a version without its golden cases: to look at, never to answer a case of a caller.</summary>
    /// <param name="protocolYaml">The bytes of protocol.yaml.</param>
    public static ProtocolCompilation CompileTables(ReadOnlyMemory<byte> protocolYaml) => CompileTables(protocolYaml, cases: 0, casesDigest: "").Result;

    /// <summary>A version that this engine certified before: what was found then is taken, and nothing of it is gone through again.</summary>
    /// <param name="protocolYaml">The bytes of protocol.yaml.</param>
    /// <param name="certified">What was found of these bytes.</param>
    internal static CompiledProtocol CompileCertified(ReadOnlyMemory<byte> protocolYaml, CertifiedVersion certified)
    {
        var (model, bindings) = ProtocolModel.Build(certified.Document);
        var compiled = DecisionCompiler.CompileProven(model);
        return new CompiledProtocol(
            certified.Document,
            protocolYaml,
            certified.Digest,
            certified.CasesDigest,
            Certify(certified.Document, certified.Cells, certified.Cases),
            compiled,
            [.. compiled.Inputs.Select(input => bindings[input.Name])]);
    }

    private static Tables CompileTables(ReadOnlyMemory<byte> protocolYaml, int cases, string casesDigest)
    {
        var read = DocumentReader.Read<ProtocolDocument>(protocolYaml);
        if (read.IsBroken)
        {
            // What was read before it broke is no document: whatever would be said of it may stand further down.
            return Tables.None(read.Message, read.Faults);
        }
        var (found, faulty) = DocumentChecker.Check(read);
        ImmutableArray<DocumentFault> before = [.. read.Faults, .. found];
        if (faulty is null)
        {
            return Tables.None(read.Message, Listed(before));
        }
        CompiledProtocol Protocol(SoundPart part, CompilationResult result, IReadOnlyDictionary<string, InputBinding> bindings) => new(
            part.Document,
            protocolYaml,
            Convert.ToHexStringLower(SHA256.HashData(protocolYaml.Span)),
            casesDigest,
            Certify(part.Document, CellsOf(result), cases),
            result.Model!,
            [.. result.Model!.Inputs.Select(input => bindings[input.Name])]);

        var search = new TableFaults(read, faulty);
        var faults = Listed([.. before, .. search.Faults]);
        if (faults.IsEmpty)
        {
            var protocol = Protocol(search.Part, search.Result!, search.Bindings!);
            return new Tables(new ProtocolCompilation(protocol, []) { Document = read.Message, Certificate = protocol.Certificate }, () => new CertifiedPart(protocol, search.Part));
        }
        return new Tables(new ProtocolCompilation(null, faults) { Document = read.Message }, () => search.Certified(Protocol));
    }

    /// <summary>As many faults as an author reads, and that there are more.</summary>
    private static ImmutableArray<DocumentFault> Listed(ImmutableArray<DocumentFault> faults) => faults.Length <= DocumentReader.MostFaults + 1
        ? faults
        :
        [
            .. faults.Where(fault => fault.Code != FaultCode.TooMany).Take(DocumentReader.MostFaults),
            new DocumentFault(0, 0, "", $"there are more than {DocumentReader.MostFaults} faults; those before are listed") { File = faults[0].File, Code = FaultCode.TooMany },
        ];

    /// <summary>What came of the tables, and the part of them that golden cases can be held against; it is compiled when it is asked for.</summary>
    private sealed record Tables(ProtocolCompilation Result, Func<CertifiedPart?> Certified)
    {
        public static Tables None(ProtocolDocument document, ImmutableArray<DocumentFault> faults) =>
            new(new ProtocolCompilation(null, faults) { Document = document }, () => null);
    }

    private static long CellsOf(CompilationResult result) =>
        (long)result.Certificates.Where(table => ProtocolModel.PathBeside(table.Decision) is null).Aggregate(BigInteger.Zero, (sum, table) => sum + table.ReachableCells);

    private static Certificate Certify(ProtocolDocument document, long cells, int cases) => new()
    {
        Cells = cells,
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
