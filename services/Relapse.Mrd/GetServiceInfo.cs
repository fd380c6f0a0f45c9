using Grpc.Core;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting;

namespace Relapse.Mrd;

internal sealed partial class MrdRpcs
{
    /// <summary>What this service is, is not, and holds.</summary>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse { Info = ServiceDescription.Of(MrdService.Descriptor.FullName, protocols.Catalog, events) });
}
