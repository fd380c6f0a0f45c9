using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>
/// A fact that protocol documents may look at. The catalogue is closed: a document names facts by id, and the case says
/// what is known of each.
/// </summary>
/// <param name="Id">The id that documents use.</param>
/// <param name="Words">All its words, in order; for a number, states it may have beside its value.</param>
/// <param name="Range">Range of a number; null for a fact that is a word.</param>
/// <param name="Unit">Unit of a number, empty for a word.</param>
/// <param name="Group">Facts of one group share an uncertain source and form one joint input; empty for none.</param>
/// <param name="IsCount">Whether it counts things: whole, and without a boundary that could be near.</param>
internal sealed record FactDefinition(string Id, ImmutableArray<string> Words, Interval? Range, string Unit, string Group, bool IsCount = false)
{
    public bool IsNumber => Range is not null;

    /// <summary>Its place in the catalogue.</summary>
    public int Place { get; init; }

    /// <summary>For a fact of an MRD measurement the measurement's name; empty for any other.</summary>
    public string Measurement { get; init; } = "";

    /// <summary>For a fact of an MRD measurement, in one document, which results count; null in the catalogue.</summary>
    public MrdMeasure? Measure { get; init; }
}

/// <summary>Every fact that a document may name.</summary>
internal static class FactCatalogue
{
    public const string TimingGroup = "clocks";
    public const string OnTreatment = "ON_TREATMENT";

    /// <summary>Of an MRD result: by a method that the protocol's cut-offs are made for.</summary>
    public const string OwnMethod = "PROTOCOL";

    private static readonly Interval _notNegative = new(0, false, null, false);
    private static readonly Interval _percent = new(0, false, 100, false);
    private static readonly Interval _fraction = new(0, false, 1, false);
    private static readonly Interval _years = new(0, false, 130, false);
    private static readonly Interval _fromOne = new(1, false, null, false);

    /// <summary>Names of the MRD measurements that a document may have.</summary>
    public static ImmutableArray<string> Measurements { get; } = ["decision", "pre_transplant", "post_transplant", "at_relapse"];

    private static readonly ImmutableArray<FactDefinition> _facts =
    [
        Count(FactId.RelapseNumber, _fromOne, "relapses"),
        Word(FactId.FirstRemission, "ACHIEVED", "NOT_ACHIEVED"),
        Word(FactId.PriorTransplant, "NONE", "ANY"),
        Word(FactId.Disease, "ACUTE_LYMPHOBLASTIC", "MATURE_B", "LYMPHOMA"),
        Word(FactId.Lineage, "B_CELL_PRECURSOR", "T_CELL"),
        Number(FactId.MarrowBlasts, _percent, "percent"),
        Word(FactId.BloodBlasts, "ABSENT", "PRESENT"),
        Number(FactId.CsfWbc, _notNegative, "per_ul"),
        Word(FactId.CsfBlasts, "ABSENT", "PRESENT"),
        Number(FactId.CsfErythrocytes, _notNegative, "per_ul"),
        Count(FactId.CsfConsecutive, _notNegative, "samples"),
        Word(FactId.CnsSigns, "ABSENT", "PRESENT"),
        Word(FactId.CnsMass, "ABSENT", "PRESENT"),
        Word(FactId.Sex, "FEMALE", "MALE"),
        Word(FactId.TesticularEnlargement, "NONE", "UNILATERAL", "BILATERAL"),
        Word(FactId.TesticularBiopsy, "NOT_DONE", "NEGATIVE", "POSITIVE"),
        Word(FactId.ContralateralBiopsy, "NOT_DONE", "NEGATIVE", "POSITIVE"),
        Count(FactId.OtherSitesInvolved, _notNegative, "sites"),
        Word(FactId.OtherSitesSuspected, "NONE", "ANY"),
        new(FactId.MonthsFromDiagnosis, [], _notNegative, "months", TimingGroup),
        new(FactId.MonthsFromTherapyEnd, [OnTreatment], _notNegative, "months", TimingGroup),
        Word(FactId.TherapyStoppedEarly, "NO", "YES"),
        Number(FactId.AgeAtDiagnosis, _years, "years"),
        Number(FactId.AgeAtRelapse, _years, "years"),
        Number(FactId.WbcAtDiagnosis, _notNegative, "per_ul"),
        Number(FactId.WbcAtRelapse, _notNegative, "per_ul"),
        Word(FactId.CnsStatusAtDiagnosis, "CNS1", "CNS2", "CNS3"),
        Word(FactId.PrednisoneResponse, "GOOD", "POOR"),
        Word(FactId.InductionFailure, "ABSENT", "PRESENT"),
        Number(FactId.MrdDay33, _fraction, "fraction"),
        Number(FactId.MrdDay78, _fraction, "fraction"),
        Word(FactId.EarlyTPrecursor, "ABSENT", "PRESENT"),
        Word(FactId.DownSyndrome, "ABSENT", "PRESENT"),
        Number(FactId.HighestMarrowTest, _percent, "percent"),
        Number(FactId.SecondMarrowTest, _percent, "percent"),
        Number(FactId.SecondTestOfSecondMarrow, _percent, "percent"),
        .. GeneticMarkers.Ids.Select(id => Word(id, "ABSENT", "PRESENT")),
        .. Measurements.SelectMany(MrdFacts),
        Word(FactId.TreatmentArm, "A", "B", "OTHER"),
        Word(FactId.ReinductionGiven, "ALL_REZ_BFM", "ALL_R3", "AALL01P2", "OTHER"),
        Word(FactId.TransplantPlanned, "NO", "YES"),
        .. TreatmentBefore.Irradiated.Select(part => Word(part.Fact, "NONE", "ANY")),
        .. TreatmentBefore.Agents.Select(agent => Word(agent.Fact, "ABSENT", "PRESENT")),
        .. TreatmentBefore.Antigens.Select(antigen => Word(antigen.Fact, "ABSENT", "PRESENT")),
        Count(FactId.PriorRegimens, _notNegative, "regimens"),
        Number(FactId.ResponseMarrowBlasts, _percent, "percent"),
        Number(FactId.ResponseWbc, _notNegative, "per_ul"),
        Number(FactId.ResponseNeutrophils, _notNegative, "per_ul"),
        Number(FactId.ResponsePlatelets, _notNegative, "per_ul"),
        Word(FactId.ResponseBloodBlasts, "ABSENT", "PRESENT"),
        Number(FactId.ResponseCsfWbc, _notNegative, "per_ul"),
        Word(FactId.ResponseCsf, "NOT_DONE", "DONE"),
        Word(FactId.ResponseMarrow, "NOT_DONE", "DONE"),
        Word(FactId.ResponseCsfBlasts, "ABSENT", "PRESENT"),
        Word(FactId.ResponseTestes, "NOT_EXAMINED", "NORMAL", "NOT_NORMAL"),
        Word(FactId.ResponseSigns, "ABSENT", "PRESENT"),
        Word(FactId.ResponseOtherSites, "NOT_ASSESSED", "CLEAR", "NOT_CLEAR"),
        Word(FactId.ResponseBiopsy, "NOT_DONE", "NEGATIVE", "POSITIVE"),
        Word(
            FactId.ResponseTimePoint,
            "AT_RELAPSE", "END_OF_BLOCK_1", "END_OF_BLOCK_2", "END_OF_BLOCK_3", "END_OF_INDUCTION", "WEEK_12", "PRE_TRANSPLANT", "POST_TRANSPLANT", "OTHER"),
        Word(FactId.ReinductionCompleted, "NO", "YES"),
        Word(FactId.Died, "NO", "YES"),
        Word(FactId.SecondMalignancy, "NO", "YES"),
        Word(FactId.RemissionReachedBefore, "NO", "YES"),
        Word(FactId.EventBefore, "NO", "YES"),
    ];

    private static readonly ImmutableArray<FactDefinition> _all = [.. _facts.Select((fact, place) => fact with { Place = place })];

    private static readonly FrozenDictionary<string, FactDefinition> _byId = _all.ToFrozenDictionary(fact => fact.Id, StringComparer.Ordinal);

    public static int Places => _all.Length;

    public static IEnumerable<string> Ids => _all.Select(fact => fact.Id);

    public static FactDefinition? Find(string id) => _byId.GetValueOrDefault(id);

    private static IEnumerable<FactDefinition> MrdFacts(string measurement) =>
    [
        Number(FactId.MrdLevelOf(measurement), _fraction, "fraction") with { Measurement = measurement },
        Word(FactId.MrdMethodOf(measurement), OwnMethod, "OTHER") with { Measurement = measurement },
    ];

    private static FactDefinition Word(string id, params ImmutableArray<string> words) => new(id, words, null, "", "");

    private static FactDefinition Count(string id, Interval range, string unit) => Number(id, range, unit) with { IsCount = true };

    private static FactDefinition Number(string id, Interval range, string unit) => new(id, [], range, unit, "");
}

/// <summary>Ids of the catalogue, once.</summary>
internal static class FactId
{
    public const string RelapseNumber = "relapse_number";
    public const string FirstRemission = "first_remission";
    public const string PriorTransplant = "prior_transplant";
    public const string Disease = "disease";
    public const string Lineage = "lineage";
    public const string MarrowBlasts = "marrow_blasts_percent";
    public const string BloodBlasts = "blood_blasts";
    public const string CsfWbc = "csf_wbc_per_ul";
    public const string CsfBlasts = "csf_blasts";
    public const string CsfErythrocytes = "csf_erythrocytes_per_ul";
    public const string CsfConsecutive = "csf_consecutive_positive_samples";
    public const string CnsSigns = "cns_clinical_signs";
    public const string CnsMass = "cns_imaging_mass";
    public const string Sex = "sex";
    public const string TesticularEnlargement = "testicular_enlargement";
    public const string TesticularBiopsy = "testicular_biopsy";
    public const string ContralateralBiopsy = "contralateral_testicular_biopsy";
    public const string OtherSitesInvolved = "other_sites_involved";
    public const string OtherSitesSuspected = "other_sites_suspected";
    public const string MonthsFromDiagnosis = "months_from_diagnosis";
    public const string MonthsFromTherapyEnd = "months_from_therapy_end";
    public const string TherapyStoppedEarly = "therapy_stopped_early";
    public const string AgeAtDiagnosis = "age_at_diagnosis_years";
    public const string AgeAtRelapse = "age_at_relapse_years";
    public const string WbcAtDiagnosis = "wbc_at_diagnosis_per_ul";
    public const string WbcAtRelapse = "wbc_at_relapse_per_ul";
    public const string CnsStatusAtDiagnosis = "cns_status_at_diagnosis";
    public const string PrednisoneResponse = "prednisone_response";
    public const string InductionFailure = "induction_failure";
    public const string MrdDay33 = "mrd_day_33";
    public const string MrdDay78 = "mrd_day_78";
    public const string EarlyTPrecursor = "early_t_precursor";
    public const string DownSyndrome = "down_syndrome";
    public const string HighestMarrowTest = "marrow_tests_highest_percent";
    public const string SecondMarrowTest = "marrow_tests_second_highest_percent";
    public const string SecondTestOfSecondMarrow = "second_marrow_tests_second_highest_percent";
    public const string TreatmentArm = "treatment_arm";
    public const string ReinductionGiven = "reinduction_given";
    public const string TransplantPlanned = "transplant_planned";
    public const string PriorIrradiationCns = "prior_irradiation_cns";
    public const string PriorIrradiationTestes = "prior_irradiation_testes";
    public const string PriorRegimens = "prior_regimens";
    public const string ResponseMarrowBlasts = "response_marrow_blasts_percent";
    public const string ResponseWbc = "response_wbc_per_ul";
    public const string ResponseNeutrophils = "response_neutrophils_per_ul";
    public const string ResponsePlatelets = "response_platelets_per_ul";
    public const string ResponseBloodBlasts = "response_blood_blasts";
    public const string ResponseCsfWbc = "response_csf_wbc_per_ul";
    public const string ResponseCsf = "response_csf";
    public const string ResponseMarrow = "response_marrow";
    public const string ResponseCsfBlasts = "response_csf_blasts";
    public const string ResponseTestes = "response_testes";
    public const string ResponseSigns = "response_clinical_signs";
    public const string ResponseOtherSites = "response_other_sites";
    public const string ResponseBiopsy = "response_residual_biopsy";
    public const string ResponseTimePoint = "response_time_point";
    public const string ReinductionCompleted = "reinduction_completed";
    public const string Died = "died";
    public const string SecondMalignancy = "second_malignancy";
    public const string RemissionReachedBefore = "remission_reached_before";

    /// <summary>Whether a response before the one assessed shows an event for disease-free survival: derived, and no field of its own.</summary>
    public const string EventBefore = "dfs_event_before";

    /// <summary>The level of the result that stands for a measurement.</summary>
    public static string MrdLevelOf(string measurement) => $"mrd_{measurement}_level";

    /// <summary>Its method, as the protocol sees it.</summary>
    public static string MrdMethodOf(string measurement) => $"mrd_{measurement}_method";
}
