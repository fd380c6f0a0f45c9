using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Hosting.Protocols;

/// <summary>A version that was got: ready for use, or known to be unusable.</summary>
internal sealed record Held(CompiledProtocol? Compiled, NotEvaluated? WhyNot);

/// <summary>
/// Compiled versions by their digests, for as long as the process lives. What is not held is got: both documents out of the
/// cache, else from the registry; either way they have their digests, compile, and pass their golden cases in this process.
/// </summary>
internal sealed partial class HeldProtocols(IDocumentCache cache, RegistryLine registry, ILogger<HeldProtocols> logger)
{
    private readonly ConcurrentDictionary<(string Digest, string CasesDigest), Held> _held = new();

    /// <summary>Takes a version that is compiled already.</summary>
    public void Hold(CompiledProtocol compiled) => _held[(compiled.Digest, compiled.CasesDigest)] = new Held(compiled, null);

    /// <summary>A version as far as it is held; null when it has to be got.</summary>
    public Held? Find(ProtocolVersion version) => _held.GetValueOrDefault((version.Digest, version.CasesDigest));

    /// <summary>Gets a version, if it can be had now.</summary>
    public async Task GetAsync(ProtocolVersion version, CancellationToken cancellation)
    {
        var documents = await CachedAsync(version, cancellation) ?? await FetchedAsync(version, cancellation);
        if (documents is var (yaml, cases))
        {
            _held[(version.Digest, version.CasesDigest)] = Compiled(version, yaml, cases);
        }
    }

    private async Task<(byte[] Yaml, byte[] Cases)?> CachedAsync(ProtocolVersion version, CancellationToken cancellation)
    {
        var documents = await Task.WhenAll(CachedAsync(version.Digest, cancellation), CachedAsync(version.CasesDigest, cancellation));
        return documents is [{ } yaml, { } cases] ? (yaml, cases) : null;
    }

    private async Task<byte[]?> CachedAsync(string digest, CancellationToken cancellation)
    {
        var content = await cache.ReadAsync(digest, cancellation);
        var isSound = content is not null && DigestOf(content) == digest;
        RemoteMetrics.Document(isSound ? "hit" : content is null ? "miss" : "poisoned");
        if (content is not null && !isSound)
        {
            Poisoned(logger, digest);
        }

        return isSound ? content : null;
    }

    private async Task<(byte[] Yaml, byte[] Cases)?> FetchedAsync(ProtocolVersion version, CancellationToken cancellation)
    {
        try
        {
            var answer = await registry.GetAsync(version.Name, cancellation);
            var (yaml, cases) = (answer.Yaml.ToByteArray(), answer.CasesYaml.ToByteArray());
            if (DigestOf(yaml) != version.Digest || DigestOf(cases) != version.CasesDigest)
            {
                // One that is not frozen was replaced meanwhile; the watch is about to say so.
                OtherBytes(logger, version.Name, version.Digest);
                return null;
            }

            cache.Keep(version.Digest, yaml);
            cache.Keep(version.CasesDigest, cases);
            return (yaml, cases);
        }
        catch (RpcException damaged) when (damaged.StatusCode == StatusCode.DataLoss)
        {
            Damaged(logger, version.Name);
            _held[(version.Digest, version.CasesDigest)] = new Held(null, NotEvaluated.DigestMismatch);
            return null;
        }
        catch (Exception failure) when (RegistryLine.IsFailure(failure) && !cancellation.IsCancellationRequested)
        {
            NotGot(logger, version.Name, (failure as RpcException)?.StatusCode.ToString() ?? failure.GetType().Name);
            return null;
        }
    }

    private Held Compiled(ProtocolVersion version, byte[] yaml, byte[] cases)
    {
        var (compiled, faults) = ProtocolCompiler.Compile(yaml, cases);
        if (compiled is not null && compiled.Name == version.Name)
        {
            return new Held(compiled, null);
        }

        NotCertified(logger, version.Name, faults.Length);
        return new Held(null, NotEvaluated.NotCertified);
    }

    private static string DigestOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    [LoggerMessage(1, LogLevel.Warning, "The cache has other bytes under the digest {Digest}; they are not used.", EventName = "Poisoned")]
    private static partial void Poisoned(ILogger logger, string digest);

    [LoggerMessage(2, LogLevel.Warning, "The registry gave {Version} with other bytes than of the digest {Digest}; it is asked again.", EventName = "OtherBytes")]
    private static partial void OtherBytes(ILogger logger, string version, string digest);

    [LoggerMessage(3, LogLevel.Error, "The registry's document of {Version} is damaged; it is not evaluated.", EventName = "Damaged")]
    private static partial void Damaged(ILogger logger, string version);

    [LoggerMessage(4, LogLevel.Warning, "{Version} cannot be had from the registry now ({Failure}); it is asked again.", EventName = "NotGot")]
    private static partial void NotGot(ILogger logger, string version, string failure);

    [LoggerMessage(5, LogLevel.Warning, "{Version} was certified by the registry and has {Faults} faults in this release; it is not evaluated.", EventName = "NotCertified")]
    private static partial void NotCertified(ILogger logger, string version, int faults);
}
