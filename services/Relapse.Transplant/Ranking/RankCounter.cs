namespace Relapse.Transplant.Ranking;

/// <summary>The ranks that a donor can have, from 1: <paramref name="Min"/> if no more than those certainly ahead of it are,
/// <paramref name="Max"/> if all are that are not certainly behind it.</summary>
internal readonly record struct RankRange(int Min, int Max);

/// <summary>Counts, for each of many donors, who is certainly ahead and who certainly behind, by searching in sorted places.</summary>
internal sealed class RankCounter
{
    private readonly PlaceOrder _order;
    private readonly Place[] _worst;
    private readonly Place[] _best;

    /// <param name="entries">All donors.</param>
    /// <param name="order">The order of places.</param>
    public RankCounter(IReadOnlyList<Entry> entries, PlaceOrder order)
    {
        _order = order;
        _worst = [.. entries.Select(entry => entry.Worst)];
        _best = [.. entries.Select(entry => entry.Best)];
        Array.Sort(_worst, order);
        Array.Sort(_best, order);
    }

    /// <summary>The ranks of one of them.</summary>
    public RankRange Of(Entry entry)
    {
        // Its own worst place is not before its best, so it is not among those counted.
        var ahead = First(_worst, place => place.Band >= entry.Best.Band);
        if (entry.Best.Group != Place.NoGroup)
        {
            ahead += First(_worst, place => _order.Compare(place, entry.Best) >= 0) - First(_worst, place => IsFrom(place, entry.Best));
        }

        var behind = _best.Length - First(_best, place => place.Band > entry.Worst.Band);
        if (entry.Worst.Group != Place.NoGroup)
        {
            behind += First(_best, place => IsAfter(place, entry.Worst)) - First(_best, place => _order.Compare(place, entry.Worst) > 0);
        }

        return new RankRange(1 + ahead, _best.Length - behind);
    }

    // From the first place of the same band and group on.
    private static bool IsFrom(Place place, Place of) => place.Band > of.Band || (place.Band == of.Band && place.Group >= of.Group);

    // After the last place of the same band and group.
    private static bool IsAfter(Place place, Place of) => place.Band > of.Band || (place.Band == of.Band && place.Group > of.Group);

    // The first index at which something holds that holds from there on.
    private static int First(Place[] sorted, Func<Place, bool> holds)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(sorted[middle]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
