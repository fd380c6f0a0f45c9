using Relapse.Contracts.Transplant.V1;
using Date = Google.Type.Date;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Who can come first among the donors ready by a day, for each day on which that changes. A donor whose date is open may be ready from its
/// first possible day on, one without a date on any day; only one who is certainly ready keeps another from the first place. Who is blocked
/// or has no tier is on no frontier.
/// </summary>
/// <param name="ranking">The ranking.</param>
internal sealed class DateFrontier(DonorRanking ranking)
{
    private const int MostListed = 10;
    private const int MostPoints = 50;
    private readonly Dictionary<int, Place> _leastOfGroup = [];
    private int _leastBand = int.MaxValue;

    /// <summary>The points, earliest first; none where no donor has a date. Of more than can be listed the last is kept, then those on
    /// which somebody is outdone, then those on which others only join.</summary>
    public (IReadOnlyList<FrontierPoint> Points, bool Cut) Points()
    {
        var all = All().ToList();
        if (all.Count <= MostPoints)
        {
            return ([.. all.Select(one => one.Point)], false);
        }

        var kept = all.Select((one, index) => (one, index))
            .OrderBy(entry => entry.index == all.Count - 1 ? 0 : entry.one.IsOutdone ? 1 : 2)
            .ThenBy(entry => entry.index)
            .Take(MostPoints)
            .OrderBy(entry => entry.index);
        return ([.. kept.Select(entry => entry.one.Point)], true);
    }

    /// <summary>A day as the contract writes it.</summary>
    public static Date Of(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    private IEnumerable<(FrontierPoint Point, bool IsOutdone)> All()
    {
        List<Entry> candidates = [.. ranking.List.Select(listed => listed.Entry).Where(entry => entry.Best.Band < ranking.FirstWithoutTier)];
        var begins = candidates.Where(entry => entry.Donor.Date is not null).ToLookup(entry => entry.Donor.Date!.Value.Min);
        var certain = candidates.Where(entry => entry.Donor.Date?.Max is not null).ToLookup(entry => entry.Donor.Date!.Value.Max!.Value);
        var ready = new SortedSet<Entry>(candidates.Where(entry => entry.Donor.Date is null), Comparer<Entry>.Create((one, other) => string.CompareOrdinal(one.Donor.Message.DonorId, other.Donor.Message.DonorId)));
        var isFirst = true;
        foreach (var day in begins.Concat(certain).Select(group => group.Key).Distinct().Order())
        {
            // Who is certainly behind one that is certainly ready stays so on every later day.
            var isStricter = certain[day].Aggregate(false, (stricter, entry) => Outdo(entry.Worst) || stricter);
            var left = isStricter ? ready.RemoveWhere(IsOutdone) : 0;
            var joined = begins[day].Count(entry => !IsOutdone(entry) && ready.Add(entry));
            if (left + joined > 0 || isFirst)
            {
                yield return (Point(day, ready), left > 0);
                isFirst = false;
            }
        }
    }

    // Whether it is stricter than before.
    private bool Outdo(in Place worst)
    {
        var isStricter = worst.Band < _leastBand;
        _leastBand = Math.Min(_leastBand, worst.Band);
        if (worst.Group != Place.NoGroup && (!_leastOfGroup.TryGetValue(worst.Group, out var least) || ranking.SourceOrder.Compare(worst, least) < 0))
        {
            _leastOfGroup[worst.Group] = worst;
            return true;
        }

        return isStricter;
    }

    private bool IsOutdone(Entry entry) => _leastBand < entry.Best.Band
        || (_leastOfGroup.TryGetValue(entry.Best.Group, out var least) && ranking.SourceOrder.Precedes(least, entry.Best));

    private FrontierPoint Point(DateOnly day, SortedSet<Entry> first)
    {
        var point = new FrontierPoint
        {
            Date = Of(day),
            Possible = { first.Take(MostListed).Select(entry => entry.Donor.Message.DonorId) },
            Count = first.Count,
            AfterWindow = day > ranking.Question.Window.Latest,
        };
        if (ranking.Question.Window.Relapse is { } relapse)
        {
            point.DaysFromRelapse = day.DayNumber - relapse.DayNumber;
        }

        return point;
    }
}
