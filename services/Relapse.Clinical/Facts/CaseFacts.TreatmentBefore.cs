using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>What was given before this relapse, and the antigens that a treatment can be directed at.</summary>
internal sealed partial class CaseFacts
{
    private void AddTreatmentBefore(RelapseCase @case)
    {
        if (@case.History is { } history)
        {
            AddPriorAgents(history);
            AddPriorIrradiation(history, @case.Timing);
        }
        AddInterval(CaseFact.PriorRegimens, _numbers.ReadCount(
            "case.history.prior_regimens", @case.History is { HasPriorRegimens: true } counted ? counted.PriorRegimens : null, CaseFact.PriorRegimens.Range!.Value));
        if (@case.Antigens.Count == 0)
        {
            return;
        }
        foreach (var (antigen, fact, _) in TreatmentBefore.Antigens)
        {
            // Where the list says both, nothing is concluded from either.
            var present = IsFound(@case, antigen, FindingStatus.Present);
            AddPresence(FactCatalogue.Find(fact)!, present || IsFound(@case, antigen, FindingStatus.Absent) ? present : null);
        }
    }

    /// <summary>Whether the list has an entry of the antigen with the status.</summary>
    internal static bool IsFound(RelapseCase @case, Antigen antigen, FindingStatus status) =>
        @case.Antigens.Any(finding => finding.Antigen == antigen && finding.Status == status);

    private void AddPriorAgents(History history)
    {
        foreach (var (agent, fact, _) in TreatmentBefore.Agents)
        {
            if (history.PriorAgents.Contains(agent))
            {
                AddPresence(FactCatalogue.Find(fact)!, true);
            }
            else if (history is { HasPriorAgentsComplete: true, PriorAgentsComplete: true })
            {
                AddPresence(FactCatalogue.Find(fact)!, false);
            }
        }
    }

    private void AddPriorIrradiation(History history, Timing? timing)
    {
        var before = IrradiationBefore(history, timing).ToArray();
        var whole = history is { HasNoPriorIrradiation: true, NoPriorIrradiation: true } or { HasPriorIrradiationComplete: true, PriorIrradiationComplete: true };
        foreach (var (fact, _, reachedBy) in TreatmentBefore.Irradiated)
        {
            if (before.Any(course => reachedBy.Contains(course.Site)))
            {
                AddWord(FactCatalogue.Find(fact)!, "ANY");
            }
            else if (whole && before.All(course => course.Site is not IrradiationSite.Unspecified))
            {
                AddWord(FactCatalogue.Find(fact)!, "NONE");
            }
        }
    }

    /// <summary>The courses listed; what was given after the relapse was not given before it.</summary>
    internal static IEnumerable<Irradiation> IrradiationBefore(History history, Timing? timing) => history.PriorIrradiation
        .Where(course => !(CaseNumbers.ReadDate(course.Date).Min > CaseNumbers.ReadDate(timing?.RelapseDate).Max));
}
