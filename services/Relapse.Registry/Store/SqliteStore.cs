using Microsoft.Data.Sqlite;

namespace Relapse.Registry.Store;

/// <summary>The embedded default: one file in a folder, written by one process.</summary>
internal sealed class SqliteStore(string folder) : IRegistryStore
{
    private const string Engine = "Sqlite";
    private const int BusySeconds = 30;

    private readonly string _file = Path.Combine(folder, "registry.db");

    public bool IsShared => false;

    public bool MayHoldAnything => File.Exists(_file);

    public async Task OpenAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await using var connection = await ConnectAsync(SqliteOpenMode.ReadWriteCreate, cancellation);
        // Readers and the writer do not wait for each other; a file keeps the mode.
        await SqlTables.ExecuteAsync(connection, null, "PRAGMA journal_mode = WAL", cancellation);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await SqlTables.MigrateAsync(connection, transaction, Engine, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<RegistryRow>> ReadAsync(long after, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(SqliteOpenMode.ReadWrite, cancellation);
        // One snapshot for all tables.
        await using var transaction = connection.BeginTransaction(deferred: true);
        return await SqlTables.ReadAsync(connection, transaction, after, cancellation);
    }

    public async Task<byte[]?> ReadDocumentAsync(string digest, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(SqliteOpenMode.ReadWrite, cancellation);
        return await SqlTables.ReadDocumentAsync(connection, digest, cancellation);
    }

    public async Task<RegistryState> ChangeAsync(RegistryState known, Func<RegistryState, Change> decide, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(SqliteOpenMode.ReadWrite, cancellation);
        // Not deferred: BEGIN IMMEDIATE takes the one write lock there is before anything is read.
        await using var transaction = connection.BeginTransaction(deferred: false);
        var state = known.With(await SqlTables.ReadAsync(connection, transaction, known.Revision, cancellation));
        var change = decide(state);
        await SqlTables.AddAsync(connection, transaction, change, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return state.With(change.Rows);
    }

    private async Task<SqliteConnection> ConnectAsync(SqliteOpenMode mode, CancellationToken cancellation)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = mode, DefaultTimeout = BusySeconds, ForeignKeys = true }.ToString());
        try
        {
            await connection.OpenAsync(cancellation);
            // What is answered as stored is on the disk, also when the power goes.
            await SqlTables.ExecuteAsync(connection, null, "PRAGMA synchronous = FULL", cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
