using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>Collects the days of one interval at which something may change.</summary>
internal sealed class CriticalDays(DateInterval within)
{
    private readonly SortedSet<DateOnly> _days = [];

    /// <summary>Adds a day and so many days on either side of it, as far as they lie within the interval.</summary>
    public void Around(DateOnly center, int days)
    {
        for (var number = center.DayNumber - days; number <= center.DayNumber + days; number++)
        {
            if (number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber && within.Contains(DateOnly.FromDayNumber(number)))
            {
                _days.Add(DateOnly.FromDayNumber(number));
            }
        }
    }

    /// <summary>The days with the interval's own ends; when there is none at all, one that stands for every day.</summary>
    public SortedSet<DateOnly> Complete()
    {
        foreach (var end in new[] { within.Min, within.Max })
        {
            if (end is { } day)
            {
                _days.Add(day);
            }
        }
        if (_days.Count == 0)
        {
            _days.Add(new DateOnly(2000, 1, 15));
        }
        return _days;
    }
}
