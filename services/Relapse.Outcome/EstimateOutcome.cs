using Grpc.Core;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

internal sealed partial class OutcomeRpcs
{
    private const int UsualRows = 50;

    /// <summary>What was published of children like this one?</summary>
    public override Task<EstimateOutcomeResponse> EstimateOutcome(EstimateOutcomeRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new EstimateCall(protocols.CatalogFor(request.Replay), EvidenceLibrary.Shipped, request, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        return Task.FromResult(call.Answer(request, UsualRows));
    }
}
