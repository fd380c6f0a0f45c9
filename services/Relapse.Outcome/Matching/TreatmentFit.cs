using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>
/// How populations stand to what is said of treatment. Whether transplant or chemotherapy, which regimen, which donor and which agents are
/// each a dimension of its own, so that none that is said goes unseen. What is not said stays open.
/// </summary>
internal sealed class TreatmentFit(AskedIntention asked, LibraryFile words)
{
    private const string Path = "intention.";

    private readonly Intention _intention = asked.Intention;
    private readonly ImmutableArray<string> _regimens = asked.Regimens;

    /// <summary>The dimensions of treatment that the question tells.</summary>
    public ImmutableArray<string> Told { get; } =
    [
        .. new (string Dimension, bool IsTold)[]
        {
            (Dimension.Treatment, asked.Intention.Treatment is not Modality.Unspecified),
            (Dimension.Regimen, !asked.Regimens.IsEmpty),
            (Dimension.Donor, asked.Intention.Donor is not DonorKind.Unspecified),
            (Dimension.Agent, asked.Intention.Agents.Count > 0),
        }.Where(dimension => dimension.IsTold).Select(dimension => dimension.Dimension),
    ];

    /// <summary>How a population that is restricted in a dimension of treatment stands there.</summary>
    public CaseStanding In(string dimension, Population when) => dimension switch
    {
        Dimension.Treatment => Said(_intention.Treatment is not Modality.Unspecified, when.Treatment.Contains(_intention.Treatment), "treatment"),
        Dimension.Regimen => Regimen(when.Regimen),
        Dimension.Donor => Said(_intention.Donor is not DonorKind.Unspecified, when.Donor.Contains(_intention.Donor), "donor"),
        Dimension.Agent => Agent(when.Agent),
        _ => Without(when.WithoutAgents),
    };

    /// <summary>Whether a population restricts all that is said in a dimension of treatment.</summary>
    public bool IsRestricted(Population when, string dimension) => dimension switch
    {
        // Only a transplant has a donor.
        Dimension.Treatment => when.Treatment.Count > 0 || when.Donor.Count > 0,
        Dimension.Regimen => _regimens.All(said => when.Regimen.Any(named => IsOfOnePhase(said, words.Regimens[named]))),
        Dimension.Donor => when.Donor.Count > 0,
        Dimension.Agent => _intention.Agents.All(agent => agent == when.Agent),
        _ => true,
    };

    private CaseStanding Agent(string agent) => _regimens.Any(said => WithoutAgents(said).Contains(agent))
        ? CaseStanding.Outside
        : Said(_intention.Agents.Count > 0, _intention.Agents.Contains(agent), "agents");

    private CaseStanding Without(IReadOnlyCollection<string> agents) => agents.All(agent => _regimens.Any(said => WithoutAgents(said).Contains(agent)))
        ? CaseStanding.Within
        : Said(_intention.Agents.Count > 0, !agents.Any(_intention.Agents.Contains), "agents");

    private CaseStanding Regimen(IReadOnlyCollection<string> regimens) => _regimens.Any(regimens.Contains) ? CaseStanding.Within
        : regimens.All(IsOther) ? CaseStanding.Outside
        : CaseStanding.Open(Path + "regimen");

    /// <summary>Whether what is said excludes a regimen: another of its phase, or an agent that it was given without.</summary>
    private bool IsOther(string regimen) =>
        WithoutAgents(regimen).Any(_intention.Agents.Contains) || _regimens.Any(said => said != regimen && IsOfOnePhase(said, words.Regimens[regimen]));

    /// <summary>Of a case whose reinduction is none of those that have a word.</summary>
    public const string OtherReinduction = "OTHER";

    private bool IsOfOnePhase(string said, Regimen regimen) =>
        said == OtherReinduction ? regimen.Reinduction : words.Regimens[said].Reinduction == regimen.Reinduction;

    private RepeatedField<string> WithoutAgents(string regimen) => words.Regimens.TryGetValue(regimen, out var known) ? known.WithoutAgents : [];

    private static CaseStanding Said(bool isSaid, bool isWithin, string field) =>
        !isSaid ? CaseStanding.Open(Path + field) : isWithin ? CaseStanding.Within : CaseStanding.Outside;
}
