using System.Collections.Immutable;
using Relapse.Contracts.Case.V1;

namespace Relapse.Clinical.Facts;

/// <summary>
/// Facts of what was given before the relapse and of what the blasts carry, one for each agent, antigen and irradiated part of the
/// contract: what a list does not name is not known, unless the case says that the list is whole.
/// </summary>
internal static class TreatmentBefore
{
    public const string AgentsField = "case.history.prior_agents";
    public const string IrradiationField = "case.history.prior_irradiation";
    public const string AntigensField = "case.antigens";

    /// <summary>For each agent the id of its fact, and what it is called where its field is asked for.</summary>
    public static ImmutableArray<(PriorAgent Agent, string Fact, string Name)> Agents { get; } =
    [
        (PriorAgent.Blinatumomab, "prior_blinatumomab", "BLINATUMOMAB"),
        (PriorAgent.Inotuzumab, "prior_inotuzumab", "INOTUZUMAB"),
        (PriorAgent.CarT, "prior_car_t", "CAR_T"),
        (PriorAgent.TyrosineKinaseInhibitor, "prior_tki", "TYROSINE_KINASE_INHIBITOR"),
        (PriorAgent.Nelarabine, "prior_nelarabine", "NELARABINE"),
        (PriorAgent.Clofarabine, "prior_clofarabine", "CLOFARABINE"),
    ];

    /// <summary>For each antigen the id of its fact, and its name.</summary>
    public static ImmutableArray<(Antigen Antigen, string Fact, string Name)> Antigens { get; } =
    [
        (Antigen.Cd19, "antigen_cd19", "CD19"),
        (Antigen.Cd20, "antigen_cd20", "CD20"),
        (Antigen.Cd22, "antigen_cd22", "CD22"),
        (Antigen.Cd7, "antigen_cd7", "CD7"),
        (Antigen.Cd38, "antigen_cd38", "CD38"),
    ];

    /// <summary>For each part of the body the id of its fact, what it is called, and the irradiation that reaches it.</summary>
    public static ImmutableArray<(string Fact, string Name, ImmutableArray<IrradiationSite> ReachedBy)> Irradiated { get; } =
    [
        (FactId.PriorIrradiationCns, "CNS", [IrradiationSite.Cranium, IrradiationSite.Craniospinal, IrradiationSite.TotalBody]),
        (FactId.PriorIrradiationTestes, "TESTES", [IrradiationSite.Testes, IrradiationSite.TotalBody]),
    ];

    /// <summary>Every fact with its field and what it is called there.</summary>
    public static IEnumerable<(string Fact, string Field, string Name)> All =>
    [
        .. Irradiated.Select(part => (part.Fact, IrradiationField, part.Name)),
        .. Agents.Select(agent => (agent.Fact, AgentsField, agent.Name)),
        .. Antigens.Select(antigen => (antigen.Fact, AntigensField, antigen.Name)),
    ];
}
