using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>How populations stand to what is said of treatment. What is not said stays open.</summary>
internal sealed class TreatmentFit(Intention intention, LibraryFile words)
{
    private const string Path = "intention.";

    /// <summary>The dimensions of treatment that the question tells.</summary>
    public ImmutableArray<string> Told { get; } =
    [
        .. new (string Dimension, bool IsTold)[]
        {
            (Dimension.Treatment, IsAnythingSaid(intention)),
            (Dimension.Donor, intention.Donor is not DonorKind.Unspecified),
            (Dimension.Agent, intention.Agents.Count > 0),
        }.Where(dimension => dimension.IsTold).Select(dimension => dimension.Dimension),
    ];

    /// <summary>The dimensions of treatment that a population names, each with how it stands.</summary>
    public IEnumerable<(string Dimension, CaseStanding Standing)> Of(EvidencePopulation population)
    {
        var when = population.When;
        if (when.Treatment.Count > 0)
        {
            yield return (Dimension.Treatment, Said(intention.Treatment is not Modality.Unspecified, when.Treatment.Contains(intention.Treatment), "treatment"));
        }
        if (when.Regimen.Count > 0)
        {
            yield return (Dimension.Regimen, Regimen(when.Regimen));
        }
        if (when.Donor.Count > 0)
        {
            yield return (Dimension.Donor, Said(intention.Donor is not DonorKind.Unspecified, when.Donor.Contains(intention.Donor), "donor"));
        }
        if (when.Agent.Length > 0)
        {
            yield return (Dimension.Agent, Agent(when.Agent));
        }
    }

    /// <summary>Whether a population names a dimension of treatment. One that says nothing of treatment is broader once, in treatment.</summary>
    public static bool IsRestricted(EvidencePopulation population, string dimension) => dimension switch
    {
        Dimension.Donor => population.When.Donor.Count > 0 || !population.RestrictsTreatment,
        Dimension.Agent => population.When.Agent.Length > 0 || !population.RestrictsTreatment,
        _ => population.RestrictsTreatment,
    };

    private static bool IsAnythingSaid(Intention intention) =>
        intention.Treatment is not Modality.Unspecified || intention.Regimen.Length > 0 || intention.Donor is not DonorKind.Unspecified || intention.Agents.Count > 0;

    private CaseStanding Agent(string agent) => words.Regimens.TryGetValue(intention.Regimen, out var given) && given.WithoutAgents.Contains(agent)
        ? CaseStanding.Outside
        : Said(intention.Agents.Count > 0, intention.Agents.Contains(agent), "agents");

    private CaseStanding Regimen(IReadOnlyCollection<string> regimens)
    {
        if (regimens.Contains(intention.Regimen))
        {
            return CaseStanding.Within;
        }
        var others = regimens.All(regimen => IsOther(words.Regimens[regimen]));
        return others ? CaseStanding.Outside : CaseStanding.Open(Path + "regimen");
    }

    /// <summary>Whether a regimen excludes what is said: another of its phase, or an agent that it was given without.</summary>
    private bool IsOther(Regimen regimen) =>
        regimen.WithoutAgents.Any(intention.Agents.Contains)
        || (intention.Regimen == OtherReinduction && regimen.Reinduction)
        || (words.Regimens.TryGetValue(intention.Regimen, out var given) && given.Reinduction == regimen.Reinduction);

    /// <summary>Of a case whose reinduction is none of those that have a word.</summary>
    public const string OtherReinduction = "OTHER";

    private static CaseStanding Said(bool isSaid, bool isWithin, string field) =>
        !isSaid ? CaseStanding.Open(Path + field) : isWithin ? CaseStanding.Within : CaseStanding.Outside;
}
