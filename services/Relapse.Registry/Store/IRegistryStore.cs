namespace Relapse.Registry.Store;

/// <summary>
/// Where the registry keeps what happened. Nothing in it is ever changed or deleted. Failures are
/// <see cref="System.Data.Common.DbException"/>.
/// </summary>
internal interface IRegistryStore
{
    /// <summary>Whether other processes may write to it, so that it has to be asked what they wrote.</summary>
    public bool IsShared { get; }

    /// <summary>Whether there may be something in it: a file that does not exist yet has nothing, and is not opened for reading.</summary>
    public bool MayHoldAnything { get; }

    /// <summary>Makes it ready for use: created if it is not there, brought up to this release's tables. May be repeated.</summary>
    /// <exception cref="Relapse.Hosting.Protocols.CatalogRefusedException">A later release has changed its tables.</exception>
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
    public Task<RegistryState> ChangeAsync(RegistryState known, Func<RegistryState, Change> decide, CancellationToken cancellation);
}
