using System.Collections.Immutable;

namespace Relapse.Clinical;

/// <summary>The closed list of decision ids: a new one is a change of the contract. A protocol defines those it has.</summary>
public static class WellKnownDecisions
{
    /// <summary>The decisions of the classification service, in the order of the way.</summary>
    public static ImmutableArray<string> Classification { get; } =
    [
        "marrow_status",
        "cns_involvement",
        "testicular_involvement",
        "other_involvement",
        "extramedullary_site",
        "relapse_site",
        "timing",
        "risk_group",
    ];

    private const string Features = "primary_feature.";

    /// <summary>The decisions on the disease at first diagnosis: the group, then the features in the order of Table 1.</summary>
    public static ImmutableArray<string> PrimaryRisk { get; } =
    [
        "nci_group",
        .. new[]
        {
            "infant", "age_ten_or_more", "wbc_fifty_or_more", "male_sex", "cns3", "poor_prednisone_response", "induction_failure",
            "mrd_day_33", "mrd_day_78", "t_cell", "early_t_precursor", "bcr_abl1", "kmt2a", "hypodiploidy", "tcf3_pbx1",
            "tcf3_hlf", "iamp21", "bcr_abl1_like", "ikzf1",
        }.Select(feature => Features + feature),
    ];

    /// <summary>The decisions on minimal residual disease, in the order of the way.</summary>
    public static ImmutableArray<string> Mrd { get; } = ["mrd_response", "mrd_band", "mrd_timing_prognosis", "pre_transplant_mrd"];

    /// <summary>The decisions on one response assessment, in the order of the way.</summary>
    public static ImmutableArray<string> Response { get; } =
    [
        "response_marrow_status",
        "count_recovery.a",
        "count_recovery.b_low",
        "count_recovery.b_high",
        "cns_remission",
        "testicular_remission",
        "remission",
        "reinduction",
        "refractory",
        "relapse_after_remission",
        "dfs_event",
    ];

    /// <summary>What is advised given a second remission.</summary>
    internal const string PostRemission = "post_remission";

    private const string LocalTherapy = "local_therapy.";

    /// <summary>
    /// The decisions on advice after remission, in the order of the answers: what is advised given a second remission, what is left
    /// where there is none, and each option of local therapy by itself.
    /// </summary>
    public static ImmutableArray<string> Transplant { get; } =
    [
        PostRemission,
        "salvage_path",
        .. new[]
        {
            "cns_craniospinal_irradiation", "cns_cranial_irradiation", "cns_reduced_dose_irradiation", "cns_irradiation_after_prior_irradiation",
            "cns_prophylactic_irradiation", "testes_irradiation", "testes_orchiectomy", "testes_without_irradiation", "other_site_irradiation",
        }.Select(option => LocalTherapy + option),
    ];

    /// <summary>Every id that a document may define.</summary>
    public static ImmutableArray<string> All { get; } = [.. Classification, .. PrimaryRisk, .. Mrd, .. Response, .. Transplant];

    /// <summary>Those that a centre may establish. Advice is derived, never stated.</summary>
    public static ImmutableArray<string> Establishable { get; } = [.. All.Except(Transplant, StringComparer.Ordinal)];

    /// <summary>
    /// Decisions whose words belong to a protocol, so that one established by a centre must say whose words it uses.
    /// </summary>
    public static ImmutableArray<string> InProtocolWords { get; } = ["timing", "risk_group", "mrd_response"];

    /// <summary>Tells the list of one service's decisions from those of others; null for any other list.</summary>
    internal static int? NumberOf(ImmutableArray<string> decisions) => decisions == Classification ? 0 : decisions == PrimaryRisk ? 1 : null;

    /// <summary>Whether the decision is on a feature at first diagnosis, which has a use in frontline stratification.</summary>
    public static bool IsPrimaryFeature(string decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return decision.StartsWith(Features, StringComparison.Ordinal);
    }

    /// <summary>Whether a centre may establish the decision.</summary>
    public static bool MayBeEstablished(string decision) => Establishable.Contains(decision, StringComparer.Ordinal);
}
