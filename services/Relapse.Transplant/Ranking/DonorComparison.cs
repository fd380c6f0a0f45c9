using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Says how one donor stands to another, and by which criterion first.</summary>
/// <param name="ranking">The ranking of both.</param>
internal sealed class DonorComparison(DonorRanking ranking)
{
    private const string BlockedCriterion = "blocked";
    private const string TierCriterion = "tier";
    private const int BlockedLevel = 0;
    private const int TierLevel = 1;

    /// <summary>Compares two: in each way in which what they share can be, and then over all of them.</summary>
    public Comparison Compare(Entry first, Entry second)
    {
        var all = ranking.Completions.Select(completion => Relation(completion.Entries[first.Donor.Index], completion.Entries[second.Donor.Index])).ToList();
        var criterion = all.Select(one => one.Criterion).Where(one => one.Level >= 0).DefaultIfEmpty(Difference.None).MinBy(one => one.Level);
        var state = all.TrueForAll(one => one.State == all[0].State) ? all[0].State
            // The source tells them apart in no way, and what is not in it in several.
            : all.TrueForAll(one => one.IsTiedBySource) ? ComparisonState.Tied
            : ComparisonState.Open;
        return new Comparison
        {
            First = first.Donor.Message.DonorId,
            Second = second.Donor.Message.DonorId,
            State = state,
            DecidedBy = criterion.Id,
            NotInSource = criterion.NotInSource,
        };
    }

    private Related Relation(Entry first, Entry second)
    {
        var criterion = FirstDifference(first, second);
        if (Certain(ranking.SourceOrder, first, second) is { } bySource)
        {
            return new Related(bySource, criterion, false);
        }

        if (IsOpen(first, second))
        {
            return new Related(ComparisonState.Open, criterion, false);
        }

        // The source does not tell them apart. What is not in it may.
        return first.Best.Group != second.Best.Group || first.Best.Group == Place.NoGroup
            ? new Related(ComparisonState.NotOrdered, Difference.None, false)
            : new Related(Certain(ranking.FullOrder, first, second) ?? ComparisonState.Tied, criterion, true);
    }

    // What they are alike by, though nobody knows it, stands between them in no case.
    private ComparisonState? Certain(PlaceOrder order, Entry first, Entry second) =>
        order.Precedes(first.Worst, second.Best, ranking.Alike(first.Worst.Group, first, second)) ? ComparisonState.First
        : order.Precedes(second.Worst, first.Best, ranking.Alike(second.Worst.Group, first, second)) ? ComparisonState.Second
        : null;

    // Whether something that is not known keeps the source from an order, or from a tie.
    private bool IsOpen(Entry first, Entry second)
    {
        if (first.Best.Band != first.Worst.Band || second.Best.Band != second.Worst.Band)
        {
            return true;
        }

        var (order, alike) = (ranking.SourceOrder, ranking.Alike(first.Best.Group, first, second));
        return first.Best.Group == second.Best.Group && first.Best.Group != Place.NoGroup
            && !(order.CompareKeys(first.Best, second.Best, alike) == 0 && order.CompareKeys(first.Worst, second.Worst, alike) == 0 && order.CompareKeys(first.Best, first.Worst, alike) == 0);
    }

    private Difference FirstDifference(Entry first, Entry second)
    {
        // Who is behind by its tier if it is not blocked is behind by its tier: whether it is blocked does not decide.
        if (IsBehindByTier(first, second) || IsBehindByTier(second, first))
        {
            return new Difference(TierCriterion, IsWithoutTier(first) || IsWithoutTier(second), TierLevel);
        }

        if (first.State != second.State || (first.State == BlockState.Open && second.State == BlockState.Open))
        {
            return new Difference(BlockedCriterion, false, BlockedLevel);
        }

        if (first.Best.Band != second.Best.Band || first.Worst.Band != second.Worst.Band || first.Best.Band != first.Worst.Band)
        {
            // What has no tier stands after the tiers by our convention; the source says nothing of it.
            return new Difference(TierCriterion, IsWithoutTier(first) || IsWithoutTier(second), TierLevel);
        }

        if (first.Best.Group != second.Best.Group || first.Best.Group == Place.NoGroup)
        {
            return Difference.None;
        }

        var (criteria, alike) = (ranking.Question.Policy.Groups[first.Best.Group].Criteria, ranking.Alike(first.Best.Group, first, second));
        for (var index = 0; index < criteria.Length; index++)
        {
            var value = first.Best.Key[index];
            if ((alike & 1 << index) == 0 && (!first.Worst.Key[index].Equals(value) || !second.Best.Key[index].Equals(value) || !second.Worst.Key[index].Equals(value)))
            {
                return new Difference(criteria[index].Id, criteria[index].Document.NotInSource, TierLevel + 1 + index);
            }
        }

        return Difference.None;
    }

    private static bool IsBehindByTier(Entry one, Entry other) =>
        one.State == BlockState.Open && other.State == BlockState.NotBlocked && one.Best.Band > other.Worst.Band;

    private bool IsWithoutTier(Entry entry) => entry.Worst.Band % (ranking.FirstWithoutTier + 1) == ranking.FirstWithoutTier;

    /// <summary>How one stands to another where what they share is known.</summary>
    private readonly record struct Related(ComparisonState State, Difference Criterion, bool IsTiedBySource);

    /// <summary>The first criterion on which two are not certainly alike.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="NotInSource">Whether the source does not have it.</param>
    /// <param name="Level">How early it is asked: the lower, the earlier; below 0: there is none.</param>
    private readonly record struct Difference(string Id, bool NotInSource, int Level)
    {
        public static Difference None { get; } = new("", false, -1);
    }
}
