using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Relapse.Clinical;
using Relapse.Clinical.Dmn;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Benchmarks.Clinical;

/// <summary>What the registry's comparison and export cost: of the two shipped protocols with the most bytes that share a risk group.</summary>
[MemoryDiagnoser]
public class ComparisonBenchmarks
{
    private EvaluatedProtocol _one = null!;
    private EvaluatedProtocol _other = null!;
    private ImmutableArray<string> _decisions;

    /// <summary>Loads the library.</summary>
    [GlobalSetup]
    public void Load()
    {
        var largest = ProtocolLibrary.Load().Versions.Where(version => version.Document.Decisions.ContainsKey("risk_group")).OrderByDescending(version => version.Yaml.Length).Take(2).ToList();
        (_one, _other) = (new EvaluatedProtocol(largest[0], []), new EvaluatedProtocol(largest[1], []));
        _decisions = [.. WellKnownDecisions.All.Where(id => largest.TrueForAll(version => version.Document.Decisions.ContainsKey(id)))];
    }

    /// <summary>Every decision that both define.</summary>
    [Benchmark]
    public ImmutableArray<DecisionComparison> CompareAll() => [.. _decisions.Select(decision => ProtocolDifference.Compare(_one, _other, decision))];

    /// <summary>The risk group alone.</summary>
    [Benchmark]
    public DecisionComparison CompareRiskGroup() => ProtocolDifference.Compare(_one, _other, "risk_group");

    /// <summary>The larger one as DMN.</summary>
    [Benchmark]
    public byte[] Export() => DmnExport.Write(_one.Protocol);
}
