using Grpc.Core;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Mrd;

internal sealed partial class MrdRpcs
{
    /// <summary>What do the results say, under each protocol asked for, and how did they change?</summary>
    public override Task<InterpretMrdResponse> InterpretMrd(InterpretMrdRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var call = new InterpretCall(protocols.CatalogFor(request.Replay), request, faults);
        call.Check(request.Case, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        return Task.FromResult(call.Answer(request));
    }
}
