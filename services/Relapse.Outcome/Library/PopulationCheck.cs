using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Decisions;

namespace Relapse.Outcomes;

/// <summary>Checks that there can be a patient in a population. What only a scheme's own rules exclude is found where the schemes are at hand.</summary>
internal sealed class PopulationCheck(EvidencePopulation population, LibraryFile words, Action<string, string> fault)
{
    private static readonly string[] Sites = ["ISOLATED_MARROW", "COMBINED", "ISOLATED_EXTRAMEDULLARY"];
    private static readonly string[] ExtramedullarySites = ["CNS", "TESTIS", "OTHER", "MULTIPLE"];
    private static readonly Interval NotNegative = new(0, false, null, false);
    private static readonly Interval Fraction = new(0, false, 1, false);

    private Population When => population.When;

    public void Run()
    {
        CheckIntervals();
        CheckWords();
        CheckTogether();
        CheckAlternatives();
    }

    private void CheckIntervals()
    {
        Check("months_from_diagnosis", population.MonthsFromDiagnosis, NotNegative, 1);
        Check("months_from_therapy_end", population.MonthsFromTherapyEnd, NotNegative, 1);
        Check("first_remission_years", population.FirstRemissionYears, NotNegative, CalendarMonths.OfYear);
        Check("second_remission_years", population.SecondRemissionYears, NotNegative, CalendarMonths.OfYear);
        Check("age_years", population.AgeYears, NotNegative, null);
        Check("age_at_diagnosis_years", population.AgeAtDiagnosisYears, NotNegative, null);
        Check("mrd.band", population.MrdBand, Fraction, null);
    }

    /// <param name="field">The field.</param>
    /// <param name="interval">Its interval.</param>
    /// <param name="range">What a patient can have.</param>
    /// <param name="months">Where it is compared in calendar months, how many months one unit has.</param>
    private void Check(string field, Interval? interval, Interval range, int? months)
    {
        if (interval is not { } given)
        {
            return;
        }
        Require(given.Overlaps(range), field, "holds no patient");
        Require(given.IsWithin(range), field, "reaches beyond what a patient can have");
        Require(months is not { } unit || (IsWhole(given.Min * unit) && IsWhole(given.Max * unit)), field, "must end at whole months");
    }

    private static bool IsWhole(decimal? number) => number is not { } value || decimal.IsInteger(value);

    private void CheckWords()
    {
        Require(When.Site.All(Sites.Contains), "site", $"is one of {string.Join(", ", Sites)}");
        Require(When.ExtramedullarySite.All(ExtramedullarySites.Contains), "extramedullary_site", $"is one of {string.Join(", ", ExtramedullarySites)}");
        Require(When.Lineage.All(lineage => lineage is Lineage.BCellPrecursor or Lineage.TCell), "lineage", "is B-cell precursor or T-cell");
        Require(When.Regimen.All(words.Regimens.ContainsKey), "regimen", "is no regimen of library.yaml");
        Require(When.Mrd is null || (population.MrdBand is not null && When.Mrd.TimePoint is not TimePoint.Unspecified), "mrd", "has a time point and a band");
        Require(When.Timing is null || When.Timing is { Scheme.Length: > 0, Classes.Count: > 0 }, "timing", "has a scheme and classes");
        Require(When.RiskGroup is null || When.RiskGroup is { Scheme.Length: > 0, Classes.Count: > 0 }, "risk_group", "has a scheme and classes");
        Require(When.Genetics.All(marker => marker.Marker is not GeneticMarker.Unspecified && marker.Status is FindingStatus.Present or FindingStatus.Absent), "genetics", "a marker is present or absent");
        Require(When.Genetics.Select(marker => marker.Marker).Distinct().Count() == When.Genetics.Count, "genetics", "a marker is named once");
        Require(When.Mrd is null || (When.Mrd.Methods.All(method => method is not MrdMethod.Unspecified && Enum.IsDefined(method)) && When.Mrd.Methods.Distinct().Count() == When.Mrd.Methods.Count), "mrd", "names methods, each once");
        Require(When.WithoutAgents.All(agent => agent.Length > 0 && agent != When.Agent), "without_agents", "are agents, and not the one that was given");
        Require(When.Other.All(other => other.Length > 0), "other", "is in words");
    }

    private void CheckTogether()
    {
        var ofFirst = When.RelapseNumber.Count == 0 || When.RelapseNumber.Contains(RelapseOrdinal.First) || When.RelapseNumber.Contains(RelapseOrdinal.Refractory);
        Require(ofFirst || (When.Timing is null && When.RiskGroup is null), "relapse_number", "timing and risk groups are defined after a first relapse only; no patient can be in both");
        Require(ofFirst || !IsOnly(RemissionState.SecondRemission), "remission", "a second remission follows a first relapse; no patient can be in both");
        var ofSecond = When.RelapseNumber.Count == 0 || When.RelapseNumber.Contains(RelapseOrdinal.Second);
        Require(ofSecond || !IsOnly(RemissionState.ThirdRemission), "remission", "a third remission follows a second relapse; no patient can be in both");
        Require(ofSecond || population.SecondRemissionYears is null, "second_remission_years", "a second remission has ended only at a second relapse; no patient can be in both");
        Require(When.ExtramedullarySite.Count == 0 || When.Site.Count == 0 || When.Site.Any(site => site != "ISOLATED_MARROW"), "extramedullary_site", "an isolated marrow relapse is at no other site");
        Require(When.Donor.Count == 0 || When.Treatment.Count == 0 || When.Treatment.Contains(Modality.Transplant), "donor", "only a transplant has a donor");
        var ended = population.MonthsFromTherapyEnd;
        Require(
            ended is null || population.MonthsFromDiagnosis is not { } since || new Interval(ended.Value.Min, ended.Value.MinExclusive, null, false).Overlaps(since),
            "months_from_therapy_end",
            "therapy cannot have ended before the diagnosis; no patient can be in both");
    }

    private void CheckAlternatives()
    {
        Require(When.AnyOf.Count != 1, "any_of", "has two alternatives or more");
        foreach (var (index, alternative) in population.Alternatives.Index())
        {
            Require(alternative.Alternatives.IsEmpty && !alternative.When.Equals(new Population()), $"any_of[{index}]", "restricts something, and has no alternatives of its own");
            new PopulationCheck(alternative, words, (field, message) => fault(field.Length > 0 ? $"any_of[{index}].{field}" : $"any_of[{index}]", message)).Run();
        }
    }

    private bool IsOnly(RemissionState state) => When.Remission.Count == 1 && When.Remission[0] == state;

    private void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            fault(field, message);
        }
    }
}
