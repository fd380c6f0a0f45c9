using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;

namespace Relapse.Clinical;

/// <summary>
/// The context statements of one document that fit a case, or may: exact, because whether one fits is a decision with two conclusions
/// like any other.
/// </summary>
internal static class FittingContext
{
    /// <summary>Index of the conclusion that a statement fits.</summary>
    private const int Fits = 0;

    public static ImmutableArray<ContextStatement> Of(ProtocolFacts facts)
    {
        var fitting = ImmutableArray.CreateBuilder<ContextStatement>();
        var values = facts.UnderLiveReadings();
        foreach (var context in facts.Protocol.Context)
        {
            if (context.Diagram is not { } diagram)
            {
                fitting.Add(context.Say(ContextFit.Applies));
                continue;
            }
            if (facts.HasContradictions && facts.ContradictionsIn(diagram.SupportInputs).Any())
            {
                fitting.Add(context.Say(ContextFit.Inconsistent));
                continue;
            }
            var possible = diagram.Possible(values);
            if (!possible.Contains(Fits))
            {
                continue;
            }
            var statement = context.Say(possible.IsSingle ? ContextFit.Applies : ContextFit.Open);
            if (!possible.IsSingle)
            {
                statement.Missing.Add(new OpenFacts(facts, diagram, [.. values]).Fields());
            }
            fitting.Add(statement);
        }
        return fitting.ToImmutable();
    }
}
