using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>Collects the days of one interval at which something may change.</summary>
internal sealed class CriticalDays(DateInterval within)
{
    private readonly List<(int First, int Last)> _stretches = [];

    /// <summary>Adds a day and so many days on either side of it, as far as they lie within the interval.</summary>
    public void Around(DateOnly center, int days)
    {
        var first = Math.Max(center.DayNumber - days, (within.Min ?? DateOnly.MinValue).DayNumber);
        var last = Math.Min(center.DayNumber + days, (within.Max ?? DateOnly.MaxValue).DayNumber);
        if (first <= last)
        {
            _stretches.Add((first, last));
        }
    }

    /// <summary>The days, ascending, with the interval's own ends; when there is none at all, one that stands for every day.</summary>
    public List<DateOnly> Complete()
    {
        foreach (var end in (ReadOnlySpan<DateOnly?>)[within.Min, within.Max])
        {
            if (end is { } day)
            {
                _stretches.Add((day.DayNumber, day.DayNumber));
            }
        }
        _stretches.Sort();
        var days = new List<DateOnly>(_stretches.Count * 2);
        var next = int.MinValue;
        foreach (var (first, last) in _stretches)
        {
            for (next = Math.Max(next, first); next <= last; next++)
            {
                days.Add(DateOnly.FromDayNumber(next));
            }
        }
        return days.Count > 0 ? days : [new DateOnly(2000, 1, 15)];
    }
}
