using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Receipts;

namespace Relapse.Benchmarks.Clinical;

/// <summary>
/// What one call costs beside the transport, by its parts: a case of <c>examples/</c> under one protocol. The first is known,
/// each other lacks something. To hold, known: about 10 microseconds for the whole.
/// </summary>
[MemoryDiagnoser]
public class ClinicalBenchmarks
{
    private CompiledProtocol _protocol = null!;
    private ClassifyRelapseRequest _request = null!;
    private ProtocolAnswer _answer;

    /// <summary>The example.</summary>
    [Params(
        "early-isolated-marrow", "late-combined-lineage-unknown", "relapse-known-to-the-month", "therapy-end-unknown", "enlarged-testis-without-biopsy")]
    public string Example { get; set; } = "";

    /// <summary>Loads the library and the example.</summary>
    [GlobalSetup]
    public void Load()
    {
        _protocol = ProtocolLibrary.Load().Versions.First(version => version.Id == "all-rez-bfm");
        using var file = File.OpenText(Path.Combine(AppContext.BaseDirectory, "examples", $"{Example}.json"));
        _request = JsonParser.Default.Parse<ClassifyRelapseRequest>(file);
        _answer = Evaluate();
    }

    /// <summary>Every fault of the case.</summary>
    [Benchmark]
    public ImmutableArray<FieldFault> Validate() => CaseValidator.Validate(_request.Case);

    /// <summary>Facts and all decisions with rules, missing facts and boundaries.</summary>
    [Benchmark]
    public ProtocolAnswer Evaluate() => new CaseEvaluator(_request.Case).Answer(_protocol, WellKnownDecisions.Classification, [], includeTrace: false);

    /// <summary>Both digests of a receipt.</summary>
    [Benchmark]
    public Receipt Receipt() => new ReceiptWriter("benchmark", "random-7f3a", _request).Write(_protocol, _answer, []);

    /// <summary>The three together, as the handler does them.</summary>
    [Benchmark]
    public Receipt Whole()
    {
        Validate();
        return new ReceiptWriter("benchmark", "random-7f3a", _request).Write(_protocol, Evaluate(), []);
    }
}
