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
    /// <summary>Which features did the disease have at first diagnosis, and which NCI/Rome group was it in?</summary>
    public override Task<AssessPrimaryRiskResponse> AssessPrimaryRisk(AssessPrimaryRiskRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var catalog = protocols.CatalogFor(request.Replay);
        var requestId = RequestId.Check(request.RequestId, faults);
        var versions = ProtocolRequest.Resolve(catalog, request.Protocols, request.Readings, WellKnownDecisions.PrimaryRisk, faults);
        CaseRequest.Check(catalog, request.Case, versions, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        var response = new AssessPrimaryRiskResponse { CaseRef = request.Case.CaseRef };
        var answer = new CaseAnswer(request.Case, ProtocolRequest.Alongside(catalog, versions), new ReceiptWriter(context.Method, requestId, request));
        answer.Add(versions, WellKnownDecisions.PrimaryRisk, request.IncludeTrace, response.Decisions, response.Receipts);
        return Task.FromResult(response);
    }
}
