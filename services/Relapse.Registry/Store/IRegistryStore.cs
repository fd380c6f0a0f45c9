namespace Relapse.Registry.Store;

/// <summary>
/// Where the registry keeps what happened. Nothing in it is ever changed or deleted. Failures are
/// <see cref="System.Data.Common.DbException"/>.
/// </summary>
internal interface IRegistryStore
{
    /// <summary>Whether it is a server, which may come back when it cannot be reached.</summary>
    public bool IsServer { get; }

    /// <summary>Whether other processes may have written to it since it was last read. Asked twice a second, and cheap.</summary>
    public bool MayHaveChanged { get; }

    /// <summary>Whether there may be something in it: a file that does not exist yet has nothing, and is not opened for reading.</summary>
    public bool MayHoldAnything { get; }

    /// <summary>Makes it ready for use: created if it is not there, brought up to this release's tables. May be repeated.</summary>
    /// <exception cref="Relapse.Hosting.Protocols.CatalogRefusedException">A later release has changed its tables, and this one cannot go on with them.</exception>
    public Task OpenAsync(CancellationToken cancellation);

    /// <summary>What happened after a revision, in order.</summary>
    public Task<IReadOnlyList<RegistryRow>> ReadAsync(long after, CancellationToken cancellation);

    /// <summary>The bytes of a digest; null when there are none.</summary>
    public Task<byte[]?> ReadDocumentAsync(string digest, CancellationToken cancellation);

    /// <summary>
    /// Decides and adds under a lock, so that no two writers decide on the same state: the state is brought up to date, the
    /// decision made of it, and what it says added whole or not at all.
    /// </summary>
    /// <param name="known">The state as the caller knows it.</param>
    /// <param name="decide">What to add to the state as it is; an exception adds nothing and is passed on.</param>
    /// <param name="cancellation">Ends it before it is decided; what is decided is added.</param>
    /// <returns>The state afterwards.</returns>
    /// <exception cref="OutcomeUnknownException">It failed while it was committing: what was decided is there, or it is not.</exception>
    public Task<RegistryState> ChangeAsync(RegistryState known, Func<RegistryState, Change> decide, CancellationToken cancellation);
}

/// <summary>A store failed between being told to commit and saying that it had.</summary>
internal sealed class OutcomeUnknownException(Exception failure) : Exception("The store failed while it was committing.", failure);
