using Grpc.Core;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;

namespace Relapse.Mrd;

internal sealed partial class MrdRpcs
{
    /// <summary>What do the results say, under each protocol asked for, and how did they change?</summary>
    public override Task<InterpretMrdResponse> InterpretMrd(InterpretMrdRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new InterpretCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        var order = events.Order(request.Publish, EventType.MrdInterpreted, request.RequestId, request.Replay, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it, and without what becomes of the answer or is named among its references; nothing after this line needs them.
        (request.RequestId, request.Publish, request.Alongside) = ("", false, null);
        var answer = call.Answer(request);
        return events.PublishedAsync(order, answer, answer.Receipts, context);
    }
}
