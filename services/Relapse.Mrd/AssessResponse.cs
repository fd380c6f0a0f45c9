using Grpc.Core;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Mrd;

internal sealed partial class MrdRpcs
{
    /// <summary>How does one response stand, under each protocol asked for?</summary>
    public override Task<AssessResponseResponse> AssessResponse(AssessResponseRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new AssessCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it, and without what is named among its references; nothing after this line needs them.
        (request.RequestId, request.Alongside) = ("", null);
        return Task.FromResult(call.Answer(request));
    }
}
