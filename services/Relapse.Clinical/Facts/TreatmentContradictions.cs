using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>What a case says of treatment before the relapse, and of antigens, that cannot all be true.</summary>
internal static class TreatmentContradictions
{
    public static void Find(RelapseCase @case, List<CaseContradiction> found)
    {
        if (@case.History is { HasNoPriorIrradiation: true, NoPriorIrradiation: true } history && CaseFacts.IrradiationBefore(history, @case.Timing).Any())
        {
            found.Add(new(
                ["case.history.no_prior_irradiation", TreatmentBefore.IrradiationField],
                [.. TreatmentBefore.Irradiated.Select(part => part.Fact)],
                "an irradiation is listed and said not to have been given"));
        }
        if (@case.History is { HasNoPriorIrradiation: true, NoPriorIrradiation: false, HasPriorIrradiationComplete: true, PriorIrradiationComplete: true } whole
            && !CaseFacts.IrradiationBefore(whole, @case.Timing).Any())
        {
            found.Add(new(
                ["case.history.no_prior_irradiation", "case.history.prior_irradiation_complete"],
                [.. TreatmentBefore.Irradiated.Select(part => part.Fact)],
                "an irradiation was given and none is on a list said to be whole"));
        }
        if (@case.Antigens.Count > 0)
        {
            FindInAntigens(@case, found);
        }
    }

    private static void FindInAntigens(RelapseCase @case, List<CaseContradiction> found)
    {
        foreach (var (antigen, fact, _) in TreatmentBefore.Antigens)
        {
            if (CaseFacts.IsFound(@case, antigen, FindingStatus.Present) && CaseFacts.IsFound(@case, antigen, FindingStatus.Absent))
            {
                found.Add(new(
                    [.. @case.Antigens.Index()
                        .Where(entry => entry.Item.Antigen == antigen && entry.Item.Status is not FindingStatus.NotDone)
                        .Select(entry => $"{TreatmentBefore.AntigensField}[{entry.Index}]")],
                    [fact],
                    "a surface antigen is present and absent at the same time"));
            }
        }
    }
}
