using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>What this service is, is not, and holds.</summary>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse
        {
            Info = ServiceDescription.Of(ClassificationService.Descriptor.FullName, protocols.Catalog, events),
        });
}
