using BenchmarkDotNet.Attributes;
using Relapse.Decisions;

namespace Relapse.Benchmarks.Decisions;

/// <summary>The same tables in Microsoft RulesEngine, beside ours. To hold: at least 500 times slower.</summary>
[MemoryDiagnoser]
public class RulesEngineBenchmarks
{
    private const int Cases = 256;

    private readonly byte[][] _known = new byte[Cases][];
    private readonly ChainFacts[] _facts = new ChainFacts[Cases];
    private CompiledDecision _decision = null!;
    private RulesEngineChain _chain = null!;

    /// <summary>Draws the cases, after both have given the same answer to every case there is.</summary>
    [GlobalSetup]
    public async Task Draw()
    {
        var model = TableChain.Compile();
        _decision = model.Decision("advice");
        _chain = new RulesEngineChain(TableChain.Model);
        Console.WriteLine($"// both agree on {await CompareAsync(model)} cases");
        var random = new Random(1);
        for (var index = 0; index < Cases; index++)
        {
            _known[index] = [.. model.Inputs.Select(input => (byte)random.Next(input.Domain.Count))];
            _facts[index] = Facts(model, _known[index]);
        }
    }

    /// <summary>Ours.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Cases)]
    public int Ours()
    {
        var sum = 0;
        foreach (var known in _known)
        {
            sum += _decision.Conclude(known);
        }

        return sum;
    }

    /// <summary>Microsoft RulesEngine.</summary>
    [Benchmark(OperationsPerInvoke = Cases)]
    public async Task<int> RulesEngine()
    {
        var sum = 0;
        foreach (var facts in _facts)
        {
            sum += await _chain.ConcludeAsync(facts);
        }

        return sum;
    }

    private static ChainFacts Facts(CompiledModel model, byte[] known) => ChainFacts.Of(name => known[model.InputIndex(name)]);

    private async Task<int> CompareAsync(CompiledModel model)
    {
        var cases = 0;
        foreach (var known in TableChain.EveryCase(model))
        {
            var (ours, theirs) = (_decision.Conclude(known), await _chain.ConcludeAsync(Facts(model, known)));
            if (ours != theirs)
            {
                throw new InvalidOperationException($"Case {string.Join(' ', known)}: ours concludes {ours}, RulesEngine {theirs}.");
            }

            cases++;
        }

        return cases;
    }
}
