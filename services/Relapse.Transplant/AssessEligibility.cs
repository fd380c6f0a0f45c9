using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Transplant;

internal sealed partial class TransplantRpcs
{
    /// <summary>What does each protocol asked for advise after remission, what where there is none, and what is said beside it?</summary>
    public override Task<AssessEligibilityResponse> AssessEligibility(AssessEligibilityRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new EligibilityCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        return Task.FromResult(call.Answer(request));
    }
}
