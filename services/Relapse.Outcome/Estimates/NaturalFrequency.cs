using System.Globalization;
using Relapse.Contracts.Outcome.V1;
using Relapse.Decisions;
using Endpoint = Relapse.Contracts.Outcome.V1.Endpoint;

namespace Relapse.Outcomes;

/// <summary>A figure as a natural frequency, with its horizon and clock in words.</summary>
internal static class NaturalFrequency
{
    /// <summary>The sentence; empty for what is no share of children.</summary>
    public static string Of(Figure figure, Endpoint endpoint)
    {
        if (endpoint.Of100.Length == 0 || Share(figure.Estimate) is not { Length: > 0 } share)
        {
            return "";
        }
        var when = string.Join(' ', new[] { Horizon(figure), Clock(figure.Clock) }.Where(part => part.Length > 0));
        return $"Of 100 such children, {share} {endpoint.Of100}{(when.Length > 0 ? " " + when : "")}.";
    }

    /// <summary>A figure in short, as printed: <c>36 %</c>, <c>&lt; 10 %</c>, <c>20-50 %</c>, <c>28 months</c>.</summary>
    public static string Printed(PublishedEstimate estimate) => estimate switch
    {
        { HasValue: true } => $"{Sign(estimate.Qualifier)}{Number(estimate.Value)} {estimate.Unit.ToLowerInvariant()}",
        { HasLow: true } => $"{Number(estimate.Low)}-{Number(estimate.High)} %",
        _ => $"{Sign(estimate.Qualifier)}{Number(estimate.Percent)} %",
    };

    /// <summary>When the clock starts, in words; empty where that is not printed.</summary>
    public static string Clock(Clock clock) => clock switch
    {
        Contracts.Outcome.V1.Clock.FromRelapse => "after the relapse",
        Contracts.Outcome.V1.Clock.FromRemission => "after the remission",
        Contracts.Outcome.V1.Clock.FromRandomisation => "after randomisation",
        Contracts.Outcome.V1.Clock.FromTransplant => "after the transplant",
        Contracts.Outcome.V1.Clock.FromDiagnosis => "after first diagnosis",
        _ => "",
    };

    private static string Share(PublishedEstimate estimate)
    {
        if (estimate.HasLow)
        {
            return $"{Rounded(estimate.Low)} to {Rounded(estimate.High)}";
        }
        if (!estimate.HasPercent)
        {
            return "";
        }
        var about = Rounded(estimate.Percent);
        return estimate.Qualifier switch
        {
            Qualifier.AtMost => $"at most {about}",
            Qualifier.LessThan => $"fewer than {about}",
            Qualifier.GreaterThan => $"more than {about}",
            Qualifier.Point when estimate.Percent is 0 => "none",
            _ => $"about {about}",
        };
    }

    private static string Horizon(Figure figure)
    {
        var isStated = figure.Clock is not Contracts.Outcome.V1.Clock.NotStated;
        if (Years(figure) is not { Length: > 0 } years)
        {
            return isStated ? "at a time that is not printed" : "";
        }
        return isStated ? years : years + " on";
    }

    /// <summary>The horizon in words: <c>5 years</c>, <c>3 to 6 years</c>; empty where none is printed.</summary>
    private static string Years(Figure figure) => figure switch
    {
        { HasHorizonFromYears: true } => $"{Number(figure.HorizonFromYears)} to {Number(figure.HorizonToYears)} years",
        { HasHorizonYears: false } => "",
        { HorizonYears: < 1 } => $"{Number(figure.HorizonYears * CalendarMonths.OfYear)} months",
        { HorizonYears: 1 } => "1 year",
        _ => $"{Number(figure.HorizonYears)} years",
    };

    private static string Sign(Qualifier qualifier) => qualifier switch
    {
        Qualifier.Approximate => "about ",
        Qualifier.AtMost => "at most ",
        Qualifier.LessThan => "< ",
        Qualifier.GreaterThan => "> ",
        _ => "",
    };

    private static string Rounded(double percent) => Math.Round(percent, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture);

    internal static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
