using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant;

internal sealed partial class TransplantRpcs
{
    /// <summary>What this service is, is not, and holds.</summary>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse
        {
            Info = ServiceDescription.Of(TransplantService.Descriptor.FullName, protocols.Catalog, events),
            Policies = { PolicyLibrary.Shipped.Policies.Select(policy => new LoadedPolicy { Name = policy.Name, Digest = policy.Digest }) },
            References = { reference.References },
        });
}
