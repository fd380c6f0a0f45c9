using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Compiles a model to decision diagrams and proves that every case that can occur has exactly one rule. Exact: nothing is sampled, cut
/// short or timed. Time and memory grow with the diagrams, in the worst case with the number of cells.
/// </summary>
public static class DecisionCompiler
{
    /// <summary>Compiles <paramref name="model"/>, or lists every fault that prevents it.</summary>
    public static CompilationResult Compile(DecisionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var faults = ModelCheck.Run(model);
        return faults.IsEmpty ? new ModelCompilation(model).Run() : new CompilationResult(null, faults, []);
    }
}
