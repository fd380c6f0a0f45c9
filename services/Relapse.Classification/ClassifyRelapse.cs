using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>Which kind of relapse is it, under each protocol asked for?</summary>
    public override Task<ClassifyRelapseResponse> ClassifyRelapse(ClassifyRelapseRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var catalog = protocols.Catalog;
        var requestId = RequestId.Check(request.RequestId, faults);
        var versions = ProtocolRequest.Resolve(catalog, request.Protocols, request.Readings, WellKnownDecisions.Classification, faults);
        CaseRequest.Check(catalog, request.Case, versions, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        var response = new ClassifyRelapseResponse { CaseRef = request.Case.CaseRef };
        var answer = new CaseAnswer(request.Case, ProtocolRequest.Alongside(catalog, versions), new ReceiptWriter(context.Method, requestId, request));
        answer.Add(versions, WellKnownDecisions.Classification, request.IncludeTrace, response.Decisions, response.Receipts);
        return Task.FromResult(response);
    }
}
