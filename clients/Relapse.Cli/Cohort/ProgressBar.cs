using System.Globalization;
using Relapse.Client.Cohorts;

namespace Relapse.Cli.Cohort;

/// <summary>How far a cohort is, drawn over itself on a terminal; anywhere else a line for each tenth.</summary>
internal sealed class ProgressBar(long items, TextWriter output, bool isTerminal) : IProgress<CohortProgress>
{
    private const int Width = 30;
    private const int Tenths = 10;

    private CohortProgress _last;
    private bool _drawn;

    public void Report(CohortProgress value)
    {
        if (isTerminal)
        {
            Clear();
            output.Write(Bar(value) + Say(value));
            _drawn = true;
        }
        else if (Tenth(value) > Tenth(_last) || value.Breaks > _last.Breaks)
        {
            output.WriteLine(Say(value));
        }

        _last = value;
    }

    /// <summary>Makes room for a line of something else.</summary>
    public void Clear()
    {
        if (_drawn)
        {
            output.Write("\r\u001b[K");
            _drawn = false;
        }
    }

    /// <summary>Leaves the last that was drawn, on a line of its own.</summary>
    public void End()
    {
        if (_drawn)
        {
            output.WriteLine();
            _drawn = false;
        }
    }

    private string Bar(CohortProgress value)
    {
        var full = items == 0 ? Width : (int)Math.Min(Width, value.Answered * Width / items);
        return $"[{new string('#', full)}{new string('.', Width - full)}] ";
    }

    private string Say(CohortProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(items == 0 ? 100 : value.Answered * 100 / items)} %  {value.Answered:N0} of {items:N0} cases{(value.Refused > 0 ? $", {value.Refused:N0} refused" : "")}{(value.Breaks > 0 ? $", taken up again {value.Breaks} time(s)" : "")}");

    private long Tenth(CohortProgress value) => items == 0 ? 0 : value.Answered * Tenths / items;
}
