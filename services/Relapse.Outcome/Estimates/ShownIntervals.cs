using Relapse.Contracts.Outcome.V1;
using Endpoint = Relapse.Contracts.Outcome.V1.Endpoint;

namespace Relapse.Outcomes;

/// <summary>The interval that stands beside a figure: as published, or ours where none is and the number of patients is printed.</summary>
internal static class ShownIntervals
{
    private const double Percents = 100;

    // A percentage without decimals belongs to a whole number of patients when one rounds to it.
    private const double RoundedTo = 0.5;

    /// <summary>The interval; null when none is printed and none can be made.</summary>
    public static ShownInterval? Of(Figure figure, Endpoint endpoint)
    {
        var estimate = figure.Estimate;
        var middle = estimate.HasPercent ? estimate.Percent : estimate.Value;
        return figure.Interval switch
        {
            { HasLow: true } ends => new ShownInterval { Low = ends.Low, High = ends.High, Origin = IntervalOrigin.Published, Label = Words(ends.Kind) + ", as published" },
            { PlusMinus: > 0 } around => new ShownInterval
            {
                Low = Math.Max(0, middle - around.PlusMinus),
                High = estimate.HasPercent ? Math.Min(Percents, middle + around.PlusMinus) : middle + around.PlusMinus,
                Origin = IntervalOrigin.PublishedPlusMinus,
                Label = Words(around.Kind) + ", as published; no confidence interval",
            },
            _ => Ours(figure, endpoint),
        };
    }

    /// <summary>A printed spread of 0 is none: nothing but one outcome was seen among the patients, which is no certainty.</summary>
    private static ShownInterval? Ours(Figure figure, Endpoint endpoint)
    {
        var isShare = endpoint.Crude || endpoint.Of100.Length > 0;
        if (!figure.HasN || !isShare || figure.Estimate is not { HasPercent: true, Qualifier: Qualifier.Point } estimate || (endpoint.Crude && !IsOfWholePatients(figure)))
        {
            return null;
        }
        var share = figure.HasEvents ? (double)figure.Events / figure.N : estimate.Percent / Percents;
        var (low, high) = WilsonInterval.Of(share, figure.N);
        return new ShownInterval
        {
            Low = low * Percents,
            High = high * Percents,
            Origin = IntervalOrigin.Wilson,
            Label = "95 % score interval (Wilson), ours, of the printed share and number; no narrower than if every patient had been followed to the horizon"
                + (figure.Interval is null ? "" : "; a spread of 0 is printed"),
        };
    }

    /// <summary>A crude share is of a whole number of patients; where it is of none, share and number do not belong together. An estimate over time need not be.</summary>
    private static bool IsOfWholePatients(Figure figure)
    {
        if (figure.HasEvents)
        {
            return true;
        }
        var percent = figure.Estimate.Percent;
        var patients = Math.Round(percent * figure.N / Percents, MidpointRounding.AwayFromZero);
        return Math.Abs((patients * Percents / figure.N) - percent) <= RoundedTo;
    }

    private static string Words(IntervalKind kind) => kind switch
    {
        IntervalKind.Ci95 => "95 % confidence interval",
        IntervalKind.Ci90 => "90 % confidence interval",
        IntervalKind.StandardError => "plus or minus one standard error",
        IntervalKind.PlusMinusUnlabelled => "plus or minus, of what is not said",
        _ => "smallest and largest value observed",
    };
}
