using System.Collections.Frozen;
using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>The facts of one response assessment, each with its field, and what the response says of it.</summary>
internal static class ResponseFacts
{
    /// <summary>The words of the time point. One that is not said is any of them.</summary>
    public static ImmutableArray<(TimePoint Value, string Word)> TimePoints { get; } =
    [
        (TimePoint.AtRelapse, "AT_RELAPSE"), (TimePoint.EndOfBlock1, "END_OF_BLOCK_1"), (TimePoint.EndOfBlock2, "END_OF_BLOCK_2"),
        (TimePoint.EndOfBlock3, "END_OF_BLOCK_3"), (TimePoint.EndOfInduction, "END_OF_INDUCTION"), (TimePoint.Week12, "WEEK_12"),
        (TimePoint.PreTransplant, "PRE_TRANSPLANT"), (TimePoint.PostTransplant, "POST_TRANSPLANT"), (TimePoint.Other, "OTHER"),
    ];

    public static (FactDefinition Fact, string Field)[] All { get; } =
    [
        (Find(FactId.ResponseMarrow), "marrow_blasts_percent"),
        (Find(FactId.ResponseMarrowBlasts), "marrow_blasts_percent"),
        (Find(FactId.ResponseWbc), "wbc_per_ul"),
        (Find(FactId.ResponseNeutrophils), "neutrophils_per_ul"),
        (Find(FactId.ResponsePlatelets), "platelets_per_ul"),
        (Find(FactId.ResponseBloodBlasts), "blood_blasts_present"),
        (Find(FactId.ResponseCsfWbc), "csf_wbc_per_ul"),
        (Find(FactId.ResponseCsf), "csf_wbc_per_ul"),
        (Find(FactId.ResponseCsfBlasts), "csf_blasts_present"),
        (Find(FactId.ResponseTestes), "testes_normal"),
        (Find(FactId.ResponseSigns), "clinical_signs"),
        (Find(FactId.ResponseOtherSites), "other_sites_clear"),
        (Find(FactId.ResponseBiopsy), "residual_biopsy_positive"),
        (Find(FactId.ResponseTimePoint), "time_point"),
        (Find(FactId.ReinductionCompleted), "reinduction_completed"),
        (Find(FactId.Died), "died"),
        (Find(FactId.SecondMalignancy), "second_malignancy"),
        (Find(FactId.RemissionReachedBefore), "remission_reached_before"),
    ];

    /// <summary>Facts whose first word is that nobody looked.</summary>
    public static FrozenSet<string> AreExaminations { get; } =
        new[] { FactId.ResponseMarrow, FactId.ResponseCsf, FactId.ResponseTestes, FactId.ResponseOtherSites, FactId.ResponseBiopsy }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Path of a field of a response.</summary>
    public static string Path(int response, string field) => $"case.responses[{response}].{field}";

    public static double? NumberOf(Response response, string fact) => fact switch
    {
        FactId.ResponseMarrowBlasts => response.HasMarrowBlastsPercent ? response.MarrowBlastsPercent : null,
        FactId.ResponseWbc => response.HasWbcPerUl ? response.WbcPerUl : null,
        FactId.ResponseNeutrophils => response.HasNeutrophilsPerUl ? response.NeutrophilsPerUl : null,
        FactId.ResponsePlatelets => response.HasPlateletsPerUl ? response.PlateletsPerUl : null,
        FactId.ResponseCsfWbc => response.HasCsfWbcPerUl ? response.CsfWbcPerUl : null,
        _ => null,
    };

    /// <summary>What a response says of a count, as a value or in bounds.</summary>
    public static Interval Counted(RelapseCase @case, int response, string fact, CaseNumbers numbers)
    {
        var (definition, field) = All.First(entry => entry.Fact.Id == fact);
        return NumberOf(@case.Responses[response], fact) is { } known ? Interval.Point(CaseNumbers.ToDecimal(known)) : numbers.Bound(Path(response, field), definition.Range!.Value);
    }

    public static string? WordOf(Response response, string fact) => fact switch
    {
        FactId.ResponseBloodBlasts => response.HasBloodBlastsPresent ? response.BloodBlastsPresent ? "PRESENT" : "ABSENT" : null,
        FactId.ResponseMarrow => response.HasMarrowBlastsPercent ? "DONE" : null,
        FactId.ResponseCsf => response.HasCsfWbcPerUl || response.HasCsfBlastsPresent ? "DONE" : null,
        FactId.ResponseCsfBlasts => response.HasCsfBlastsPresent ? response.CsfBlastsPresent ? "PRESENT" : "ABSENT" : null,
        FactId.ResponseTestes => response.HasTestesNormal ? response.TestesNormal ? "NORMAL" : "NOT_NORMAL" : null,
        FactId.ResponseSigns => response.HasClinicalSigns ? response.ClinicalSigns ? "PRESENT" : "ABSENT" : null,
        FactId.ResponseOtherSites => response.HasOtherSitesClear ? response.OtherSitesClear ? "CLEAR" : "NOT_CLEAR" : null,
        FactId.ResponseBiopsy => response.HasResidualBiopsyPositive ? response.ResidualBiopsyPositive ? "POSITIVE" : "NEGATIVE" : null,
        FactId.ResponseTimePoint => TimePoints.FirstOrDefault(point => point.Value == response.TimePoint).Word,
        FactId.ReinductionCompleted => response.HasReinductionCompleted ? YesOrNo(response.ReinductionCompleted) : null,
        FactId.Died => response.HasDied ? YesOrNo(response.Died) : null,
        FactId.SecondMalignancy => response.HasSecondMalignancy ? YesOrNo(response.SecondMalignancy) : null,
        FactId.RemissionReachedBefore => response.HasRemissionReachedBefore ? YesOrNo(response.RemissionReachedBefore) : null,
        _ => null,
    };

    /// <summary>
    /// Whether a response of the time of relapse says by its time point that something has not been: before treatment no reinduction is
    /// complete, and no remission of this relapse has been reached (AMB-39).
    /// </summary>
    public static bool IsBeforeTreatment(Response response, string fact) => response.TimePoint is TimePoint.AtRelapse && fact is (FactId.ReinductionCompleted or FactId.RemissionReachedBefore);

    private static string YesOrNo(bool yes) => yes ? "YES" : "NO";

    private static FactDefinition Find(string id) => FactCatalogue.Find(id)!;
}
