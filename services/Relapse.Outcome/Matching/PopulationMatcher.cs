using System.Collections.Immutable;
using System.Globalization;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Decisions;

namespace Relapse.Outcomes;

/// <summary>
/// Matches populations to one question, dimension by dimension (AMB-53). A dimension that a population names is within, outside or not
/// known; one that the case tells and the population does not name makes it broader. A risk group stands for no timing, site or lineage: it
/// holds other children too.
/// </summary>
internal sealed class PopulationMatcher(Question question, LibraryFile words)
{
    private readonly CaseStandings _case = question.Standings;
    private readonly TreatmentFit _treatment = new(question.Treatment, words);
    private readonly ImmutableArray<string> _told = [.. ToldOf(question)];

    /// <summary>The dimensions of the question that the case, or what is asked beyond it, tells.</summary>
    public IEnumerable<string> Told => _told.Concat(_treatment.Told);

    /// <summary>How a row fits: its population, and the years of its cohort.</summary>
    public RowMatch Match(EvidenceRow row) => RowMatch.Of(_case.TellsRelapseDate ? Fits(row.Population).Add(EraFit(row.Figure.Era)) : Fits(row.Population));

    /// <summary>How a population fits.</summary>
    public RowMatch Match(EvidencePopulation population) => RowMatch.Of(Fits(population));

    private ImmutableArray<DimensionFit> Fits(EvidencePopulation population)
    {
        var fits = ImmutableArray.CreateBuilder<DimensionFit>();
        var alternatives = new AlternativeFit([.. population.Alternatives.Select(alternative => (alternative.When, Named(alternative).ToImmutableArray()))]);
        foreach (var (dimension, standing) in Named(population).Concat(alternatives.Dimensions))
        {
            fits.Add(Fit(dimension, standing, IsLoaded(population, dimension)));
        }
        if (population.When.RelapseNumber.Count == 0 && _case.FirstRemissionReached.Standing is Standing.Open)
        {
            fits.Add(new DimensionFit { Dimension = Dimension.RelapseNumber, Fit = FitLevel.Conditional, Detail = "it is a relapse, after a first remission", Missing = { _case.FirstRemissionReached.Missing } });
        }
        foreach (var other in population.When.Other)
        {
            fits.Add(new DimensionFit { Dimension = Dimension.Other, Fit = FitLevel.Unknown, Detail = other });
        }
        foreach (var dimension in Told.Where(told => !IsRestricted(population.When, told) && !alternatives.All(when => IsRestricted(when, told))))
        {
            fits.Add(new DimensionFit { Dimension = dimension, Fit = FitLevel.Broader, Detail = "the source does not restrict it" });
        }
        return fits.ToImmutable();
    }

    /// <summary>
    /// Years exclude no child, since otherwise every figure would be of nobody in a few years; but a figure of other years than those of the
    /// relapse is not of exactly this combination.
    /// </summary>
    private DimensionFit EraFit(Era? era)
    {
        if (era is null)
        {
            return new DimensionFit { Dimension = Dimension.Era, Fit = FitLevel.Broader, Detail = "the years of its cohort are not printed" };
        }
        return _case.RelapsedIn(era.From, era.To).Standing is Standing.Within
            ? new DimensionFit { Dimension = Dimension.Era, Fit = FitLevel.Exact }
            : new DimensionFit { Dimension = Dimension.Era, Fit = FitLevel.Broader, Detail = string.Create(CultureInfo.InvariantCulture, $"treated or enrolled in {era.From} to {era.To}; this relapse is not known to be of these years") };
    }

    /// <summary>Whether the words are there in which a dimension is written.</summary>
    private bool IsLoaded(EvidencePopulation population, string dimension) => dimension switch
    {
        Dimension.Timing => population.When.Timing is not { } timing || question.Has(timing.Scheme, SchemeDecisions.Timing),
        Dimension.RiskGroup => population.When.RiskGroup is not { } group || question.Has(group.Scheme, SchemeDecisions.RiskGroup),
        Dimension.Site => question.Has(words.GeneralScheme, SchemeDecisions.Site),
        Dimension.ExtramedullarySite => question.Has(words.GeneralScheme, SchemeDecisions.ExtramedullarySite),
        _ => true,
    };

    private IEnumerable<(string Dimension, CaseStanding Standing)> Named(EvidencePopulation population) =>
        [.. OfRelapse(population), .. OfDisease(population), .. OfChild(population), .. _treatment.Of(population)];

    private IEnumerable<(string, CaseStanding)> OfRelapse(EvidencePopulation population)
    {
        var when = population.When;
        if (when.RelapseNumber.Count > 0)
        {
            yield return (Dimension.RelapseNumber, question.Relapse(when.RelapseNumber));
        }
        if (when.Timing is { } timing)
        {
            yield return (Dimension.Timing, question.Conclusion(timing.Scheme, SchemeDecisions.Timing, timing.Classes));
        }
        if (population.MonthsFromDiagnosis is { } sinceDiagnosis)
        {
            yield return (Dimension.MonthsFromDiagnosis, _case.MonthsFromDiagnosis(sinceDiagnosis));
        }
        if (population.MonthsFromTherapyEnd is { } sinceEnd)
        {
            yield return (Dimension.MonthsFromTherapyEnd, _case.MonthsFromTherapyEnd(sinceEnd));
        }
        if (population.FirstRemissionYears is { } first)
        {
            yield return (Dimension.FirstRemissionYears, _case.FirstRemission(first));
        }
        if (population.SecondRemissionYears is { } second)
        {
            yield return (Dimension.SecondRemissionYears, _case.SecondRemission(second));
        }
        if (when.Remission.Count > 0)
        {
            yield return (Dimension.Remission, question.Remission(when.Remission));
        }
    }

    private IEnumerable<(string, CaseStanding)> OfDisease(EvidencePopulation population)
    {
        var when = population.When;
        if (when.Site.Count > 0)
        {
            yield return (Dimension.Site, question.General(SchemeDecisions.Site, when.Site));
        }
        if (when.ExtramedullarySite.Count > 0)
        {
            yield return (Dimension.ExtramedullarySite, question.General(SchemeDecisions.ExtramedullarySite, when.ExtramedullarySite));
        }
        if (when.Lineage.Count > 0)
        {
            yield return (Dimension.Lineage, _case.Lineage(when.Lineage));
        }
        if (when.RiskGroup is { } group)
        {
            yield return (Dimension.RiskGroup, question.Conclusion(group.Scheme, SchemeDecisions.RiskGroup, group.Classes));
        }
        if (population.MrdBand is { } band)
        {
            yield return (Dimension.Mrd, _case.Mrd(when.Mrd.TimePoint, band, when.Mrd.Methods));
        }
        if (when.Genetics.Count > 0)
        {
            yield return (Dimension.Genetics, All(when.Genetics.Select(marker => _case.Marker(marker.Marker, marker.Status))));
        }
    }

    private IEnumerable<(string, CaseStanding)> OfChild(EvidencePopulation population)
    {
        var when = population.When;
        if (population.AgeYears is { } age)
        {
            yield return (Dimension.AgeYears, _case.AgeAtRelapse(age));
        }
        if (population.AgeAtDiagnosisYears is { } diagnosed)
        {
            yield return (Dimension.AgeAtDiagnosisYears, _case.AgeAtDiagnosis(diagnosed));
        }
        if (when.HasDownSyndrome)
        {
            yield return (Dimension.DownSyndrome, _case.DownSyndrome(when.DownSyndrome));
        }
        if (when.HasPriorTransplant)
        {
            yield return (Dimension.PriorTransplant, _case.PriorTransplant(when.PriorTransplant));
        }
    }

    private static CaseStanding All(IEnumerable<CaseStanding> standings)
    {
        CaseStanding[] all = [.. standings];
        return all.Any(one => one.Standing is Standing.Outside) ? CaseStanding.Outside
            : all.All(one => one.Standing is Standing.Within) ? CaseStanding.Within
            : CaseStanding.Open([.. all.SelectMany(one => one.Missing).Distinct()]);
    }

    private static DimensionFit Fit(string dimension, CaseStanding standing, bool isLoaded)
    {
        var fit = new DimensionFit
        {
            Dimension = dimension,
            Fit = standing.Standing switch
            {
                Standing.Within => FitLevel.Exact,
                Standing.Conditional => FitLevel.Conditional,
                Standing.Outside => FitLevel.Differs,
                _ => FitLevel.Unknown,
            },
            Detail = standing.Standing switch
            {
                Standing.Within => "",
                Standing.Conditional => string.Join("; ", standing.Provided),
                Standing.Outside => "this child is not of its population",
                _ when !isLoaded => "the protocol in whose words it is written is not there, or has not these words",
                _ => "what is known does not settle it",
            },
        };
        fit.Missing.Add(standing.Missing);
        return fit;
    }

    /// <summary>The dimensions of the question: what makes this child's relapse what it is, as far as the case tells it.</summary>
    private static IEnumerable<string> ToldOf(Question question)
    {
        var standings = question.Standings;
        (string Dimension, bool IsTold)[] told =
        [
            (Dimension.RelapseNumber, standings.TellsRelapseNumber),
            (Dimension.Timing, standings.TellsTiming),
            (Dimension.Site, question.Settled(SchemeDecisions.Site) is not null),
            (Dimension.ExtramedullarySite, question.Settled(SchemeDecisions.ExtramedullarySite) is not (null or "NONE")),
            (Dimension.Lineage, standings.TellsLineage),
            (Dimension.Mrd, standings.TellsMrd),
            (Dimension.Remission, question.State is not null),
            (Dimension.Genetics, standings.TellsMarkerPresent),
            (Dimension.DownSyndrome, standings.DownSyndrome(true).Standing is Standing.Within),
            (Dimension.PriorTransplant, standings.PriorTransplant(true).Standing is Standing.Within),
        ];
        return told.Where(dimension => dimension.IsTold).Select(dimension => dimension.Dimension);
    }

    private bool IsRestricted(Population when, string dimension) => dimension switch
    {
        Dimension.RelapseNumber => when.RelapseNumber.Count > 0,
        Dimension.Timing => when.Timing is not null || when.MonthsFromDiagnosis.Length + when.MonthsFromTherapyEnd.Length + when.FirstRemissionYears.Length + when.SecondRemissionYears.Length > 0,
        Dimension.Site => when.Site.Count > 0,
        Dimension.ExtramedullarySite => when.ExtramedullarySite.Count > 0,
        Dimension.Lineage => when.Lineage.Count > 0,
        Dimension.Mrd => when.Mrd is not null,
        Dimension.Remission => when.Remission.Count > 0,
        Dimension.Genetics => when.Genetics.Count > 0,
        Dimension.DownSyndrome => when.HasDownSyndrome,
        Dimension.PriorTransplant => when.HasPriorTransplant,
        _ => _treatment.IsRestricted(when, dimension),
    };
}
