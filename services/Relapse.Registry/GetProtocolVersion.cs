using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>One version with its document, digest and certificate; archived or not.</summary>
    public override async Task<GetProtocolVersionResponse> GetProtocolVersion(GetProtocolVersionRequest request, ServerCallContext context)
    {
        var (view, faults) = (FollowedView(context), new FaultList());
        var row = view.Version(request.Name, "name", faults);
        faults.ThrowIfAny();

        var version = view.Describe(row!);
        if (view.Compiled(row!) is { } compiled)
        {
            (version.Document, version.Yaml) = (compiled.Document, UnsafeByteOperations.UnsafeWrap(compiled.Yaml));
        }
        else
        {
            version.Yaml = await StoredAsync(row!.Digest, row, context.CancellationToken);
        }

        if (request.WithCases)
        {
            version.CasesYaml = Shipped(row!) ?? await StoredAsync(row!.CasesDigest, row, context.CancellationToken);
        }

        return new GetProtocolVersionResponse { Version = version };
    }

    // One that this release does not compile is still to be read as it was published.
    private async Task<ByteString> StoredAsync(string digest, VersionRow row, CancellationToken cancellation)
    {
        var content = await keeper.ReadDocumentAsync(digest, cancellation);
        return content is not null && HasDigest(content, digest) ? UnsafeByteOperations.UnsafeWrap(content) : throw RpcErrors.DataLoss(row.VersionName);
    }

    // What is shipped need not be stored yet.
    private static ByteString? Shipped(VersionRow row) =>
        row.Centre.Length == 0 && ProtocolLibrary.CasesOf(row.Protocol, row.Version) is var cases && HasDigest(cases, row.CasesDigest)
            ? UnsafeByteOperations.UnsafeWrap(cases)
            : null;

    private static bool HasDigest(byte[] content, string digest) => Convert.ToHexStringLower(SHA256.HashData(content)) == digest;
}
