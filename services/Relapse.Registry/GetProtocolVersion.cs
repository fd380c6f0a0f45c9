using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>One version with its document, digest and certificate.</summary>
    public override Task<GetProtocolVersionResponse> GetProtocolVersion(GetProtocolVersionRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var version = ProtocolLookup.Version(protocols.Catalog, request.Name, "name", faults);
        faults.ThrowIfAny();

        return Task.FromResult(new GetProtocolVersionResponse
        {
            Version = new ProtocolVersion
            {
                Name = version!.Name,
                Digest = version.Digest,
                Certificate = version.Certificate,
                Document = version.Document,
                Yaml = UnsafeByteOperations.UnsafeWrap(version.Yaml),
            },
        });
    }
}
