using System.Collections.Immutable;

namespace Relapse.Outcomes;

/// <summary>Names of the dimensions: those of the fields of the contract's Population.</summary>
internal static class Dimension
{
    public const string RelapseNumber = "relapse_number";
    public const string Timing = "timing";
    public const string MonthsFromDiagnosis = "months_from_diagnosis";
    public const string MonthsFromTherapyEnd = "months_from_therapy_end";
    public const string FirstRemissionYears = "first_remission_years";
    public const string SecondRemissionYears = "second_remission_years";
    public const string Site = "site";
    public const string ExtramedullarySite = "extramedullary_site";
    public const string Lineage = "lineage";
    public const string RiskGroup = "risk_group";
    public const string Mrd = "mrd";
    public const string Remission = "remission";
    public const string Treatment = "treatment";
    public const string Regimen = "regimen";
    public const string Donor = "donor";
    public const string Agent = "agent";
    public const string WithoutAgents = "without_agents";
    public const string Genetics = "genetics";
    public const string AgeYears = "age_years";
    public const string AgeAtDiagnosisYears = "age_at_diagnosis_years";
    public const string DownSyndrome = "down_syndrome";
    public const string PriorTransplant = "prior_transplant";
    public const string Other = "other";

    /// <summary>No field of the population: a figure belongs to the years of its cohort.</summary>
    public const string Era = "era";

    /// <summary>Those in which a population is restricted by words or numbers, in the order in which answers show them.</summary>
    public static ImmutableArray<string> Restricted { get; } =
    [
        RelapseNumber, Timing, MonthsFromDiagnosis, MonthsFromTherapyEnd, FirstRemissionYears, SecondRemissionYears, Remission,
        Site, ExtramedullarySite, Lineage, RiskGroup, Mrd, Genetics,
        AgeYears, AgeAtDiagnosisYears, DownSyndrome, PriorTransplant,
        Treatment, Regimen, Donor, Agent, WithoutAgents,
    ];
}
