using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>The version that a label stands for.</summary>
    public override Task<ResolveLabelResponse> ResolveLabel(ResolveLabelRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var version = ProtocolLookup.Labelled(protocols.Catalog, request.Name, "name", faults);
        faults.ThrowIfAny();
        return Task.FromResult(new ResolveLabelResponse { Version = version!.Name, Digest = version.Digest });
    }
}
