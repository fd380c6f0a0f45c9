using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Hosting;

namespace Relapse.Assessment;

internal sealed partial class AssessmentRpcs
{
    /// <summary>What this service is, is not, and holds.</summary>
    public override Task<GetServiceInfoResponse> GetServiceInfo(GetServiceInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServiceInfoResponse
        {
            Info = ServiceDescription.Of(AssessmentService.Descriptor.FullName, protocols.Catalog),
        });
}
