using System.Collections.Immutable;

namespace Relapse.Transplant.Ranking;

/// <summary>The ranks that a donor can have, from 1: <paramref name="Min"/> if no more than those certainly ahead of it are,
/// <paramref name="Max"/> if all are that are not certainly behind it.</summary>
internal readonly record struct RankRange(int Min, int Max);

/// <summary>Counts, for each of many donors, who is certainly ahead and who certainly behind, by searching in sorted places.</summary>
internal sealed class RankCounter
{
    private readonly PlaceOrder _order;
    private readonly SortedPlaces _worst;
    private readonly SortedPlaces _best;

    /// <param name="entries">All donors.</param>
    /// <param name="order">The order of places.</param>
    public RankCounter(ImmutableArray<Entry> entries, PlaceOrder order)
    {
        _order = order;
        _worst = new SortedPlaces([.. entries.Select(entry => entry.Worst)], order);
        _best = new SortedPlaces([.. entries.Select(entry => entry.Best)], order);
    }

    /// <summary>The ranks of one of them.</summary>
    public RankRange Of(Entry entry)
    {
        // Its own worst place is not before its best, so it is not among those counted.
        var (best, worst) = (entry.Best, entry.Worst);
        var ahead = _worst.Below(best.Band);
        if (_order.Depth(best.Group) > 0 && _worst.TryRange(best, out var start, out var end))
        {
            ahead += _worst.First(best, start, end, orAlike: true) - start;
        }

        var behind = _best.Count - _best.Below(worst.Band + 1);
        if (_order.Depth(worst.Group) > 0 && _best.TryRange(worst, out start, out end))
        {
            behind += end - _best.First(worst, start, end, orAlike: false);
        }

        return new RankRange(1 + ahead, _best.Count - behind);
    }

    /// <summary>Places sorted by band, group and key, with where each begins.</summary>
    private sealed class SortedPlaces
    {
        private readonly Place[] _places;
        private readonly PlaceOrder _order;
        private readonly Dictionary<(int Band, int Group), (int Start, int End)> _ranges = [];
        private readonly int[] _below;

        public SortedPlaces(Place[] places, PlaceOrder order)
        {
            (_places, _order) = (places, order);
            Array.Sort(places, order);
            _below = new int[(places.Length == 0 ? 0 : places[^1].Band) + 2];
            for (var index = 0; index < places.Length; index++)
            {
                var key = (places[index].Band, places[index].Group);
                _ranges[key] = (_ranges.TryGetValue(key, out var range) ? range.Start : index, index + 1);
                _below[places[index].Band + 1] = index + 1;
            }

            for (var band = 1; band < _below.Length; band++)
            {
                _below[band] = Math.Max(_below[band], _below[band - 1]);
            }
        }

        public int Count => _places.Length;

        // How many are of a band before this one.
        public int Below(int band) => _below[Math.Min(band, _below.Length - 1)];

        public bool TryRange(in Place of, out int start, out int end)
        {
            var found = _ranges.TryGetValue((of.Band, of.Group), out var range);
            (start, end) = range;
            return found;
        }

        // The first of a range that comes after a place, or is alike.
        public int First(in Place place, int start, int end, bool orAlike)
        {
            while (start < end)
            {
                var middle = (start + end) / 2;
                var order = _order.CompareKeys(_places[middle], place);
                (start, end) = order > 0 || (orAlike && order == 0) ? (start, middle) : (middle + 1, end);
            }

            return start;
        }
    }
}
