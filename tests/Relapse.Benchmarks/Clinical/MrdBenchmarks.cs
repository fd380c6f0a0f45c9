using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;

namespace Relapse.Benchmarks.Clinical;

/// <summary>
/// What an interpretation of MRD costs beside the transport, by its parts and against a classification of the same case: a case of
/// <c>examples/</c> under every protocol that defines a decision of either.
/// </summary>
[MemoryDiagnoser]
public class MrdBenchmarks
{
    private ImmutableArray<CompiledProtocol> _classifying;
    private ImmutableArray<CompiledProtocol> _measuring;
    private InterpretMrdRequest _request = null!;
    private ProtocolAgreement _agreement = null!;

    /// <summary>The example.</summary>
    [Params("mrd-between-the-cut-offs", "mrd-below-detection", "mrd-reappearance")]
    public string Example { get; set; } = "";

    /// <summary>Loads the library and the example.</summary>
    [GlobalSetup]
    public void Load()
    {
        var library = ProtocolLibrary.Load().Versions;
        _classifying = Defining(library, WellKnownDecisions.Classification);
        _measuring = Defining(library, WellKnownDecisions.Mrd);
        _agreement = new ProtocolAgreement([.. _measuring.Select(protocol => new EvaluatedProtocol(protocol, []))], WellKnownDecisions.Mrd);
        using var file = File.OpenText(Path.Combine(AppContext.BaseDirectory, "examples", $"{Example}.json"));
        _request = JsonParser.Default.Parse<InterpretMrdRequest>(file);
    }

    /// <summary>The classification of the same case.</summary>
    [Benchmark(Baseline = true)]
    public int Classify() => Decide(_classifying, WellKnownDecisions.Classification).Decisions.Count;

    /// <summary>The MRD decisions alone.</summary>
    [Benchmark]
    public int Decisions() => Decide(_measuring, WellKnownDecisions.Mrd).Decisions.Count;

    /// <summary>With which result is used, how it stands to the cut-offs, and the series.</summary>
    [Benchmark]
    public int Interpret() => Read().Count;

    /// <summary>And with where the protocols part: the whole.</summary>
    [Benchmark]
    public IReadOnlyList<Agreement> Whole()
    {
        var (evaluator, decisions) = Decide(_measuring, WellKnownDecisions.Mrd);
        Read(evaluator, decisions);
        return [.. _agreement.Compare(evaluator, decisions)];
    }

    private static ImmutableArray<CompiledProtocol> Defining(IEnumerable<CompiledProtocol> library, ImmutableArray<string> decisions) =>
        [.. library.Where(protocol => decisions.Any(protocol.Document.Decisions.ContainsKey))];

    private (CaseEvaluator Evaluator, List<Decision> Decisions) Decide(ImmutableArray<CompiledProtocol> protocols, ImmutableArray<string> decisions)
    {
        var evaluator = new CaseEvaluator(_request.Case);
        return (evaluator, [.. protocols.SelectMany(protocol => evaluator.Decide(protocol, decisions, [], includeTrace: false))]);
    }

    private List<MrdInterpretation> Read()
    {
        var (evaluator, decisions) = Decide(_measuring, WellKnownDecisions.Mrd);
        return Read(evaluator, decisions);
    }

    private List<MrdInterpretation> Read(CaseEvaluator evaluator, List<Decision> decisions)
    {
        var reading = new MrdReading(evaluator, SeriesRules.Shipped);
        reading.Series();
        return [.. _measuring.SelectMany(protocol => reading.Interpret(protocol, [], decisions))];
    }
}
