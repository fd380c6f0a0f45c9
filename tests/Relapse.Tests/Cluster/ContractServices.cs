using Google.Protobuf.Reflection;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;

namespace Relapse.Tests.Cluster;

/// <summary>The services of the contract, as the health service of each process knows them.</summary>
internal static class ContractServices
{
    public static IReadOnlyList<string> Names { get; } =
    [
        .. ((ServiceDescriptor[])
        [
            AssessmentService.Descriptor, ClassificationService.Descriptor, MrdService.Descriptor, OutcomeService.Descriptor, RegistryService.Descriptor,
            TransplantService.Descriptor,
        ]).Select(service => service.FullName),
    ];
}
