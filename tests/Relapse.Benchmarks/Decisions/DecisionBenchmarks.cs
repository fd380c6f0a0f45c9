using BenchmarkDotNet.Attributes;
using Relapse.Decisions;

namespace Relapse.Benchmarks.Decisions;

/// <summary>One decision over 9,216 raw cases. To hold: under 50 ns known, under 250 ns with a quarter of the facts unknown, nothing
/// allocated.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private const int Cases = 256;

    private readonly byte[][] _known = new byte[Cases][];
    private readonly ValueSet[][] _partly = new ValueSet[Cases][];
    private readonly ulong[] _rules = new ulong[1];
    private CompiledModel _model = null!;
    private CompiledDecision _decision = null!;

    /// <summary>Draws the cases; two of the eight facts are open in a partly known one.</summary>
    [GlobalSetup]
    public void Draw()
    {
        _model = TableChain.Compile();
        _decision = _model.Decision("advice");
        Console.WriteLine($"// {_decision.NodeCount} nodes, {_decision.RuleNodeCount} with rules");
        var random = new Random(1);
        for (var index = 0; index < Cases; index++)
        {
            _known[index] = [.. _model.Inputs.Select(input => (byte)random.Next(input.Domain.Count))];
            _partly[index] = [.. _known[index].Select(value => ValueSet.Of(value))];
            foreach (var open in random.GetItems(_model.Inputs.AsSpan(), _model.Inputs.Length).DistinctBy(input => input.Index)
                .Take(_model.Inputs.Length / 4))
            {
                _partly[index][open.Index] = open.Domain.All;
            }
        }
    }

    /// <summary>All facts known: the conclusion.</summary>
    [Benchmark(OperationsPerInvoke = Cases)]
    public int Known()
    {
        var sum = 0;
        foreach (var known in _known)
        {
            sum += _decision.Conclude(known);
        }

        return sum;
    }

    /// <summary>All facts known: the rule.</summary>
    [Benchmark(OperationsPerInvoke = Cases)]
    public int KnownRule()
    {
        var sum = 0;
        foreach (var known in _known)
        {
            sum += _decision.RuleOf(known);
        }

        return sum;
    }

    /// <summary>A quarter of the facts unknown: the possible conclusions.</summary>
    [Benchmark(OperationsPerInvoke = Cases)]
    public ulong QuarterUnknown()
    {
        var all = 0UL;
        foreach (var facts in _partly)
        {
            all ^= _decision.Possible(facts).Bits;
        }

        return all;
    }

    /// <summary>A quarter of the facts unknown: the possible rules.</summary>
    [Benchmark(OperationsPerInvoke = Cases)]
    public ulong QuarterUnknownRules()
    {
        foreach (var facts in _partly)
        {
            _decision.PossibleRules(facts, _rules);
        }

        return _rules[0];
    }

    /// <summary>Nothing known: what is missing, ranked; allocates.</summary>
    [Benchmark]
    public int Missing() => _decision.Missing(_model.AllUnknown(), _model.Questions(_model.AllUnknown())).Length;

    /// <summary>Nothing known: the smallest sets of questions that settle; allocates.</summary>
    [Benchmark]
    public int Shortest() => _decision.Shortest(_model.AllUnknown(), _model.Questions(_model.AllUnknown())).Sets.Length;

    /// <summary>Compilation with its proof of completeness.</summary>
    [Benchmark]
    public CompiledModel Compile() => _model = TableChain.Compile();
}
