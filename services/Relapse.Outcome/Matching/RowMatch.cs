using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>How a population fits a question.</summary>
/// <param name="Level">On the whole.</param>
/// <param name="Dimensions">In each dimension that it names, and each that the case tells and it does not.</param>
internal sealed record RowMatch(MatchLevel Level, ImmutableArray<DimensionFit> Dimensions)
{
    private readonly ImmutableArray<int> _counts = CountsOf(Dimensions);

    public bool Applies => Level is not MatchLevel.NotApplicable;

    /// <summary>In how many dimensions it fits so.</summary>
    public int Count(FitLevel fit) => _counts[(int)fit];

    public static RowMatch Of(ImmutableArray<DimensionFit> dimensions)
    {
        var worst = FitLevel.Exact;
        foreach (var dimension in dimensions)
        {
            worst = dimension.Fit > worst ? dimension.Fit : worst;
        }
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

    private static ImmutableArray<int> CountsOf(ImmutableArray<DimensionFit> dimensions)
    {
        var counts = new int[(int)FitLevel.Differs + 1];
        foreach (var dimension in dimensions)
        {
            counts[(int)dimension.Fit]++;
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(counts);
    }
}
