using System.Data.Common;
using Relapse.Clinical;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry.Store;

/// <summary>The registry as it is now: what happened, and the catalog that follows from it. The two never differ.</summary>
internal sealed record Registry(RegistryState State, ProtocolCatalog Catalog);

/// <summary>
/// Keeps what happened in memory and in the store, adds to both, and puts each new catalog in force for the services of
/// this process. Reading asks nobody; a store that fails fails the writer alone.
/// </summary>
internal sealed partial class RegistryKeeper(
    IRegistryStore store, StoredProtocols stored, ProtocolSource source, IReplicaBell bell, TimeProvider clock, ILogger<RegistryKeeper> logger) : IDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _changing = new();
    private volatile Registry? _registry;
    private TaskCompletionSource _changed = New();
    private ShippedVersions? _shipped;
    private bool _isStored;

    /// <summary>The registry as it is now. Before it is loaded the call ends UNAVAILABLE, to be retried.</summary>
    public Registry Now => _registry ?? throw RpcErrors.Unavailable("NOT_READY", "The registry is still being loaded.");

    /// <summary>Whether it is loaded.</summary>
    public bool IsLoaded => _registry is not null;

    /// <summary>The moment, as it is stored: to the millisecond.</summary>
    public DateTimeOffset Moment => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>
    /// Loads the store, adds what is newly shipped, and gives the catalog to begin with. A file that is not there yet is not
    /// made: what it would hold is known, and it is written with the first thing that somebody publishes or moves.
    /// </summary>
    public Task<ProtocolCatalog> BeginAsync(ProtocolCatalog shipped, CancellationToken cancellation) =>
        BeginAsync(shipped, ProtocolLibrary.FrozenVersions(), version => ProtocolLibrary.CasesOf(version.Id, version.Version), cancellation);

    /// <summary>The same, with the names of the frozen versions and the golden cases of each.</summary>
    internal async Task<ProtocolCatalog> BeginAsync(
        ProtocolCatalog shipped, IReadOnlySet<string> frozen, Func<CompiledProtocol, byte[]> casesOf, CancellationToken cancellation)
    {
        foreach (var version in shipped.Protocols.SelectMany(entry => entry.Versions))
        {
            stored.Hold(version);
        }

        _shipped = new ShippedVersions(shipped, frozen, casesOf, Moment);
        if (store.MayHoldAnything)
        {
            await StoreAsync(cancellation);
        }
        else
        {
            await PutInForceAsync(RegistryState.Empty.With(_shipped.MissingFrom(RegistryState.Empty).Rows), cancellation);
        }

        return Now.Catalog;
    }

    /// <summary>Decides on the registry as it is, adds what the decision says, and puts it in force before this returns.</summary>
    /// <param name="decide">The decision; an exception changes nothing and is passed on.</param>
    /// <param name="compiled">A version that the decision may add.</param>
    /// <param name="cancellation">Ends it before it is decided.</param>
    public async Task<RegistryState> ChangeAsync(Func<RegistryState, Change> decide, CompiledProtocol? compiled, CancellationToken cancellation)
    {
        _ = Now;
        await _turn.WaitAsync(cancellation);
        try
        {
            return await OrUnavailableAsync(async () =>
            {
                if (!_isStored)
                {
                    await OpenAsync(cancellation);
                }

                var state = await store.ChangeAsync(Now.State, decide, cancellation);
                if (compiled is not null)
                {
                    stored.Hold(compiled);
                }

                // What is stored is stored, whether or not its caller still waits.
                await PutInForceAsync(state, CancellationToken.None);
                bell.Ring();
                return state;
            });
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes over what other processes have written.</summary>
    /// <exception cref="DbException">The store cannot be reached.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!store.MayHaveChanged || (!_isStored && !store.MayHoldAnything))
        {
            return;
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_isStored)
            {
                // Another process has made the file, and what is shipped need not have the numbers in it that were given here.
                await OpenAsync(cancellation);
                return;
            }

            var known = Now.State;
            var state = known.With(await store.ReadAsync(known.Revision, cancellation));
            if (state != known)
            {
                await PutInForceAsync(state, cancellation);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same for a call: a store that cannot be reached ends it.</summary>
    public Task LookAgainAsync(CancellationToken cancellation) => OrUnavailableAsync(async () =>
    {
        await RefreshAsync(cancellation);
        return true;
    });

    /// <summary>The bytes of a document that is stored and not compiled; null when there are none.</summary>
    public Task<byte[]?> ReadDocumentAsync(string digest, CancellationToken cancellation) =>
        OrUnavailableAsync(() => store.ReadDocumentAsync(digest, cancellation));

    /// <summary>Ends when something has happened after a revision.</summary>
    public async Task ChangedAsync(long after, CancellationToken cancellation)
    {
        while (Now.State.Revision <= after)
        {
            Task changed;
            lock (_changing)
            {
                changed = _changed.Task;
            }

            if (Now.State.Revision <= after)
            {
                await changed.WaitAsync(cancellation);
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<T> OrUnavailableAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OutcomeUnknownException failure)
        {
            StoreFailed(logger, failure);
            throw RpcErrors.Unavailable(
                "OUTCOME_UNKNOWN",
                "What the registry keeps failed while this was written; it is written, or it is not. Repeating it is safe: nothing is written twice, and a label that did move is ABORTED.");
        }
        catch (Exception failure) when (failure is DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            StoreFailed(logger, failure);
            throw RpcErrors.Unavailable("STORE_UNREACHABLE", "What the registry keeps cannot be reached now; nothing was changed.");
        }
    }

    // A server that cannot be reached is waited for: the process is not ready meanwhile. A file that cannot be opened is not.
    private async Task StoreAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await OpenAsync(cancellation);
                return;
            }
            catch (Exception failure) when (store.IsServer && (failure is DbException or TimeoutException or OutcomeUnknownException))
            {
                NotReached(logger, failure.GetType().Name, (failure as DbException)?.SqlState);
                await Task.Delay(TryAgain, clock, cancellation);
            }
            catch (Exception failure) when (failure is DbException or IOException or UnauthorizedAccessException or OutcomeUnknownException)
            {
                throw new CatalogRefusedException("the registry's store cannot be opened: " + failure.Message);
            }
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        await store.OpenAsync(cancellation);
        VersionRow[] replacing = [];
        var state = await store.ChangeAsync(
            RegistryState.Empty,
            known =>
            {
                var change = _shipped!.MissingFrom(known);
                replacing = [.. change.Rows.OfType<VersionRow>().Where(row => row.Replaces > 0)];
                return change;
            },
            cancellation);
        foreach (var row in replacing)
        {
            Replaced(logger, row.VersionName, row.Digest);
        }

        await PutInForceAsync(state, cancellation);
        _isStored = true;
    }

    private async Task PutInForceAsync(RegistryState state, CancellationToken cancellation)
    {
        var catalog = await stored.CatalogAsync(state, cancellation);
        var first = _registry is null;
        _registry = new Registry(state, catalog);
        if (!first)
        {
            // The first is put in force by whoever began.
            source.Publish(catalog);
        }

        lock (_changing)
        {
            _changed.TrySetResult();
            _changed = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1, LogLevel.Error, "The registry's store failed.", EventName = "StoreFailed")]
    private static partial void StoreFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "The registry's database cannot be reached ({Failure} {SqlState}); trying again.", EventName = "NotReached")]
    private static partial void NotReached(ILogger logger, string failure, string? sqlState);

    [LoggerMessage(3, LogLevel.Warning, "{Version} is shipped with other bytes than were stored, which it may as long as it is not frozen; now {Digest}.", EventName = "Replaced")]
    private static partial void Replaced(ILogger logger, string version, string digest);
}
