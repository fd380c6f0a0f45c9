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

    public static void Find(RelapseCase @case, CaseNumbers numbers, TimingFacts timing, List<CaseContradiction> found)
    {
        FindInHistory(@case, numbers, found);
        if (@case.PreviousRelapses.Count > 0 || @case.History?.Transplants.Count > 0)
        {
            FindInHistoryDates(@case, found);
        }
        if (@case.Mrd.Count > 0)
        {
            FindInMarrowTests(@case, found);
        }
        FindInFindings(@case, numbers, found);
        FindInTiming(@case.Timing, timing, found);
    }

    /// <summary>Whether the case says anything of the testes.</summary>
    public static bool HasFindings(Testes? testes) =>
        testes is not null && (testes.Enlarged is not TesticularEnlargement.Unspecified || testes.HasBiopsyPositive || testes.HasContralateralBiopsyPositive);

    private static void FindInHistory(RelapseCase @case, CaseNumbers numbers, List<CaseContradiction> found)
    {
        var relapses = CaseFacts.RelapseNumber(@case, numbers);
        if (relapses.Max <= @case.PreviousRelapses.Count)
        {
            found.Add(new(
                ["case.relapse_number", "case.previous_relapses"],
                [FactId.RelapseNumber],
                "as many relapses lie before this one as its number allows, or more"));
        }
        if (@case is { HasFirstRemissionAchieved: true, FirstRemissionAchieved: false } && (relapses.Min > 1 || @case.PreviousRelapses.Count > 0))
        {
            found.Add(new(
                ["case.first_remission_achieved", relapses.Min > 1 ? "case.relapse_number" : "case.previous_relapses"],
                [FactId.FirstRemission, FactId.RelapseNumber],
                "a second or later relapse needs a first remission"));
        }
        if (@case.History is { HasNoPriorTransplant: true, NoPriorTransplant: true } history
            && history.Transplants.Any(transplant => !(CaseNumbers.ReadDate(transplant.Date).Min > CaseNumbers.ReadDate(@case.Timing?.RelapseDate).Max)))
        {
            found.Add(new(
                ["case.history.no_prior_transplant", "case.history.transplants"],
                [FactId.PriorTransplant],
                "a transplant is listed and said not to have been done"));
        }
        if (@case is { HasEarlyTPrecursor: true, EarlyTPrecursor: true, Lineage: not (Lineage.Unspecified or Lineage.TCell or Lineage.Mixed) })
        {
            found.Add(new(
                ["case.early_t_precursor", "case.lineage"],
                // Between the two lineages the disease is the same one.
                @case.Lineage == Lineage.BCellPrecursor ? [FactId.Lineage, FactId.EarlyTPrecursor] : [FactId.Lineage, FactId.Disease, FactId.EarlyTPrecursor],
                "an early T-cell precursor is of T-cell lineage"));
        }
    }

    private static void FindInHistoryDates(RelapseCase @case, List<CaseContradiction> found)
    {
        var diagnosed = CaseNumbers.ReadDate(@case.Timing?.DiagnosisDate);
        var relapsed = CaseNumbers.ReadDate(@case.Timing?.RelapseDate);
        foreach (var (index, earlier) in @case.PreviousRelapses.Index())
        {
            var date = CaseNumbers.ReadDate(earlier.Date);
            var path = $"case.previous_relapses[{index}].date";
            if (date.Min > relapsed.Max)
            {
                found.Add(new([path, TimingFacts.FieldOf(TimingDate.Relapse)], [FactId.RelapseNumber], "a previous relapse after this one"));
            }
            if (date.Max < diagnosed.Min)
            {
                found.Add(new([path, TimingFacts.FieldOf(TimingDate.Diagnosis)], [FactId.RelapseNumber], "a previous relapse before the diagnosis"));
            }
        }
        foreach (var (index, transplant) in (@case.History?.Transplants ?? []).Index())
        {
            if (CaseNumbers.ReadDate(transplant.Date).Max < diagnosed.Min)
            {
                found.Add(new(
                    [$"case.history.transplants[{index}].date", TimingFacts.FieldOf(TimingDate.Diagnosis)], [FactId.PriorTransplant], "a transplant before the diagnosis"));
            }
        }
    }

    private static void FindInMarrowTests(RelapseCase @case, List<CaseContradiction> found)
    {
        var diagnosed = CaseNumbers.ReadDate(@case.Timing?.DiagnosisDate);
        foreach (var (index, test) in MarrowTests.AtRelapse(@case))
        {
            var collected = CaseNumbers.ReadDate(test.CollectDate);
            var path = $"case.mrd[{index}].collect_date";
            if (collected.Max < diagnosed.Min)
            {
                found.Add(new([path, TimingFacts.FieldOf(TimingDate.Diagnosis)], _marrowTests, "a marrow test at relapse before the diagnosis"));
            }
            foreach (var (earlier, relapse) in @case.PreviousRelapses.Index())
            {
                if (collected.Max < CaseNumbers.ReadDate(relapse.Date).Min)
                {
                    found.Add(new([path, $"case.previous_relapses[{earlier}].date"], _marrowTests, "a marrow test at this relapse before a previous one"));
                }
            }
        }
    }

    private static void FindInFindings(RelapseCase @case, CaseNumbers numbers, List<CaseContradiction> found)
    {
        if (@case.Sex is Sex.Female && HasFindings(@case.Testes))
        {
            found.Add(new(["case.sex", "case.testes"], _testes, "testicular findings in a girl"));
        }
        if ((@case.Sex is Sex.Male || HasFindings(@case.Testes)) && @case.OtherSites.Any(site => site.Site is Site.Ovary))
        {
            found.Add(new(
                [@case.Sex is Sex.Male ? "case.sex" : "case.testes", "case.other_sites"], [FactId.OtherSitesInvolved, FactId.OtherSitesSuspected], "an ovary in a boy"));
        }
        if (@case.Csf is { HasBlastsPresent: true, BlastsPresent: false } csf
            && (csf.HasConsecutivePositiveSamples ? csf.ConsecutivePositiveSamples : numbers.Bound("case.csf.consecutive_positive_samples", Interval.Everything).Min) > 0)
        {
            found.Add(new(
                ["case.csf.blasts_present", "case.csf.consecutive_positive_samples"],
                [FactId.CsfBlasts, FactId.CsfConsecutive],
                "samples are said to be positive in a cerebrospinal fluid without blasts"));
        }
    }

    private static void FindInTiming(Timing? timing, TimingFacts facts, List<CaseContradiction> found)
    {
        if (timing is null)
        {
            return;
        }
        var (diagnosed, ended, relapsed) = (facts.Known.Diagnosis, CaseNumbers.ReadDate(timing.PrimaryTherapyEndDate), facts.Known.Relapse);
        var before = found.Count;
        FindInDates(diagnosed, ended, relapsed, facts, found);
        FindInMonths(diagnosed, ended, relapsed, facts, found);
        // Dates of which no two are in the wrong order fit some order of all three; only months can say more.
        if (found.Count == before && facts.Known.TellsMonths && facts.Known.Pairs(_anyClocks.Under(facts.Known)).IsEmpty)
        {
            found.Add(new(Fields(TimingDate.Diagnosis, TimingDate.TherapyEnd, TimingDate.Relapse), _clocks, "no order of the three dates fits them all"));
        }
    }

    private static void FindInDates(DateInterval diagnosed, DateInterval ended, DateInterval relapsed, TimingFacts facts, List<CaseContradiction> found)
    {
        if (relapsed.Max < diagnosed.Min)
        {
            found.Add(new(Fields(TimingDate.Relapse, TimingDate.Diagnosis), _clocks, "relapse before diagnosis"));
        }
        if (ended.Max < diagnosed.Min)
        {
            found.Add(new(Fields(TimingDate.TherapyEnd, TimingDate.Diagnosis), _clocks, "end of therapy before diagnosis"));
        }
        if (!facts.IsOnTreatment && ended.Min > relapsed.Max)
        {
            found.Add(new(Fields(TimingDate.TherapyEnd, TimingDate.Relapse), _clocks, "end of therapy after the relapse"));
        }
        if (facts.IsOnTreatment && ended.Max < relapsed.Min)
        {
            found.Add(new(
                [TimingFacts.StatusField, TimingFacts.FieldOf(TimingDate.TherapyEnd)], _clocks, "on treatment with an end of therapy before the relapse"));
        }
    }

    private static void FindInMonths(DateInterval diagnosed, DateInterval ended, DateInterval relapsed, TimingFacts facts, List<CaseContradiction> found)
    {
        if (facts.IsOnTreatment && facts.StatesMonthsFromTherapyEnd)
        {
            found.Add(new([TimingFacts.StatusField, TimingFacts.MonthsFromTherapyEndField], _clocks, "on treatment with months since the end of therapy"));
        }
        if (!facts.Known.TellsMonths)
        {
            return;
        }
        if (Exceeds(facts.Known.MonthsFromTherapyEnd, facts.Known.MonthsFromDiagnosis))
        {
            found.Add(new(
                [TimingFacts.MonthsFromTherapyEndField, TimingFacts.MonthsFromDiagnosisField], _clocks, "therapy ended longer ago than the diagnosis"));
        }
        if (PartFrom(diagnosed, relapsed, facts.Known.MonthsFromDiagnosis))
        {
            found.Add(new(
                [TimingFacts.MonthsFromDiagnosisField, .. Fields(TimingDate.Diagnosis, TimingDate.Relapse)], _clocks, "the months and the dates since diagnosis part"));
        }
        if (!facts.IsOnTreatment && PartFrom(ended, relapsed, facts.Known.MonthsFromTherapyEnd))
        {
            found.Add(new(
                [TimingFacts.MonthsFromTherapyEndField, .. Fields(TimingDate.TherapyEnd, TimingDate.Relapse)], _clocks, "the months and the dates since the end of therapy part"));
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
