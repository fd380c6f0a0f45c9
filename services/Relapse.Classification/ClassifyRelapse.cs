using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>Which kind of relapse is it, under each protocol asked for?</summary>
    public override Task<ClassifyRelapseResponse> ClassifyRelapse(ClassifyRelapseRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new ClassificationCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        var order = events.Order(request.Publish, EventType.Classified, request.RequestId, request.Replay, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it, and without what becomes of the answer or is named among its references; nothing after this line needs them.
        (request.RequestId, request.Publish, request.Alongside) = ("", false, null);
        var answer = call.Answer(request);
        return events.PublishedAsync(order, answer, answer.Receipts, context);
    }
}
