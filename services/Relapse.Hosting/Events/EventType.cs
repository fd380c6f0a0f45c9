using System.Collections.Immutable;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Hosting.Events;

/// <summary>A kind of event. One whose data changes so that its readers would notice is another kind, `.v2`.</summary>
/// <param name="Name">The CloudEvents `type`.</param>
/// <param name="Source">The CloudEvents `source`: the service, and not the process, so that what another replica sends again is the same event.</param>
public sealed record EventType(string Name, string Source)
{
    /// <summary>A relapse was classified; the data is a ClassifyRelapseResponse.</summary>
    public static EventType Classified { get; } = new("relapse.classification.classified.v1", ClassificationService.Descriptor.FullName);

    /// <summary>MRD results were interpreted; the data is an InterpretMrdResponse.</summary>
    public static EventType MrdInterpreted { get; } = new("relapse.mrd.interpreted.v1", MrdService.Descriptor.FullName);

    /// <summary>What is advised after remission was assessed; the data is an AssessEligibilityResponse.</summary>
    public static EventType EligibilityAssessed { get; } = new("relapse.transplant.assessed.v1", TransplantService.Descriptor.FullName);

    /// <summary>A protocol version was published; the data is a PublishProtocolVersionResponse.</summary>
    public static EventType VersionPublished { get; } = new("relapse.registry.published.v1", RegistryService.Descriptor.FullName);

    /// <summary>A label was moved, or withdrawn; the data is a MoveLabelResponse.</summary>
    public static EventType LabelMoved { get; } = new("relapse.registry.label-moved.v1", RegistryService.Descriptor.FullName);

    /// <summary>Every kind there is.</summary>
    public static ImmutableArray<EventType> All { get; } = [Classified, MrdInterpreted, EligibilityAssessed, VersionPublished, LabelMoved];
}
