using System.Collections.Immutable;

namespace Relapse.Transplant.Ranking;

/// <summary>What a criterion sees of a donor: from best to worst, lower is better.</summary>
/// <param name="Best">The best it can be.</param>
/// <param name="Worst">The worst it can be.</param>
/// <param name="Text">In words.</param>
internal readonly record struct Measured(double Best, double Worst, string Text)
{
    /// <summary>Nothing to compare: alike for all.</summary>
    public static Measured NotUsed { get; } = new(0, 0, "");

    /// <summary>Whether it can be only one thing.</summary>
    public bool IsKnown => Best.Equals(Worst);
}

/// <summary>Where a donor can stand: as well, or as badly, as what is known allows.</summary>
/// <param name="Band">0 is the first tier; after the tiers those without one, then the same again for those who are blocked.</param>
/// <param name="Group">Number of the group whose criteria the key has; <see cref="NoGroup"/>: not ordered among those of the band.</param>
/// <param name="Key">A value for each criterion of the group, those of the source first; lower is better.</param>
internal readonly record struct Place(int Band, int Group, ImmutableArray<double> Key)
{
    public const int NoGroup = -1;
}
