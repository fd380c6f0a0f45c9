using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;

namespace Relapse.Transplant;

internal sealed partial class TransplantRpcs
{
    /// <summary>What does each protocol asked for advise after remission, what where there is none, and what is said beside it?</summary>
    public override Task<AssessEligibilityResponse> AssessEligibility(AssessEligibilityRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new EligibilityCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        var order = events.Order(request.Publish, EventType.EligibilityAssessed, request.RequestId, request.Replay, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it, and without what becomes of the answer or is named among its references; nothing after this line needs them.
        (request.RequestId, request.Publish, request.Alongside) = ("", false, null);
        var answer = call.Answer(request);
        return events.PublishedAsync(order, answer, answer.Receipts, context);
    }
}
