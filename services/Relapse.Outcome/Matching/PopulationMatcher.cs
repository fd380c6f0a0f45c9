using System.Collections.Immutable;
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
    private readonly TreatmentFit _treatment = new(question.Intention, words);
    private readonly ImmutableArray<string> _told = [.. Told(question)];

    /// <summary>How a population fits.</summary>
    public RowMatch Match(EvidencePopulation population)
    {
        var fits = ImmutableArray.CreateBuilder<DimensionFit>();
        foreach (var (dimension, standing) in Named(population))
        {
            fits.Add(Fit(dimension, standing));
        }
        if (population.When.RelapseNumber.Count == 0 && _case.FirstRemissionReached.Standing is Standing.Open)
        {
            fits.Add(new DimensionFit { Dimension = Dimension.RelapseNumber, Fit = FitLevel.Conditional, Detail = "it is a relapse, after a first remission", Missing = { _case.FirstRemissionReached.Missing } });
        }
        foreach (var other in population.When.Other)
        {
            fits.Add(new DimensionFit { Dimension = Dimension.Other, Fit = FitLevel.Unknown, Detail = other });
        }
        foreach (var dimension in _told.Concat(_treatment.Told).Where(told => !IsRestricted(population, told)))
        {
            fits.Add(new DimensionFit { Dimension = dimension, Fit = FitLevel.Broader, Detail = "the source does not restrict it" });
        }
        return RowMatch.Of(fits.ToImmutable());
    }

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
            yield return (Dimension.Mrd, _case.Mrd(when.Mrd.TimePoint, band));
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

    private static DimensionFit Fit(string dimension, CaseStanding standing)
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
                _ => "what is known does not settle it",
            },
        };
        fit.Missing.Add(standing.Missing);
        return fit;
    }

    /// <summary>The dimensions of the question: what makes this child's relapse what it is, as far as the case tells it.</summary>
    private static IEnumerable<string> Told(Question question)
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

    private static bool IsRestricted(EvidencePopulation population, string dimension)
    {
        var when = population.When;
        return dimension switch
        {
            Dimension.RelapseNumber => when.RelapseNumber.Count > 0,
            Dimension.Timing => population.RestrictsTiming || population.SecondRemissionYears is not null,
            Dimension.Site => when.Site.Count > 0,
            Dimension.ExtramedullarySite => when.ExtramedullarySite.Count > 0,
            Dimension.Lineage => when.Lineage.Count > 0,
            Dimension.Mrd => when.Mrd is not null,
            Dimension.Remission => when.Remission.Count > 0,
            Dimension.Genetics => when.Genetics.Count > 0,
            Dimension.DownSyndrome => when.HasDownSyndrome,
            Dimension.PriorTransplant => when.HasPriorTransplant,
            _ => TreatmentFit.IsRestricted(population, dimension),
        };
    }
}
