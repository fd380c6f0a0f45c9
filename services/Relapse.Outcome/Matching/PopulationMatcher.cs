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
internal sealed class PopulationMatcher
{
    private static readonly DimensionFit _noEra = new() { Dimension = Dimension.Era, Fit = FitLevel.Broader, Detail = "the years of its cohort are not printed" };

    private readonly Question _question;
    private readonly LibraryFile _words;
    private readonly CaseStandings _case;
    private readonly TreatmentFit _treatment;
    private readonly bool _tellsRelapseDate;
    private readonly DimensionFit? _isRelapse;
    private readonly CaseStanding?[] _standings;
    private readonly DimensionFit?[] _fits;
    private readonly ImmutableArray<DimensionFit> _broader;
    private readonly Dictionary<Era, DimensionFit> _eras = [];

    public PopulationMatcher(Question question, EvidenceLibrary library)
    {
        (_question, _words, _case, _treatment) = (question, library.Words, question.Standings, new TreatmentFit(question.Treatment, library.Words));
        (_standings, _fits) = (new CaseStanding?[library.RestrictionCount], new DimensionFit?[library.RestrictionCount]);
        _tellsRelapseDate = _case.TellsRelapseDate;
        _isRelapse = _case.FirstRemissionReached is { Standing: Standing.Open } open
            ? new DimensionFit { Dimension = Dimension.RelapseNumber, Fit = FitLevel.Conditional, Detail = "it is a relapse, after a first remission", Missing = { open.Missing } }
            : null;
        Told = [.. ToldOf(question), .. _treatment.Told];
        _broader = [.. Told.Select(told => new DimensionFit { Dimension = told, Fit = FitLevel.Broader, Detail = "the source does not restrict it" })];
    }

    /// <summary>The dimensions of the question that the case, or what is asked beyond it, tells.</summary>
    public ImmutableArray<string> Told { get; }

    /// <summary>How a row fits: its population, and the years of its cohort. Rows share what is said of a dimension; it is not to be changed.</summary>
    public RowMatch Match(EvidenceRow row) => RowMatch.Of(Fits(row.Population, _tellsRelapseDate ? EraFit(row.Figure.Era) : null));

    /// <summary>How a population fits.</summary>
    public RowMatch Match(EvidencePopulation population) => RowMatch.Of(Fits(population, null));

    private ImmutableArray<DimensionFit> Fits(EvidencePopulation population, DimensionFit? era)
    {
        var fits = ImmutableArray.CreateBuilder<DimensionFit>();
        foreach (var restriction in population.Restrictions)
        {
            fits.Add(_fits[restriction.Index] ??= Fit(restriction.Dimension, StandingOf(restriction), IsLoaded(population, restriction.Dimension)));
        }
        var alternatives = AlternativesOf(population);
        foreach (var (dimension, standing) in alternatives.Dimensions)
        {
            fits.Add(Fit(dimension, standing, IsLoaded(population, dimension)));
        }
        if (_isRelapse is not null && population.When.RelapseNumber.Count == 0)
        {
            fits.Add(_isRelapse);
        }
        foreach (var other in population.When.Other)
        {
            fits.Add(new DimensionFit { Dimension = Dimension.Other, Fit = FitLevel.Unknown, Detail = other });
        }
        foreach (var broader in _broader)
        {
            if (!IsRestricted(population.When, broader.Dimension) && !alternatives.All(when => IsRestricted(when, broader.Dimension)))
            {
                fits.Add(broader);
            }
        }
        if (era is not null)
        {
            fits.Add(era);
        }
        return fits.ToImmutable();
    }

    private AlternativeFit AlternativesOf(EvidencePopulation population) => population.Alternatives.IsEmpty ? AlternativeFit.None : new AlternativeFit(
        [.. population.Alternatives.Select(alternative => (alternative.When, alternative.Restrictions.Select(restriction => (restriction.Dimension, StandingOf(restriction))).ToImmutableArray()))]);

    /// <summary>
    /// Years exclude no child, since otherwise every figure would be of nobody in a few years; but a figure of other years than those of the
    /// relapse is not of exactly this combination.
    /// </summary>
    private DimensionFit EraFit(Era? era)
    {
        if (era is null)
        {
            return _noEra;
        }
        if (!_eras.TryGetValue(era, out var fit))
        {
            fit = _case.RelapsedIn(era.From, era.To).Standing is Standing.Within
                ? new DimensionFit { Dimension = Dimension.Era, Fit = FitLevel.Exact }
                : new DimensionFit { Dimension = Dimension.Era, Fit = FitLevel.Broader, Detail = string.Create(CultureInfo.InvariantCulture, $"treated or enrolled in {era.From} to {era.To}; this relapse is not known to be of these years") };
            _eras.Add(era, fit);
        }
        return fit;
    }

    /// <summary>Whether the words are there in which a dimension is written.</summary>
    private bool IsLoaded(EvidencePopulation population, string dimension) => dimension switch
    {
        Dimension.Timing => population.When.Timing is not { } timing || _question.Has(timing.Scheme, SchemeDecisions.Timing),
        Dimension.RiskGroup => population.When.RiskGroup is not { } group || _question.Has(group.Scheme, SchemeDecisions.RiskGroup),
        Dimension.Site => _question.Has(_words.GeneralScheme, SchemeDecisions.Site),
        Dimension.ExtramedullarySite => _question.Has(_words.GeneralScheme, SchemeDecisions.ExtramedullarySite),
        _ => true,
    };

    private CaseStanding StandingOf(Restriction restriction) => _standings[restriction.Index] ??= In(restriction.Dimension, restriction.Of);

    private CaseStanding In(string dimension, EvidencePopulation population) => (dimension, population.When) switch
    {
        (Dimension.RelapseNumber, var when) => _question.Relapse(when.RelapseNumber),
        (Dimension.Timing, { Timing: { } timing }) => _question.Conclusion(timing.Scheme, SchemeDecisions.Timing, timing.Classes),
        (Dimension.MonthsFromDiagnosis, _) => _case.MonthsFromDiagnosis(population.MonthsFromDiagnosis!.Value),
        (Dimension.MonthsFromTherapyEnd, _) => _case.MonthsFromTherapyEnd(population.MonthsFromTherapyEnd!.Value),
        (Dimension.FirstRemissionYears, _) => _case.FirstRemission(population.FirstRemissionYears!.Value),
        (Dimension.SecondRemissionYears, _) => _case.SecondRemission(population.SecondRemissionYears!.Value),
        (Dimension.Remission, var when) => _question.Remission(when.Remission),
        (Dimension.Site, var when) => _question.General(SchemeDecisions.Site, when.Site),
        (Dimension.ExtramedullarySite, var when) => _question.General(SchemeDecisions.ExtramedullarySite, when.ExtramedullarySite),
        (Dimension.Lineage, var when) => _case.Lineage(when.Lineage),
        (Dimension.RiskGroup, { RiskGroup: { } group }) => _question.Conclusion(group.Scheme, SchemeDecisions.RiskGroup, group.Classes),
        (Dimension.Mrd, { Mrd: { } mrd }) => _case.Mrd(mrd.TimePoint, population.MrdBand!.Value, mrd.Methods),
        (Dimension.Genetics, var when) => All(when.Genetics.Select(marker => _case.Marker(marker.Marker, marker.Status))),
        (Dimension.AgeYears, _) => _case.AgeAtRelapse(population.AgeYears!.Value),
        (Dimension.AgeAtDiagnosisYears, _) => _case.AgeAtDiagnosis(population.AgeAtDiagnosisYears!.Value),
        (Dimension.DownSyndrome, var when) => _case.DownSyndrome(when.DownSyndrome),
        (Dimension.PriorTransplant, var when) => _case.PriorTransplant(when.PriorTransplant),
        (_, var when) => _treatment.In(dimension, when),
    };

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
