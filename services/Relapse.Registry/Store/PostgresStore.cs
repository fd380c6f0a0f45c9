using System.Data.Common;
using Npgsql;

namespace Relapse.Registry.Store;

/// <summary>The cluster's: a PostgreSQL server, written by every replica of the registry.</summary>
internal sealed class PostgresStore(string connectionString, IReadOnlyList<StoreScript>? scripts = null) : IRegistryStore, IAsyncDisposable
{
    // Any number that nobody else takes in the same database: the letters RELAPSE1.
    private const long Lock = 0x52454C4150534531;

    private readonly IReadOnlyList<StoreScript> _scripts = scripts ?? StoreScripts.Of("Postgres");
    private readonly NpgsqlDataSource _source = new NpgsqlDataSourceBuilder(connectionString).Build();

    public bool IsServer => true;

    public bool MayHaveChanged => true;

    public bool MayHoldAnything => true;

    public async Task OpenAsync(CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var transaction = await LockAsync(connection, cancellation);
        await SqlTables.MigrateAsync(connection, transaction, _scripts, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<RegistryRow>> ReadAsync(long after, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        // One snapshot for all tables.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        await SqlTables.CheckAsync(connection, transaction, _scripts, cancellation);
        return await SqlTables.ReadAsync(connection, transaction, after, cancellation);
    }

    public async Task<byte[]?> ReadDocumentAsync(string digest, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        return await SqlTables.ReadDocumentAsync(connection, digest, cancellation);
    }

    public async Task<RegistryState> ChangeAsync(RegistryState known, Func<RegistryState, Change> decide, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var transaction = await LockAsync(connection, cancellation);
        await SqlTables.CheckAsync(connection, transaction, _scripts, cancellation);
        var state = known.With(await SqlTables.ReadAsync(connection, transaction, known.Revision, cancellation));
        var change = decide(state);
        await SqlTables.AddAsync(connection, transaction, change, CancellationToken.None);
        await SqlTables.CommitAsync(transaction);
        return state.With(change.Rows);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // One writer at a time, so that revisions are given in the order in which they are seen: a number from a sequence could be
    // committed after a later one, and whoever had read up to that would never see it. Read committed, so that what is read after
    // the lock was had is what the writer before left.
    private static async Task<DbTransaction> LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellation);
        try
        {
            await SqlTables.ExecuteAsync(connection, transaction, "SELECT pg_advisory_xact_lock(@lock)", cancellation, ("lock", Lock));
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
