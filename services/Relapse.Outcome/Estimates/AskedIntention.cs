using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

/// <summary>What is said of treatment, by the request and by the case together.</summary>
internal static class AskedIntention
{
    private const int MostAgents = 16;
    private const int LongestWord = 64;

    /// <summary>Adds every fault of what the request says, alone and against the case.</summary>
    public static void Check(Intention? intention, RelapseCase? @case, EvidenceLibrary library, FaultList faults)
    {
        if (intention is null)
        {
            return;
        }
        CheckEnum(intention.Treatment, "treatment", faults);
        CheckEnum(intention.Donor, "donor", faults);
        CheckEnum(intention.State, "state", faults);
        if (intention.Regimen.Length > 0 && !library.Words.Regimens.ContainsKey(intention.Regimen))
        {
            faults.Invalid("intention.regimen", $"is none of {string.Join(", ", library.Words.Regimens.Keys)}");
        }
        FaultList.ThrowIfTooMany("intention.agents", intention.Agents.Count, MostAgents);
        foreach (var (index, agent) in intention.Agents.Index())
        {
            if (agent.Length is 0 or > LongestWord || agent.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
            {
                faults.Invalid($"intention.agents[{index}]", $"must be the name of an agent in lower case, at most {LongestWord} characters");
            }
        }
        CheckAgainst(intention, @case?.Treatment, faults);
    }

    /// <summary>The two together.</summary>
    public static Intention Of(Intention? intention, RelapseCase @case)
    {
        var all = intention?.Clone() ?? new Intention();
        if (all.Treatment is Modality.Unspecified)
        {
            all.Treatment = all.Donor is not DonorKind.Unspecified ? Modality.Transplant
                : @case.Treatment is { HasTransplantPlanned: true } planned ? Planned(planned.TransplantPlanned)
                : Modality.Unspecified;
        }
        if (all.Regimen.Length == 0)
        {
            all.Regimen = Word(@case.Treatment?.Reinduction ?? Reinduction.Unspecified);
        }
        return all;
    }

    private static void CheckAgainst(Intention intention, Treatment? treatment, FaultList faults)
    {
        if (intention.Treatment is Modality.Chemotherapy && intention.Donor is not DonorKind.Unspecified)
        {
            faults.Invalid("intention.donor", "chemotherapy has no donor");
        }
        var meant = intention.Donor is not DonorKind.Unspecified ? Modality.Transplant : intention.Treatment;
        if (treatment is { HasTransplantPlanned: true } && meant is not Modality.Unspecified && meant != Planned(treatment.TransplantPlanned))
        {
            faults.Invalid("intention.treatment", "case.treatment.transplant_planned says otherwise");
        }
    }

    private static Modality Planned(bool transplant) => transplant ? Modality.Transplant : Modality.Chemotherapy;

    private static string Word(Reinduction reinduction) => reinduction switch
    {
        Reinduction.AllRezBfm => "ALL_REZ_BFM",
        Reinduction.AllR3 => "ALL_R3",
        Reinduction.Aall01P2 => "AALL01P2",
        Reinduction.Other => TreatmentFit.OtherReinduction,
        _ => "",
    };

    private static void CheckEnum<T>(T value, string field, FaultList faults)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            faults.Invalid("intention." + field, $"not a value of {typeof(T).Name}");
        }
    }
}
