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

    /// <summary>The points, earliest first; none where no donor has a date.</summary>
    public IEnumerable<FrontierPoint> Points()
    {
        List<Entry> candidates = [.. ranking.List.Select(listed => listed.Entry).Where(entry => entry.Best.Band < ranking.FirstWithoutTier)];
        var begins = candidates.Where(entry => entry.Donor.Date is not null).ToLookup(entry => entry.Donor.Date!.Value.Min);
        var certain = candidates.Where(entry => entry.Donor.Date?.Max is not null).ToLookup(entry => entry.Donor.Date!.Value.Max!.Value);
        List<Entry> ready = [.. candidates.Where(entry => entry.Donor.Date is null)];
        var (before, points) = (Array.Empty<string>(), 0);
        foreach (var day in begins.Concat(certain).Select(group => group.Key).Distinct().Order())
        {
            ready.AddRange(begins[day]);
            foreach (var entry in certain[day])
            {
                Outdo(entry.Worst);
            }

            // Who is certainly behind one that is certainly ready stays so on every later day.
            ready.RemoveAll(IsOutdone);
            string[] first = [.. ready.Select(entry => entry.Donor.Message.DonorId).Order(StringComparer.Ordinal)];
            if (!first.AsSpan().SequenceEqual(before) && points++ < MostPoints)
            {
                yield return Point(day, first);
                before = first;
            }
        }
    }

    /// <summary>A day as the contract writes it.</summary>
    public static Date Of(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    private void Outdo(in Place worst)
    {
        _leastBand = Math.Min(_leastBand, worst.Band);
        if (worst.Group != Place.NoGroup && (!_leastOfGroup.TryGetValue(worst.Group, out var least) || ranking.SourceOrder.Compare(worst, least) < 0))
        {
            _leastOfGroup[worst.Group] = worst;
        }
    }

    private bool IsOutdone(Entry entry) => _leastBand < entry.Best.Band
        || (_leastOfGroup.TryGetValue(entry.Best.Group, out var least) && ranking.SourceOrder.Precedes(least, entry.Best));

    private FrontierPoint Point(DateOnly day, string[] first)
    {
        var point = new FrontierPoint { Date = Of(day), Possible = { first.Take(MostListed) }, AfterWindow = day > ranking.Question.Window.Latest };
        if (ranking.Question.Window.Relapse is { } relapse)
        {
            point.DaysFromRelapse = day.DayNumber - relapse.DayNumber;
        }

        return point;
    }
}
