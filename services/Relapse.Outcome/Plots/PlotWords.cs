using System.Globalization;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>What a plot says in words.</summary>
internal static class PlotWords
{
    /// <summary>Endpoint and clock: <c>overall survival, after the relapse</c>.</summary>
    public static string Title(string endpoint, Clock clock) => $"{endpoint}, {(NaturalFrequency.Clock(clock) is { Length: > 0 } words ? words : "clock not stated")}";

    /// <summary>How a row fits, in one word; empty where no case is involved.</summary>
    public static string Fit(MatchLevel match) => match switch
    {
        MatchLevel.Exact => "exact",
        MatchLevel.Broader => "broader",
        MatchLevel.Conditional => "conditional",
        MatchLevel.Open => "open",
        MatchLevel.NotApplicable => "other children",
        _ => "",
    };

    public static string Horizon(Figure figure) => figure switch
    {
        { HasHorizonYears: true } => $"{NaturalFrequency.Number(figure.HorizonYears)} y",
        { HasHorizonFromYears: true } => $"{NaturalFrequency.Number(figure.HorizonFromYears)}-{NaturalFrequency.Number(figure.HorizonToYears)} y",
        _ => "not stated",
    };

    /// <summary>In what a row is not about exactly this child: <c>differs in lineage; broader in timing, site</c>. Empty where it is, or no case is involved.</summary>
    public static string Fit(IReadOnlyCollection<DimensionFit> dimensions) => string.Join("; ", dimensions
        .Where(dimension => dimension.Fit is not FitLevel.Exact && dimension.Dimension != Dimension.Era)
        .GroupBy(dimension => dimension.Fit, dimension => Word(dimension.Dimension))
        .OrderByDescending(alike => alike.Key)
        .Select(alike => $"{Prefix(alike.Key)} {string.Join(", ", alike.Distinct())}")
        .Concat(dimensions.Where(dimension => dimension.Dimension == Dimension.Era && dimension.Fit is not FitLevel.Exact).Select(_ => "not known to be of its years")));

    private static string Word(string dimension) => dimension switch
    {
        Dimension.Mrd => "MRD",
        Dimension.Other => "what is restricted in words alone",
        _ => dimension.Replace('_', ' '),
    };

    private static string Prefix(FitLevel fit) => fit switch
    {
        FitLevel.Differs => "differs in",
        FitLevel.Unknown => "not known in",
        FitLevel.Conditional => "on a condition in",
        _ => "broader in",
    };

    public static string Number(Figure figure) => figure.HasN ? figure.N.ToString(CultureInfo.InvariantCulture) : "not printed";

    public static string Era(Figure figure) => figure.Era is { } era ? string.Create(CultureInfo.InvariantCulture, $"{era.From}-{era.To}") : "not printed";

    /// <summary>An interval in short: <c>26-46</c>, with what it is.</summary>
    public static string Interval(ShownInterval? interval) => interval is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(interval.Low, 1)}-{Math.Round(interval.High, 1)}");
}
