using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Says how one donor stands to another, and by which criterion first.</summary>
/// <param name="ranking">The ranking of both.</param>
internal sealed class DonorComparison(DonorRanking ranking)
{
    private const string BlockedCriterion = "blocked";
    private const string TierCriterion = "tier";

    /// <summary>Compares two.</summary>
    public Comparison Compare(Entry first, Entry second)
    {
        var (state, decidedBy, notInSource) = Relation(first, second);
        return new Comparison
        {
            First = first.Donor.Message.DonorId,
            Second = second.Donor.Message.DonorId,
            State = state,
            DecidedBy = decidedBy,
            NotInSource = notInSource,
        };
    }

    private (ComparisonState State, string DecidedBy, bool NotInSource) Relation(Entry first, Entry second)
    {
        var criterion = FirstDifference(first, second);
        if (Certain(ranking.SourceOrder, first, second) is { } bySource)
        {
            return (bySource, criterion.Id, criterion.NotInSource);
        }

        if (IsOpen(first, second))
        {
            return (ComparisonState.Open, criterion.Id, criterion.NotInSource);
        }

        // The source does not tell them apart. What is not in it may.
        if (first.Best.Group != second.Best.Group || first.Best.Group == Place.NoGroup)
        {
            return (ComparisonState.NotOrdered, "", false);
        }

        return Certain(ranking.FullOrder, first, second) is { } byAll ? (byAll, criterion.Id, true) : (ComparisonState.Tied, criterion.Id, criterion.Id.Length > 0);
    }

    private static ComparisonState? Certain(PlaceOrder order, Entry first, Entry second) =>
        order.Precedes(first.Worst, second.Best) ? ComparisonState.First
        : order.Precedes(second.Worst, first.Best) ? ComparisonState.Second
        : null;

    // Whether something that is not known keeps the source from an order, or from a tie.
    private bool IsOpen(Entry first, Entry second)
    {
        if (first.Best.Band != first.Worst.Band || second.Best.Band != second.Worst.Band)
        {
            return true;
        }

        var order = ranking.SourceOrder;
        return first.Best.Group == second.Best.Group && first.Best.Group != Place.NoGroup
            && !(order.CompareKeys(first.Best, second.Best) == 0 && order.CompareKeys(first.Worst, second.Worst) == 0 && order.CompareKeys(first.Best, first.Worst) == 0);
    }

    private (string Id, bool NotInSource) FirstDifference(Entry first, Entry second)
    {
        // Who is behind by its tier if it is not blocked is behind by its tier: whether it is blocked does not decide.
        if (IsBehindByTier(first, second) || IsBehindByTier(second, first))
        {
            return (TierCriterion, IsWithoutTier(first) || IsWithoutTier(second));
        }

        if (first.State != second.State || (first.State == BlockState.Open && second.State == BlockState.Open))
        {
            return (BlockedCriterion, false);
        }

        if (first.Best.Band != second.Best.Band || first.Worst.Band != second.Worst.Band || first.Best.Band != first.Worst.Band)
        {
            // What has no tier stands after the tiers by our convention; the source says nothing of it.
            return (TierCriterion, IsWithoutTier(first) || IsWithoutTier(second));
        }

        if (first.Best.Group != second.Best.Group || first.Best.Group == Place.NoGroup)
        {
            return ("", false);
        }

        var criteria = ranking.Question.Policy.Groups[first.Best.Group].Criteria;
        for (var index = 0; index < criteria.Length; index++)
        {
            var value = first.Best.Key[index];
            if (!first.Worst.Key[index].Equals(value) || !second.Best.Key[index].Equals(value) || !second.Worst.Key[index].Equals(value))
            {
                return (criteria[index].Id, criteria[index].Document.NotInSource);
            }
        }

        return ("", false);
    }

    private static bool IsBehindByTier(Entry one, Entry other) =>
        one.State == BlockState.Open && other.State == BlockState.NotBlocked && one.Best.Band > other.Worst.Band;

    private bool IsWithoutTier(Entry entry) => entry.Worst.Band % (ranking.FirstWithoutTier + 1) == ranking.FirstWithoutTier;
}
