using Relapse.Clinical.Facts;
using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical;

/// <summary>What was given before the relapse. The lists are whole, so that what is absent is not on them.</summary>
internal sealed partial class ExampleCase
{
    private bool SayTreatmentBefore(string fact, string word)
    {
        foreach (var (agent, _, _) in TreatmentBefore.Agents.Where(agent => agent.Fact == fact))
        {
            History.PriorAgentsComplete = true;
            History.PriorAgents.Add(word == "PRESENT" ? [agent] : []);
            return true;
        }

        foreach (var (_, _, reachedBy) in TreatmentBefore.Irradiated.Where(part => part.Fact == fact))
        {
            History.PriorIrradiationComplete = true;
            History.PriorIrradiation.Add(word == "ANY" ? [new Irradiation { Site = reachedBy[0] }] : []);
            return true;
        }

        foreach (var (antigen, _, _) in TreatmentBefore.Antigens.Where(antigen => antigen.Fact == fact))
        {
            _case.Antigens.Add(new AntigenFinding { Antigen = antigen, Status = word == "PRESENT" ? FindingStatus.Present : FindingStatus.Absent });
            return true;
        }

        return false;
    }

    private History History => _case.History ??= new History();
}
