using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>What this service is, is not, and holds.</summary>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse
        {
            Info = ServiceDescription.Of(RegistryService.Descriptor.FullName, protocols.Catalog, events),
        });
}
