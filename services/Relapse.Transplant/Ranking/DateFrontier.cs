using Relapse.Contracts.Transplant.V1;
using Date = Google.Type.Date;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Who can come first among the donors ready by a day, for each day on which that changes. A donor whose date is open may be ready from its
/// first possible day on, one without a date on any day; only one who is certainly ready keeps another from the first place. Who is blocked
/// or has no tier is on no frontier. What donors share is settled in every way, and who can come first in one of them is on it.
/// </summary>
/// <param name="ranking">The ranking.</param>
internal sealed class DateFrontier(DonorRanking ranking)
{
    private const int MostListed = 10;
    private const int MostPoints = 50;
    private static readonly Comparer<Entry> ById = Comparer<Entry>.Create((one, other) => string.CompareOrdinal(one.Donor.Message.DonorId, other.Donor.Message.DonorId));

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

    // Who can in one of the completions: in how many is counted, so that somebody leaves with the last.
    private IEnumerable<(FrontierPoint Point, bool IsOutdone)> All()
    {
        var (ready, completions) = (new SortedSet<Entry>(ById), new int[ranking.Given.Entries.Length]);
        List<Ready> each = [.. ranking.Completions.Select(completion => new Ready(ranking, completion.Entries))];
        each.ForEach(one => Join(one.Initial));
        var isFirst = true;
        foreach (var day in each.SelectMany(one => one.Days).Distinct().Order())
        {
            var (left, joined) = (0, 0);
            foreach (var (gone, come) in each.Select(one => one.Step(day)))
            {
                joined += Join(come);
                left += Leave(gone);
            }

            if (left + joined > 0 || isFirst)
            {
                yield return (Point(day, ready), left > 0);
                isFirst = false;
            }
        }

        int Join(IEnumerable<Entry> entries) => entries.Count(entry => completions[entry.Donor.Index]++ == 0 && ready.Add(entry));

        int Leave(IEnumerable<Entry> entries) => entries.Count(entry => --completions[entry.Donor.Index] == 0 && ready.Remove(entry));
    }

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

    /// <summary>Who is ready and can come first in one completion, day by day.</summary>
    private sealed class Ready
    {
        private readonly DonorRanking _ranking;
        private readonly ILookup<DateOnly, Entry> _begins;
        private readonly ILookup<DateOnly, Entry> _certain;
        private readonly HashSet<Entry> _ready;
        private readonly Dictionary<int, Place> _leastOfGroup = [];
        private int _leastBand = int.MaxValue;

        public Ready(DonorRanking ranking, IEnumerable<Entry> entries)
        {
            List<Entry> candidates = [.. entries.Where(entry => entry.Best.Band < ranking.FirstWithoutTier)];
            _ranking = ranking;
            _begins = candidates.Where(entry => entry.Donor.Date is not null).ToLookup(entry => entry.Donor.Date!.Value.Min);
            _certain = candidates.Where(entry => entry.Donor.Date?.Max is not null).ToLookup(entry => entry.Donor.Date!.Value.Max!.Value);
            _ready = new HashSet<Entry>(candidates.Where(entry => entry.Donor.Date is null), ReferenceEqualityComparer.Instance);
            Initial = [.. _ready];
        }

        // Those without a date.
        public Entry[] Initial { get; }

        public IEnumerable<DateOnly> Days => _begins.Concat(_certain).Select(group => group.Key);

        // Who is certainly behind one that is certainly ready stays so on every later day.
        public (List<Entry> Gone, List<Entry> Come) Step(DateOnly day)
        {
            var isStricter = _certain[day].Aggregate(false, (stricter, entry) => Outdo(entry.Worst) || stricter);
            List<Entry> gone = isStricter ? [.. _ready.Where(IsOutdone)] : [];
            _ready.ExceptWith(gone);
            List<Entry> come = [.. _begins[day].Where(entry => !IsOutdone(entry) && _ready.Add(entry))];
            return (gone, come);
        }

        // Whether it is stricter than before.
        private bool Outdo(in Place worst)
        {
            var isStricter = worst.Band < _leastBand;
            _leastBand = Math.Min(_leastBand, worst.Band);
            if (worst.Group != Place.NoGroup && (!_leastOfGroup.TryGetValue(worst.Group, out var least) || _ranking.SourceOrder.Compare(worst, least) < 0))
            {
                _leastOfGroup[worst.Group] = worst;
                return true;
            }

            return isStricter;
        }

        private bool IsOutdone(Entry entry) => _leastBand < entry.Best.Band
            || (_leastOfGroup.TryGetValue(entry.Best.Group, out var least) && _ranking.SourceOrder.Precedes(least, entry.Best));
    }
}
