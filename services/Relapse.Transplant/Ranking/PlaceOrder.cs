using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// The order of places. It is partial: places of one band in two groups are not ordered. With the criteria of the source alone, or with
/// all; the second refines the first, because those of the source come first in every group.
/// </summary>
/// <param name="policy">The policy.</param>
/// <param name="sourceOnly">Whether criteria that are not in the source are left out.</param>
internal sealed class PlaceOrder(CompiledPolicy policy, bool sourceOnly) : IComparer<Place>
{
    /// <summary>How many criteria of a group are asked.</summary>
    public int Depth(int group) => group == Place.NoGroup ? 0 : sourceOnly ? policy.Groups[group].SourceCriteria : policy.Groups[group].Criteria.Length;

    /// <summary>Whether a place comes before another.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="alike">Criteria of the group by which the two are alike whatever is not known, as bits.</param>
    public bool Precedes(in Place one, in Place other, int alike = 0) =>
        one.Band < other.Band || (one.Band == other.Band && one.Group == other.Group && one.Group != Place.NoGroup && CompareKeys(one, other, alike) < 0);

    /// <summary>Of all others of a place's band and group, the best of the worst that each can be; null where there are none.</summary>
    public Place? LeastWorst(in Place place, IEnumerable<Entry> others)
    {
        Place? least = null;
        foreach (var other in others)
        {
            if (other.Worst.Band == place.Band && other.Worst.Group == place.Group && place.Group != Place.NoGroup && (least is not { } before || CompareKeys(other.Worst, before) < 0))
            {
                least = other.Worst;
            }
        }

        return least is { } found ? found with { Key = found.Key[..Depth(found.Group)] } : null;
    }

    /// <summary>Compares the keys of two places of one group.</summary>
    public int CompareKeys(in Place one, in Place other, int alike = 0, int from = 0)
    {
        var depth = Depth(one.Group);
        for (var index = from; index < depth; index++)
        {
            var order = (alike & 1 << index) != 0 ? 0 : one.Key[index].CompareTo(other.Key[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>A total order for searching: by band, group and key. Between groups it means nothing.</summary>
    public int Compare(Place x, Place y)
    {
        var order = x.Band.CompareTo(y.Band);
        order = order != 0 ? order : x.Group.CompareTo(y.Group);
        return order != 0 ? order : CompareKeys(x, y);
    }
}
