using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Well-formed facts of a case that cannot all be true under any completion of what is not known. Nothing is concluded
/// from them; both are named.
/// </summary>
internal static class CaseContradictions
{
    private static readonly string[] _clocks = [FactId.MonthsFromDiagnosis, FactId.MonthsFromTherapyEnd, FactId.TherapyStoppedEarly];
    private static readonly string[] _marrowTests = [FactId.HighestMarrowTest, FactId.SecondMarrowTest, FactId.SecondTestOfSecondMarrow];
    private static readonly string[] _testes = [FactId.Sex, FactId.TesticularEnlargement, FactId.TesticularBiopsy, FactId.ContralateralBiopsy];

    public static IEnumerable<CaseContradiction> Find(RelapseCase @case, CaseNumbers numbers, TimingFacts timing) =>
        FindInHistory(@case, numbers).Concat(FindInHistoryDates(@case)).Concat(FindInMarrowTests(@case)).Concat(FindInFindings(@case, numbers)).Concat(FindInTiming(@case.Timing, timing));

    /// <summary>Whether the case says anything of the testes.</summary>
    public static bool HasFindings(Testes? testes) =>
        testes is not null && (testes.Enlarged is not TesticularEnlargement.Unspecified || testes.HasBiopsyPositive || testes.HasContralateralBiopsyPositive);

    private static IEnumerable<CaseContradiction> FindInHistory(RelapseCase @case, CaseNumbers numbers)
    {
        var relapses = CaseFacts.RelapseNumber(@case, numbers);
        if (relapses.Max <= @case.PreviousRelapses.Count)
        {
            yield return new(
                ["case.relapse_number", "case.previous_relapses"],
                [FactId.RelapseNumber],
                "as many relapses lie before this one as its number allows, or more");
        }
        if (@case is { HasFirstRemissionAchieved: true, FirstRemissionAchieved: false } && (relapses.Min > 1 || @case.PreviousRelapses.Count > 0))
        {
            yield return new(
                ["case.first_remission_achieved", relapses.Min > 1 ? "case.relapse_number" : "case.previous_relapses"],
                [FactId.FirstRemission, FactId.RelapseNumber],
                "a second or later relapse needs a first remission");
        }
        if (@case.History is { HasNoPriorTransplant: true, NoPriorTransplant: true } history
            && history.Transplants.Any(transplant => !(CaseNumbers.ReadDate(transplant.Date).Min > CaseNumbers.ReadDate(@case.Timing?.RelapseDate).Max)))
        {
            yield return new(
                ["case.history.no_prior_transplant", "case.history.transplants"],
                [FactId.PriorTransplant],
                "a transplant is listed and said not to have been done");
        }
        if (@case is { HasEarlyTPrecursor: true, EarlyTPrecursor: true, Lineage: not (Lineage.Unspecified or Lineage.TCell or Lineage.Mixed) })
        {
            yield return new(
                ["case.early_t_precursor", "case.lineage"],
                // Between the two lineages the disease is the same one.
                @case.Lineage == Lineage.BCellPrecursor ? [FactId.Lineage, FactId.EarlyTPrecursor] : [FactId.Lineage, FactId.Disease, FactId.EarlyTPrecursor],
                "an early T-cell precursor is of T-cell lineage");
        }
    }

    private static IEnumerable<CaseContradiction> FindInHistoryDates(RelapseCase @case)
    {
        var diagnosed = CaseNumbers.ReadDate(@case.Timing?.DiagnosisDate);
        var relapsed = CaseNumbers.ReadDate(@case.Timing?.RelapseDate);
        foreach (var (index, earlier) in @case.PreviousRelapses.Index())
        {
            var date = CaseNumbers.ReadDate(earlier.Date);
            var path = $"case.previous_relapses[{index}].date";
            if (date.Min > relapsed.Max)
            {
                yield return new([path, TimingFacts.FieldOf(TimingDate.Relapse)], [FactId.RelapseNumber], "a previous relapse after this one");
            }
            if (date.Max < diagnosed.Min)
            {
                yield return new([path, TimingFacts.FieldOf(TimingDate.Diagnosis)], [FactId.RelapseNumber], "a previous relapse before the diagnosis");
            }
        }
        foreach (var (index, transplant) in (@case.History?.Transplants ?? []).Index())
        {
            if (CaseNumbers.ReadDate(transplant.Date).Max < diagnosed.Min)
            {
                yield return new(
                    [$"case.history.transplants[{index}].date", TimingFacts.FieldOf(TimingDate.Diagnosis)], [FactId.PriorTransplant], "a transplant before the diagnosis");
            }
        }
    }

    private static IEnumerable<CaseContradiction> FindInMarrowTests(RelapseCase @case)
    {
        var diagnosed = CaseNumbers.ReadDate(@case.Timing?.DiagnosisDate);
        foreach (var (index, test) in MarrowTests.AtRelapse(@case))
        {
            var collected = CaseNumbers.ReadDate(test.CollectDate);
            var path = $"case.mrd[{index}].collect_date";
            if (collected.Max < diagnosed.Min)
            {
                yield return new([path, TimingFacts.FieldOf(TimingDate.Diagnosis)], _marrowTests, "a marrow test at relapse before the diagnosis");
            }
            foreach (var (earlier, relapse) in @case.PreviousRelapses.Index())
            {
                if (collected.Max < CaseNumbers.ReadDate(relapse.Date).Min)
                {
                    yield return new([path, $"case.previous_relapses[{earlier}].date"], _marrowTests, "a marrow test at this relapse before a previous one");
                }
            }
        }
    }

    private static IEnumerable<CaseContradiction> FindInFindings(RelapseCase @case, CaseNumbers numbers)
    {
        if (@case.Sex is Sex.Female && HasFindings(@case.Testes))
        {
            yield return new(["case.sex", "case.testes"], _testes, "testicular findings in a girl");
        }
        if ((@case.Sex is Sex.Male || HasFindings(@case.Testes)) && @case.OtherSites.Any(site => site.Site is Site.Ovary))
        {
            yield return new(
                [@case.Sex is Sex.Male ? "case.sex" : "case.testes", "case.other_sites"], [FactId.OtherSitesInvolved, FactId.OtherSitesSuspected], "an ovary in a boy");
        }
        if (@case.Csf is { HasBlastsPresent: true, BlastsPresent: false } csf
            && (csf.HasConsecutivePositiveSamples ? csf.ConsecutivePositiveSamples : numbers.Bound("case.csf.consecutive_positive_samples", Interval.Everything).Min) > 0)
        {
            yield return new(
                ["case.csf.blasts_present", "case.csf.consecutive_positive_samples"],
                [FactId.CsfBlasts, FactId.CsfConsecutive],
                "samples are said to be positive in a cerebrospinal fluid without blasts");
        }
    }

    private static IEnumerable<CaseContradiction> FindInTiming(Timing? timing, TimingFacts facts)
    {
        if (timing is null)
        {
            yield break;
        }
        var (diagnosed, ended, relapsed) = (facts.Known.Diagnosis, CaseNumbers.ReadDate(timing.PrimaryTherapyEndDate), facts.Known.Relapse);
        var found = false;
        foreach (var contradiction in FindInDates(diagnosed, ended, relapsed, facts).Concat(FindInMonths(diagnosed, ended, relapsed, facts)))
        {
            found = true;
            yield return contradiction;
        }
        if (!found && facts.Known.Pairs(_anyClocks.Under(facts.Known)).IsEmpty)
        {
            yield return new(Fields(TimingDate.Diagnosis, TimingDate.TherapyEnd, TimingDate.Relapse), _clocks, "no order of the three dates fits them all");
        }
    }

    private static IEnumerable<CaseContradiction> FindInDates(DateInterval diagnosed, DateInterval ended, DateInterval relapsed, TimingFacts facts)
    {
        if (relapsed.Max < diagnosed.Min)
        {
            yield return new(Fields(TimingDate.Relapse, TimingDate.Diagnosis), _clocks, "relapse before diagnosis");
        }
        if (ended.Max < diagnosed.Min)
        {
            yield return new(Fields(TimingDate.TherapyEnd, TimingDate.Diagnosis), _clocks, "end of therapy before diagnosis");
        }
        if (!facts.IsOnTreatment && ended.Min > relapsed.Max)
        {
            yield return new(Fields(TimingDate.TherapyEnd, TimingDate.Relapse), _clocks, "end of therapy after the relapse");
        }
        if (facts.IsOnTreatment && ended.Max < relapsed.Min)
        {
            yield return new(
                [TimingFacts.StatusField, TimingFacts.FieldOf(TimingDate.TherapyEnd)], _clocks, "on treatment with an end of therapy before the relapse");
        }
    }

    private static IEnumerable<CaseContradiction> FindInMonths(DateInterval diagnosed, DateInterval ended, DateInterval relapsed, TimingFacts facts)
    {
        if (facts.IsOnTreatment && facts.StatesMonthsFromTherapyEnd)
        {
            yield return new([TimingFacts.StatusField, TimingFacts.MonthsFromTherapyEndField], _clocks, "on treatment with months since the end of therapy");
        }
        if (!facts.Known.TellsMonths)
        {
            yield break;
        }
        if (Exceeds(facts.Known.MonthsFromTherapyEnd, facts.Known.MonthsFromDiagnosis))
        {
            yield return new(
                [TimingFacts.MonthsFromTherapyEndField, TimingFacts.MonthsFromDiagnosisField], _clocks, "therapy ended longer ago than the diagnosis");
        }
        if (PartFrom(diagnosed, relapsed, facts.Known.MonthsFromDiagnosis))
        {
            yield return new(
                [TimingFacts.MonthsFromDiagnosisField, .. Fields(TimingDate.Diagnosis, TimingDate.Relapse)], _clocks, "the months and the dates since diagnosis part");
        }
        if (!facts.IsOnTreatment && PartFrom(ended, relapsed, facts.Known.MonthsFromTherapyEnd))
        {
            yield return new(
                [TimingFacts.MonthsFromTherapyEndField, .. Fields(TimingDate.TherapyEnd, TimingDate.Relapse)], _clocks, "the months and the dates since the end of therapy part");
        }
    }

    /// <summary>Clocks that only run, so that their pairs say whether any order of the dates fits.</summary>
    private static readonly ClockScales _anyClocks = new(AnyTime("since_diagnosis"), AnyTime("since_end", FactCatalogue.OnTreatment));

    private static ClockBands AnyTime(string name, params string[] states)
    {
        var ever = new Interval(0, false, null, false);
        return new ClockBands(Bands.Create(name, states, [("ANY", ever)], ever));
    }

    private static string[] Fields(params TimingDate[] dates) => [.. dates.Select(TimingFacts.FieldOf)];

    private static bool Exceeds(Interval one, Interval other) => one.Min > other.Max;

    /// <summary>Months and dates part when no calendar month that the months reach into is elapsed between the dates.</summary>
    private static bool PartFrom(DateInterval from, DateInterval to, Interval months)
    {
        if (from == DateInterval.Everything || to == DateInterval.Everything)
        {
            return false;
        }
        var reached = ClockBands.Reached(months);
        return reached.Length > 0 && !CalendarMonths.CanBeWithin(from, to, new Interval(reached[0], false, reached.Length > 1 ? reached[1] : null, true));
    }
}
