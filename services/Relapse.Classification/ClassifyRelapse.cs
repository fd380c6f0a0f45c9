using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    /// <summary>Which kind of relapse is it, under each protocol asked for?</summary>
    public override Task<ClassifyRelapseResponse> ClassifyRelapse(ClassifyRelapseRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new ClassificationCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        return Task.FromResult(call.Answer(request));
    }
}
