using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Decisions;

namespace Relapse.Clinical.Facts;

/// <summary>Treatment of this relapse, and the one response that is assessed.</summary>
internal sealed partial class CaseFacts
{
    private const string ArmField = "case.treatment.arm";
    internal const string ReinductionField = "case.treatment.reinduction";

    internal static readonly ImmutableArray<(Reinduction Value, string Word)> ReinductionWords =
        [(Reinduction.AllRezBfm, "ALL_REZ_BFM"), (Reinduction.AllR3, "ALL_R3"), (Reinduction.Aall01P2, "AALL01P2"), (Reinduction.Other, "OTHER")];

    /// <summary>The response assessed.</summary>
    public AssessedResponse Assessed { get; private set; } = new([]);

    private static IEnumerable<(string Id, Fact Fact)> OfTreatment() =>
    [
        (FactId.TreatmentArm, Open(FactId.TreatmentArm, ArmField)),
        (FactId.Reinduction, Open(FactId.Reinduction, ReinductionField)),
    ];

    /// <summary>A case without a response is asked for its first one; that nothing was looked at is known without it.</summary>
    private static IEnumerable<(string Id, Fact Fact)> OfResponse() =>
        ResponseFields.All.Select(entry => (entry.Id, ResponseFields.Examinations.Contains(entry.Id) ? NotLookedAt(entry.Field) : Open(entry.Id, $"case.responses[0].{entry.Field}")));

    private static WordFact NotLookedAt(string field) => new(ValueSet.Of(0), $"case.responses[0].{field}");

    private static Fact Open(string id, string field)
    {
        var definition = FactCatalogue.Find(id)!;
        return definition.Range is { } range ? new NumberFact(range, field) : new WordFact(ValueSet.All(definition.Words.Length), field);
    }

    private void AddTreatment(Treatment? treatment)
    {
        if (treatment is null)
        {
            return;
        }
        // The arm is the protocol's own word; one that the catalogue has no word for is another.
        if (treatment.HasArm && treatment.Arm.Trim().Length > 0)
        {
            AddWord(FactId.TreatmentArm, ArmField, treatment.Arm.Trim().ToUpperInvariant() is "A" or "B" ? treatment.Arm.Trim().ToUpperInvariant() : "OTHER");
        }
        AddWord(FactId.Reinduction, ReinductionField, ReinductionWords.FirstOrDefault(word => word.Value == treatment.Reinduction).Word);
    }

    private void AddResponse(RelapseCase @case, TimePoint timePoint)
    {
        if (@case.Responses.Count > 0)
        {
            Assessed = AssessedResponse.Of(@case, timePoint);
        }
        if (Assessed.Index is not { } index)
        {
            // There are responses, and nothing says which of them: what was looked at is as open as what was found.
            if (@case.Responses.Count > 0 || IsWithheld(@case, "case.responses"))
            {
                OpenExaminations();
            }
            return;
        }
        var (response, path) = (@case.Responses[index], $"case.responses[{index}]");
        AddCounts(response, path);
        Presence(FactId.ResponseBloodBlasts, response.HasBloodBlastsPresent ? response.BloodBlastsPresent : null, "PRESENT", "ABSENT");
        Presence(FactId.ResponseCsfBlasts, response.HasCsfBlastsPresent ? response.CsfBlastsPresent : null, "PRESENT", "ABSENT");
        Examination(FactId.ResponseMarrow, IsMarrowAssessed(@case, response, path) ? "DONE" : null);
        Examination(FactId.ResponseCsf, response.HasCsfWbcPerUl || response.HasCsfBlastsPresent || _numbers.IsBounded($"{path}.csf_wbc_per_ul") ? "DONE" : null);
        Examination(FactId.ResponseTestes, response.HasTestesNormal ? response.TestesNormal ? "NORMAL" : "NOT_NORMAL" : null);
        Examination(FactId.ResponseOtherSites, response.HasOtherSitesClear ? response.OtherSitesClear ? "CLEAR" : "NOT_CLEAR" : null);
        Presence(FactId.ResponseSigns, response.HasClinicalSigns ? response.ClinicalSigns : null, "PRESENT", "ABSENT");
        AddBiopsy(@case, FactId.ResponseBiopsy, $"{path}.residual_biopsy_positive", response.HasResidualBiopsyPositive ? response.ResidualBiopsyPositive : null);
        Presence(FactId.ReinductionCompleted, response.HasReinductionCompleted ? response.ReinductionCompleted : null, "YES", "NO");
        Presence(FactId.Died, response.HasDied ? response.Died : null, "YES", "NO");
        Presence(FactId.SecondMalignancy, response.HasSecondMalignancy ? response.SecondMalignancy : null, "YES", "NO");
        Presence(
            FactId.RemissionReachedBefore,
            response.HasRemissionReachedBefore ? response.RemissionReachedBefore : IsOfReinductionItself(@case, index) ? false : null,
            "YES",
            "NO");

        // What was not looked at is said so, as of a biopsy: what that means is for the document.
        void Examination(string id, string? found)
        {
            var field = $"{path}.{ResponseFields.All.First(entry => entry.Id == id).Field}";
            var words = FactCatalogue.Find(id)!.Words;
            _facts[id] = new WordFact(
                found is not null ? ValueSet.Of(words.IndexOf(found)) : IsWithheld(@case, field) ? ValueSet.All(words.Length).Except(ValueSet.Of(0)) : ValueSet.Of(0),
                field);
        }

        void Presence(string id, bool? stated, string yes, string no) =>
            AddWord(id, $"{path}.{ResponseFields.All.First(entry => entry.Id == id).Field}", stated is { } known ? known ? yes : no : null);
    }

    private void OpenExaminations()
    {
        foreach (var (id, field) in ResponseFields.All.Where(entry => ResponseFields.Examinations.Contains(entry.Id)))
        {
            _facts[id] = Open(id, $"case.responses[0].{field}");
        }
    }

    /// <summary>A centre that has graded the marrow, or said what the remission is, has looked at it.</summary>
    private bool IsMarrowAssessed(RelapseCase @case, Response response, string path) =>
        response.HasMarrowBlastsPercent || _numbers.IsBounded($"{path}.marrow_blasts_percent")
        || @case.Established.Any(established => established.Decision is "remission" or "response_marrow_status");

    /// <summary>
    /// Whether the response is the assessment of the reinduction itself, so that no remission was reached before it: of a time point of
    /// reinduction, and none before it that may have been made after completed reinduction. Listed as not known: that is all that is known.
    /// </summary>
    private static bool IsOfReinductionItself(RelapseCase @case, int index) =>
        @case.Responses[index].TimePoint is TimePoint.EndOfBlock1 or TimePoint.EndOfBlock2 or TimePoint.EndOfBlock3 or TimePoint.EndOfInduction
        && !@case.Unknown.Any(unknown => unknown.Field == $"case.responses[{index}].remission_reached_before")
        && !@case.Responses.Index().Any(other => other.Index != index
            && other.Item is not { HasReinductionCompleted: true, ReinductionCompleted: false }
            && !AssessedResponse.IsLater(other.Item, @case.Responses[index]));

    private void AddCounts(Response response, string path)
    {
        AddNumber(FactId.ResponseMarrowBlasts, $"{path}.marrow_blasts_percent", response.HasMarrowBlastsPercent ? response.MarrowBlastsPercent : null);
        AddNumber(FactId.ResponseWbc, $"{path}.wbc_per_ul", response.HasWbcPerUl ? response.WbcPerUl : null);
        AddNumber(FactId.ResponseNeutrophils, $"{path}.neutrophils_per_ul", response.HasNeutrophilsPerUl ? response.NeutrophilsPerUl : null);
        AddNumber(FactId.ResponsePlatelets, $"{path}.platelets_per_ul", response.HasPlateletsPerUl ? response.PlateletsPerUl : null);
        AddNumber(FactId.ResponseCsfWbc, $"{path}.csf_wbc_per_ul", response.HasCsfWbcPerUl ? response.CsfWbcPerUl : null);
    }
}

/// <summary>The fields of a response that are facts.</summary>
internal static class ResponseFields
{
    /// <summary>Those of what was looked at: the first word of each is that it was not.</summary>
    public static string[] Examinations { get; } = [FactId.ResponseMarrow, FactId.ResponseCsf, FactId.ResponseTestes, FactId.ResponseOtherSites, FactId.ResponseBiopsy];

    public static (string Id, string Field)[] All { get; } =
    [
        (FactId.ResponseMarrow, "marrow_blasts_percent"),
        (FactId.ResponseMarrowBlasts, "marrow_blasts_percent"),
        (FactId.ResponseWbc, "wbc_per_ul"),
        (FactId.ResponseNeutrophils, "neutrophils_per_ul"),
        (FactId.ResponsePlatelets, "platelets_per_ul"),
        (FactId.ResponseBloodBlasts, "blood_blasts_present"),
        (FactId.ResponseCsfWbc, "csf_wbc_per_ul"),
        (FactId.ResponseCsf, "csf_wbc_per_ul"),
        (FactId.ResponseCsfBlasts, "csf_blasts_present"),
        (FactId.ResponseTestes, "testes_normal"),
        (FactId.ResponseSigns, "clinical_signs"),
        (FactId.ResponseOtherSites, "other_sites_clear"),
        (FactId.ResponseBiopsy, "residual_biopsy_positive"),
        (FactId.ReinductionCompleted, "reinduction_completed"),
        (FactId.Died, "died"),
        (FactId.SecondMalignancy, "second_malignancy"),
        (FactId.RemissionReachedBefore, "remission_reached_before"),
    ];
}
