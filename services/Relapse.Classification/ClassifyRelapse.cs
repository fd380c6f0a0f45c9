using System.Collections.Immutable;
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
        var requestId = RequestId.Check(request.RequestId, faults);
        var versions = ProtocolRequest.Resolve(protocols.Catalog, request.Protocols, request.Readings, faults);
        CheckCase(request, versions, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        return Task.FromResult(Answer(request, versions, new ReceiptWriter(context.Method, requestId, request)));
    }

    private void CheckCase(ClassifyRelapseRequest request, ImmutableArray<ProtocolToEvaluate> versions, FaultList faults)
    {
        if (request.Case is null)
        {
            faults.Invalid("case", "required; an empty case is answered by what would have to be known");
            return;
        }

        faults.Invalid(CaseValidator.Validate(request.Case));
        faults.Invalid(CaseValidator.CheckEstablished(request.Case, [.. versions.Select(version => version.Protocol)]));
        // What is established for a protocol not asked for is left alone, but a name that is none would be left alone too.
        foreach (var (index, established) in request.Case.Established.Index().Where(entry => entry.Item.Protocol.Length > 0))
        {
            ProtocolLookup.Asked(protocols.Catalog, established.Protocol, $"case.established[{index}].protocol", faults);
        }
    }

    private static ClassifyRelapseResponse Answer(
        ClassifyRelapseRequest request, ImmutableArray<ProtocolToEvaluate> versions, ReceiptWriter receipts)
    {
        var response = new ClassifyRelapseResponse { CaseRef = request.Case.CaseRef };
        var evaluator = new CaseEvaluator(request.Case);
        foreach (var (protocol, readings) in versions)
        {
            var decisions = evaluator.Decide(protocol, WellKnownDecisions.Classification, readings, request.IncludeTrace);
            response.Decisions.AddRange(decisions);
            response.Receipts.Add(receipts.Write(protocol, decisions));
        }

        return response;
    }
}
