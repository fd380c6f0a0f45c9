using Google.Api;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Clinical.Dmn;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>A version as DMN 1.3.</summary>
    public override Task<HttpBody> ExportProtocol(ExportProtocolRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var version = ProtocolLookup.Version(protocols.Catalog, request.Name, "name", faults);
        faults.ThrowIfAny();
        return Task.FromResult(new HttpBody { ContentType = "application/xml", Data = UnsafeByteOperations.UnsafeWrap(DmnExport.Write(version!)) });
    }
}
