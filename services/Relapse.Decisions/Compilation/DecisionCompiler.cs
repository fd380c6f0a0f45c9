using System.Collections.Immutable;

namespace Relapse.Decisions;

/// <summary>
/// Compiles a model to decision diagrams and proves that every case that can occur has exactly one rule. Exact: nothing is sampled or timed.
/// Time and memory grow with the diagrams, in the worst case with the number of cells; a model that would take more than any that somebody
/// wrote is refused as too large.
/// </summary>
public static class DecisionCompiler
{
    /// <summary>Compiles <paramref name="model"/>, or lists every fault that prevents it.</summary>
    public static CompilationResult Compile(DecisionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Inputs.Length > WorkBudget.Inputs)
        {
            var message = $"There are {model.Inputs.Length} inputs, questions that rules leave open among them; at most {WorkBudget.Inputs} are analysed.";
            return new CompilationResult(null, [new Fault(FaultKind.TooLarge, "", [], message, [], [])], []);
        }

        var faults = ModelCheck.Run(model);
        return faults.IsEmpty ? new ModelCompilation(model).Run() : new CompilationResult(null, faults, []);
    }

    /// <summary>
    /// Compiles a model of which <see cref="Compile"/> found no fault before, and takes it for complete and free of conflict without looking
    /// again. For any other model what comes out says nothing.
    /// </summary>
    public static CompiledModel CompileProven(DecisionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelCompilation(model) { IsProven = true }.Run().Model!;
    }
}
