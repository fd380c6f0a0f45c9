using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Assessment.Cohorts;

/// <summary>What all items of one cohort share: versions, resolved once, and the decisions that are concluded of each case.</summary>
internal sealed class CohortCall
{
    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="faults">Where to add what is wrong with them, by paths that begin at the settings.</param>
    public CohortCall(ProtocolCatalog catalog, AssessCohortSettings settings, FaultList faults)
    {
        RequestId = Hosting.RequestId.Check(settings.RequestId, faults);
        Parts = settings.Parts.Count == 0 ? PartBatches.Batched : [.. PartBatches.Batched.Where(settings.Parts.Contains)];
        foreach (var (index, part) in settings.Parts.Index())
        {
            if (!PartBatches.Batched.Contains(part))
            {
                faults.Invalid($"parts[{index}]", part == Part.Outcome ? "outcome is asked case by case" : $"not a value of {nameof(Part)}");
            }
            else if (settings.Parts.Take(index).Contains(part))
            {
                faults.Invalid($"parts[{index}]", "the same part as an entry before it");
            }
        }

        Versions = ProtocolRequest.Resolve(catalog, settings.Protocols, settings.Readings, [.. Parts.SelectMany(part => DecisionsOf(part))], faults);
        Alongside = AssessmentCall.Beside(catalog);
        Decided = [.. from version in Versions from part in Parts from decision in DecisionsOf(part) where version.Protocol.Document.Decisions.ContainsKey(decision) select (part, version.Protocol, decision)];
    }

    /// <summary>The parts asked, in the order of Figure 1.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The versions, in the order asked for.</summary>
    public ImmutableArray<ProtocolToEvaluate> Versions { get; }

    /// <summary>The documents beside them, which are the same for every chunk.</summary>
    public Alongside Alongside { get; }

    /// <summary>What is concluded of each case, in the order of its conclusions.</summary>
    public ImmutableArray<(Part Part, CompiledProtocol Protocol, string Decision)> Decided { get; }

    /// <summary>The id that keys the receipts of the services.</summary>
    public string RequestId { get; }

    /// <summary>The decisions of a part that is asked in batches.</summary>
    public static ImmutableArray<string> DecisionsOf(Part part) => part switch
    {
        Part.Classification => WellKnownDecisions.Classification,
        Part.Response => WellKnownDecisions.Response,
        Part.Mrd => WellKnownDecisions.Mrd,
        _ => WellKnownDecisions.Transplant,
    };
}
