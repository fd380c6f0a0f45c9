using System.Collections.Immutable;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>How a population fits a question.</summary>
/// <param name="Level">On the whole.</param>
/// <param name="Dimensions">In each dimension that it names, and each that the case tells and it does not.</param>
internal sealed record RowMatch(MatchLevel Level, ImmutableArray<DimensionFit> Dimensions)
{
    public bool Applies => Level is not MatchLevel.NotApplicable;

    public int Count(FitLevel fit) => Dimensions.Count(dimension => dimension.Fit == fit);

    public static RowMatch Of(ImmutableArray<DimensionFit> dimensions)
    {
        var worst = dimensions.IsEmpty ? FitLevel.Exact : dimensions.Max(dimension => dimension.Fit);
        return new RowMatch(
            worst switch
            {
                FitLevel.Exact => MatchLevel.Exact,
                FitLevel.Broader => MatchLevel.Broader,
                FitLevel.Conditional => MatchLevel.Conditional,
                FitLevel.Unknown => MatchLevel.Open,
                _ => MatchLevel.NotApplicable,
            },
            dimensions);
    }
}
