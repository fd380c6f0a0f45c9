using System.Collections.Immutable;
using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Decisions;
using Condition = Relapse.Contracts.Decision.V1.Condition;

namespace Relapse.Clinical;

/// <summary>
/// How a case stands to the restrictions by which published populations are described. Exact under what is known: within and outside hold
/// under every completion of it, so that more knowledge never turns one into the other. Facts that contradict each other settle nothing.
/// </summary>
public sealed class CaseStandings
{
    private readonly RelapseCase _case;
    private readonly CaseFacts _facts;
    private readonly HashSet<string> _contradicted;

    /// <param name="evaluator">The case with its facts.</param>
    public CaseStandings(CaseEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        (_case, _facts) = (evaluator.Case, evaluator.Facts);
        _contradicted = [.. _facts.Contradictions.SelectMany(contradiction => contradiction.Facts)];
    }

    /// <summary>Facts of the case that cannot all be true.</summary>
    public IEnumerable<Contradiction> Contradictions => _facts.Contradictions.Select(found => new Contradiction { Fields = { found.Fields }, Detail = found.Detail });

    /// <summary>Whether anything is told of the timing.</summary>
    public bool TellsTiming => _facts.Timing.Known is var known && (known.MonthsFromDiagnosis != TimingKnown.AnyMonths
        || (known.Diagnosis != DateInterval.Everything && known.Relapse != DateInterval.Everything));

    /// <summary>Which relapse it is, counted from 1.</summary>
    public CaseStanding RelapseNumber(Interval numbers) => Number(CaseFact.RelapseNumber, numbers);

    /// <summary>Whether which relapse it is, is known.</summary>
    public bool TellsRelapseNumber => ((NumberFact)_facts[CaseFact.RelapseNumber]).Known is not null;

    /// <summary>Whether a first remission was ever reached, without which there is no relapse.</summary>
    public CaseStanding FirstRemissionReached => Word(CaseFact.FirstRemission, "ACHIEVED");

    /// <summary>Whether it is not acute lymphoblastic leukaemia, or no relapse because there never was a remission.</summary>
    public CaseStanding OutOfScope => Word(CaseFact.Disease, "ACUTE_LYMPHOBLASTIC").Standing is Standing.Outside || FirstRemissionReached.Standing is Standing.Outside
        ? CaseStanding.Within
        : CaseStanding.Open();

    /// <summary>Its lineage.</summary>
    public CaseStanding Lineage(IEnumerable<Lineage> lineages) => Word(CaseFact.Lineage, [.. lineages.Select(WordOf).OfType<string>()]);

    /// <summary>Whether its lineage is known.</summary>
    public bool TellsLineage => ((WordFact)_facts[CaseFact.Lineage]).Possible.IsSingle;

    /// <summary>A genetic marker, whenever it was looked for.</summary>
    public CaseStanding Marker(GeneticMarker marker, FindingStatus status)
    {
        var facts = GeneticMarkers.All.First(known => known.Marker == marker);
        return Word(FactCatalogue.Find(facts.Found)!, status is FindingStatus.Present ? "PRESENT" : "ABSENT");
    }

    /// <summary>Whether any marker was found.</summary>
    public bool TellsMarkerPresent => GeneticMarkers.All.Any(known => Marker(known.Marker, FindingStatus.Present).Standing is Standing.Within);

    /// <summary>Down syndrome.</summary>
    public CaseStanding DownSyndrome(bool present) => Word(CaseFact.DownSyndrome, present ? "PRESENT" : "ABSENT");

    /// <summary>A transplant before this relapse.</summary>
    public CaseStanding PriorTransplant(bool any) => Word(CaseFact.PriorTransplant, any ? "ANY" : "NONE");

    /// <summary>Age at this relapse in years.</summary>
    public CaseStanding AgeAtRelapse(Interval years) => Number(CaseFact.AgeAtRelapse, years);

    /// <summary>Age at first diagnosis in years.</summary>
    public CaseStanding AgeAtDiagnosis(Interval years) => Number(CaseFact.AgeAtDiagnosis, years);

    /// <summary>
    /// The level of residual disease in the marrow at a time point, as a fraction of cells. A level outside is outside by whatever method;
    /// one within, by another method than the source's, is within on a condition, and by one that is not stated not known.
    /// </summary>
    /// <param name="timePoint">The time point.</param>
    /// <param name="band">The levels that are within.</param>
    /// <param name="methods">The methods by which the source measured; none: any.</param>
    public CaseStanding Mrd(TimePoint timePoint, Interval band, IReadOnlyCollection<MrdMethod> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        var byMethods = methods.Aggregate(0UL, (bits, method) => bits | Bit((int)method));
        var measure = new MrdMeasure(FactCatalogue.Measurements[0], Bit((int)timePoint), Bit((int)Specimen.Marrow), byMethods, NotAfter: 0);
        var measured = MrdSelector.Select(_case, new CaseNumbers(_case), measure);
        var standing = CaseStanding.Of(measured.Level.Interval.IsWithin(band), !measured.Level.Interval.Overlaps(band), measured.Level.Field);
        if (standing.Standing is not Standing.Within)
        {
            return standing;
        }
        var own = FactCatalogue.Find(FactId.MrdMethodOf(measure.Name))!.Words.IndexOf("PROTOCOL");
        return measured.Method.Possible.IsSubsetOf(ValueSet.Of(own)) ? CaseStanding.Within
            : measured.Method.Possible.Overlaps(ValueSet.Of(own)) ? CaseStanding.Open(measured.Method.Field)
            : new CaseStanding(Standing.Conditional, []) { Provided = ["METHOD_MISMATCH: the level would be the same by the method of the source"] };
    }

    /// <summary>Whether any residual disease was measured.</summary>
    public bool TellsMrd => new MrdLevels(_case, new CaseNumbers(_case)) is var levels && Enumerable.Range(0, _case.Mrd.Count).Any(index => levels.IsEvaluable(index) is true);

    /// <summary>Whether the date of this relapse is told, if only in part, and nothing contradicts it.</summary>
    public bool TellsRelapseDate => _facts.Timing.Known.Relapse != DateInterval.Everything && !_contradicted.Contains(FactId.MonthsFromDiagnosis) && !_contradicted.Contains(FactId.MonthsFromTherapyEnd);

    /// <summary>Whether this relapse is of some calendar years, both inclusive.</summary>
    public CaseStanding RelapsedIn(int from, int to)
    {
        var (first, last, relapse) = (new DateOnly(from, 1, 1), new DateOnly(to, 12, 31), _facts.Timing.Known.Relapse);
        return CaseStanding.Of(relapse.Min >= first && relapse.Max <= last, relapse.Max < first || relapse.Min > last, TimingFacts.FieldOf(TimingDate.Relapse));
    }

    /// <summary>Calendar months from first diagnosis to this relapse.</summary>
    public CaseStanding MonthsFromDiagnosis(Interval months) => Clock(months, FactId.MonthsFromDiagnosis, isSinceDiagnosis: true);

    /// <summary>Calendar months from the end of primary therapy to this relapse; one on treatment is in none.</summary>
    public CaseStanding MonthsFromTherapyEnd(Interval months) => Clock(months, FactId.MonthsFromTherapyEnd, isSinceDiagnosis: false);

    /// <summary>
    /// Length of the first remission in years. No case says when it began: it is shorter than the time from first diagnosis, and nothing
    /// else is concluded.
    /// </summary>
    public CaseStanding FirstRemission(Interval years)
    {
        var shorter = MonthsFromDiagnosis(new Interval(0, false, (years.Min ?? 0) * CalendarMonths.OfYear, false)).Standing is Standing.Within && years.Min > 0;
        var within = !(years.Min > 0) && years.Max is { } max && MonthsFromDiagnosis(new Interval(0, false, max * CalendarMonths.OfYear, false)).Standing is Standing.Within;
        return CaseStanding.Of(within, shorter);
    }

    /// <summary>Length of the second remission in years: from the remission after the first relapse to the second.</summary>
    public CaseStanding SecondRemission(Interval years)
    {
        const string Began = "case.previous_relapses[0].remission_date";
        // One of several earlier relapses ended the second remission, and what is missing of the list is not known.
        if (_case.PreviousRelapses.Count > 1 || RelapseNumber(Interval.Point(2)).Standing is not Standing.Within)
        {
            return CaseStanding.Open();
        }
        var from = _case.PreviousRelapses.Count == 1 ? CaseNumbers.ReadDate(_case.PreviousRelapses[0].RemissionDate) : DateInterval.Everything;
        var to = CaseNumbers.ReadDate(_case.Timing?.RelapseDate);
        if (from.Min is not { } begin || from.Max is not { } latest || to.Min is not { } first || to.Max is not { } last)
        {
            return CaseStanding.Open(Began, TimingFacts.FieldOf(TimingDate.Relapse));
        }
        var months = new Interval(years.Min * CalendarMonths.OfYear, years.MinExclusive, years.Max * CalendarMonths.OfYear, years.MaxExclusive);
        var ends = new[] { CalendarMonths.IsWithin(latest, first, months), CalendarMonths.IsWithin(begin, last, months) };
        var possible = CalendarMonths.CanBeWithin(new DateInterval(begin, latest), new DateInterval(first, last), months);
        // Both the shortest and the longest are within an interval, so everything between them is.
        return CaseStanding.Of(ends.All(within => within), !possible, Began);
    }

    /// <summary>How a case stands to some conclusions of a decision that was made for it.</summary>
    /// <param name="decision">The decision, made with the readings by default.</param>
    /// <param name="conclusions">The conclusions that are within.</param>
    public static CaseStanding Conclusion(Decision decision, IReadOnlyCollection<string> conclusions)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ImmutableArray<string> missing = [.. decision.Missing.Select(fact => fact.Field)];
        return decision.Outcome switch
        {
            Outcome.OutOfScope => CaseStanding.Outside,
            Outcome.Inconsistent or Outcome.NotDefined => CaseStanding.Open(),
            _ when decision.Possible.Concat(decision.Conditions.SelectMany(condition => Otherwise(condition))).All(possible => !conclusions.Contains(possible)) => CaseStanding.Outside,
            _ when !decision.Possible.All(conclusions.Contains) => CaseStanding.Open(missing),
            _ when decision.Conditions.Where(condition => !Holds(condition)).Select(condition => condition.Detail).ToImmutableArray() is { Length: > 0 } provided =>
                new CaseStanding(Standing.Conditional, missing) { Provided = provided },
            _ => CaseStanding.Within,
        };

        // A rule known second-hand says of the case what it says; the other reading of an ambiguity is another answer.
        bool Holds(Condition condition) => condition.Kind is ConditionKind.SourceNotRead || (condition.Kind is ConditionKind.Reading && condition.Otherwise.All(conclusions.Contains));
        static IEnumerable<string> Otherwise(Condition condition) => condition.Kind is ConditionKind.Reading or ConditionKind.MethodMismatch ? condition.Otherwise : [];
    }

    private CaseStanding Word(FactDefinition fact, params string[] words)
    {
        var found = (WordFact)_facts[fact];
        var within = ValueSet.Of([.. words.Select(word => fact.Words.IndexOf(word))]);
        return _contradicted.Contains(fact.Id) ? CaseStanding.Open(found.Field)
            : CaseStanding.Of(found.Possible.IsSubsetOf(within), !found.Possible.Overlaps(within), found.Field);
    }

    private CaseStanding Number(FactDefinition fact, Interval within)
    {
        var found = (NumberFact)_facts[fact];
        return _contradicted.Contains(fact.Id) ? CaseStanding.Open(found.Field)
            : CaseStanding.Of(found.Interval.IsWithin(within), !found.Interval.Overlaps(within), found.Field);
    }

    private CaseStanding Clock(Interval months, string fact, bool isSinceDiagnosis)
    {
        var (bands, whole) = (MonthBands.Around(months), MonthBands.Around(TimingKnown.AnyMonths));
        var scales = isSinceDiagnosis ? new ClockScales(bands, MonthBands.WithOnTreatment(whole)) : new ClockScales(whole, MonthBands.WithOnTreatment(bands));
        var timing = _facts.Timing.In(scales);
        var pairs = timing.Pairs(scales.Under(timing));
        ImmutableArray<string> missing = [.. MissingOf(isSinceDiagnosis)];
        if (_contradicted.Contains(fact) || pairs.IsEmpty)
        {
            return CaseStanding.Open(missing);
        }
        var clock = isSinceDiagnosis ? scales.SinceDiagnosis : scales.SinceTherapyEnd;
        var possible = Enumerable.Range(0, clock.Count).Where(band => Has(pairs, scales, band, isSinceDiagnosis)).ToArray();
        return CaseStanding.Of(possible.All(IsWithin), !possible.Any(IsWithin), missing);

        bool IsWithin(int band) => clock.Intervals[band] is { } interval && interval.IsWithin(months);
    }

    private static bool Has(ValueSet pairs, ClockScales scales, int band, bool isSinceDiagnosis)
    {
        var others = isSinceDiagnosis ? scales.SinceTherapyEnd.Count : scales.SinceDiagnosis.Count;
        return Enumerable.Range(0, others).Any(other => pairs.Contains(isSinceDiagnosis
            ? (band * scales.SinceTherapyEnd.Count) + other
            : (other * scales.SinceTherapyEnd.Count) + band));
    }

    private IEnumerable<string> MissingOf(bool isSinceDiagnosis)
    {
        var open = _facts.Timing.OpenDates().Where(date => date is TimingDate.Relapse || (date is TimingDate.Diagnosis) == isSinceDiagnosis).Select(TimingFacts.FieldOf);
        var months = isSinceDiagnosis ? _facts.Timing.AsksMonthsFromDiagnosis : _facts.Timing.AsksMonthsFromTherapyEnd;
        return months ? open.Append(isSinceDiagnosis ? TimingFacts.MonthsFromDiagnosisField : TimingFacts.MonthsFromTherapyEndField) : open;
    }

    private static ulong Bit(int value) => 1UL << value;

    private static string? WordOf(Lineage lineage) => lineage switch
    {
        Contracts.Case.V1.Lineage.BCellPrecursor => "B_CELL_PRECURSOR",
        Contracts.Case.V1.Lineage.TCell => "T_CELL",
        _ => null,
    };
}
