using Grpc.Core;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting;

namespace Relapse.Outcomes;

internal sealed partial class OutcomeRpcs
{
    /// <summary>What this service is, is not, and holds.</summary>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) => Task.FromResult(new GetServiceInfoResponse
    {
        Info = ServiceDescription.Of(OutcomeService.Descriptor.FullName, protocols.Catalog),
        Library = EvidenceLibrary.Shipped.Reference,
    });
}
