using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

/// <summary>What is said of treatment, by the request and by the case together.</summary>
/// <param name="Intention">The request's, with what the case adds.</param>
/// <param name="Regimens">The regimens of both: that of the request, and the reinduction of the case.</param>
internal sealed record AskedIntention(Intention Intention, ImmutableArray<string> Regimens)
{
    private const int MostAgents = 16;

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
            if (!library.Agents.Contains(agent))
            {
                // A word that no row knows would exclude every row with an agent, as if it were another one.
                faults.Invalid($"intention.agents[{index}]", $"is none of {string.Join(", ", library.Agents)}");
            }
            else if (library.Words.Regimens.TryGetValue(intention.Regimen, out var regimen) && regimen.WithoutAgents.Contains(agent))
            {
                faults.Invalid($"intention.agents[{index}]", "intention.regimen is of those who were not given it");
            }
        }
        CheckAgainst(intention, @case?.Treatment, library, faults);
        CheckState(intention.State, @case, faults);
    }

    /// <summary>The two together.</summary>
    public static AskedIntention Of(Intention? intention, RelapseCase @case)
    {
        var all = intention?.Clone() ?? new Intention();
        if (all.Treatment is Modality.Unspecified)
        {
            all.Treatment = all.Donor is not DonorKind.Unspecified ? Modality.Transplant
                : @case.Treatment is { HasTransplantPlanned: true } planned ? Planned(planned.TransplantPlanned)
                : Modality.Unspecified;
        }
        var reinduction = Word(@case.Treatment?.Reinduction ?? Reinduction.Unspecified);
        return new AskedIntention(all, [.. new[] { all.Regimen, reinduction }.Where(word => word.Length > 0).Distinct()]);
    }

    private static void CheckAgainst(Intention intention, Treatment? treatment, EvidenceLibrary library, FaultList faults)
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
        var given = Word(treatment?.Reinduction ?? Reinduction.Unspecified);
        var isReinduction = library.Words.Regimens.TryGetValue(intention.Regimen, out var regimen) && regimen.Reinduction;
        // Of a regimen that the case has no word for, its word for another one says nothing else.
        if (isReinduction && given.Length > 0 && given != intention.Regimen && (given != TreatmentFit.OtherReinduction || IsOfCase(intention.Regimen)))
        {
            faults.Invalid("intention.regimen", "case.treatment.reinduction says otherwise");
        }
    }

    /// <summary>A second remission follows a first relapse, and a third one a second.</summary>
    private static void CheckState(RemissionState state, RelapseCase? @case, FaultList faults)
    {
        int? relapse = state switch
        {
            RemissionState.SecondRemission => 1,
            RemissionState.ThirdRemission => 2,
            _ => null,
        };
        if (relapse is { } number && @case is { HasRelapseNumber: true } && @case.RelapseNumber != number)
        {
            faults.Invalid("intention.state", "case.relapse_number is of another remission");
        }
    }

    private static bool IsOfCase(string regimen) => Enum.GetValues<Reinduction>().Any(reinduction => Word(reinduction) == regimen);

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
