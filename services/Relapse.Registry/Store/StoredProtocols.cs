using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Relapse.Clinical;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry.Store;

/// <summary>
/// The catalog of a state: every version compiled, once for its bytes. What does not compile any more, or does not have its
/// digest, stays in the catalog and is not evaluated.
/// </summary>
internal sealed partial class StoredProtocols(IRegistryStore store, ILogger<StoredProtocols> logger)
{
    private readonly ConcurrentDictionary<(string Digest, string CasesDigest), CompiledProtocol> _compiled = new();
    private readonly ConcurrentDictionary<(string Digest, string CasesDigest), NotEvaluated> _unusable = new();

    /// <summary>Takes a version that is compiled already, so that it is not compiled again.</summary>
    public void Hold(CompiledProtocol compiled) => _compiled[(compiled.Digest, compiled.CasesDigest)] = compiled;

    /// <summary>The catalog, once whatever is new in the state is compiled.</summary>
    public async Task<ProtocolCatalog> CatalogAsync(RegistryState state, CancellationToken cancellation)
    {
        var versions = state.Protocols.SelectMany(protocol => protocol.Versions).ToArray();
        var fresh = versions.Where(row => !_compiled.ContainsKey(Key(row)) && !_unusable.ContainsKey(Key(row)));
        await Parallel.ForEachAsync(fresh, cancellation, async (row, token) => await CompileAsync(row, token));
        return ProtocolCatalog.Of(
            state.Protocols.SelectMany(protocol => protocol.Versions.Select(row => Entry(row, protocol.Archived(row.Version) is not null))),
            state.Protocols.SelectMany(protocol => protocol.Labels.Select(move => new CatalogLabel(move.Protocol, move.Label, move.Version, LabelCentre(protocol, move)))));
    }

    private static string LabelCentre(ProtocolState protocol, MoveRow move) =>
        move.Label == ProtocolCatalog.CurrentLabel ? protocol.Owner : move.Owner;

    private static (string, string) Key(VersionRow row) => (row.Digest, row.CasesDigest);

    private CatalogVersion Entry(VersionRow row, bool archived)
    {
        var compiled = _compiled.GetValueOrDefault(Key(row));
        NotEvaluated? whyNot = compiled is null ? _unusable[Key(row)] : archived ? NotEvaluated.Archived : null;
        return new CatalogVersion(row.Protocol, row.Version, compiled, row.Centre, row.Shared, whyNot);
    }

    private async Task CompileAsync(VersionRow row, CancellationToken cancellation)
    {
        var (yaml, cases) = (await store.ReadDocumentAsync(row.Digest, cancellation), await store.ReadDocumentAsync(row.CasesDigest, cancellation));
        if (!Has(yaml, row.Digest) || !Has(cases, row.CasesDigest))
        {
            Damaged(logger, row.VersionName, row.Digest);
            _unusable[Key(row)] = NotEvaluated.DigestMismatch;
            return;
        }

        var (compiled, faults) = ProtocolCompiler.Compile(yaml, cases);
        if (compiled is null || compiled.Name != row.VersionName)
        {
            NoLongerCertified(logger, row.VersionName, faults.Length);
            _unusable[Key(row)] = NotEvaluated.NotCertified;
            return;
        }

        Hold(compiled);
    }

    private static bool Has(byte[]? content, string digest) => content is not null && Convert.ToHexStringLower(SHA256.HashData(content)) == digest;

    [LoggerMessage(1, LogLevel.Error, "The stored document of {Version} does not have the digest {Digest}; it is not evaluated.", EventName = "Damaged")]
    private static partial void Damaged(ILogger logger, string version, string digest);

    [LoggerMessage(2, LogLevel.Warning, "{Version} was certified when it was published and has {Faults} faults in this release; it is not evaluated.", EventName = "NoLongerCertified")]
    private static partial void NoLongerCertified(ILogger logger, string version, int faults);
}
