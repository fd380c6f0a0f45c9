using Microsoft.Data.Sqlite;

namespace Relapse.Registry.Store;

/// <summary>
/// The embedded default: one file in a folder of this machine. Other processes of it may use the same folder; each looks at the file whether
/// another has written, and opens it only then.
/// </summary>
internal sealed class SqliteStore(string folder, IReadOnlyList<StoreScript>? scripts = null) : IRegistryStore
{
    private const int BusySeconds = 30;

    // The times of files are coarse: two changes of one moment look like one.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<StoreScript> _scripts = scripts ?? StoreScripts.Of("Sqlite");
    private readonly string _file = Path.Combine(folder, "registry.db");
    private (DateTime, long, DateTime, long) _read;

    public bool IsServer => false;

    // What was committed is in the log beside the file first.
    public bool MayHaveChanged
    {
        get
        {
            var (now, last) = (Look(), _read);
            return now != last || DateTime.UtcNow - (now.FileTime > now.LogTime ? now.FileTime : now.LogTime) < Moment;
        }
    }

    public bool MayHoldAnything => File.Exists(_file);

    public async Task OpenAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await using var connection = await ConnectAsync(SqliteOpenMode.ReadWriteCreate, cancellation);
        // Readers and the writer do not wait for each other; a file keeps the mode.
        await SqlTables.ExecuteAsync(connection, null, "PRAGMA journal_mode = WAL", cancellation);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await SqlTables.MigrateAsync(connection, transaction, _scripts, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<IReadOnlyList<RegistryRow>> ReadAsync(long after, CancellationToken cancellation)
    {
        var look = Look();
        await using var connection = await ConnectAsync(SqliteOpenMode.ReadWrite, cancellation);
        // One snapshot for all tables.
        await using var transaction = connection.BeginTransaction(deferred: true);
        await SqlTables.CheckAsync(connection, transaction, _scripts, cancellation);
        var rows = await SqlTables.ReadAsync(connection, transaction, after, cancellation);
        // As it was before it was read: what was written meanwhile is read again.
        _read = look;
        return rows;
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
        await SqlTables.CheckAsync(connection, transaction, _scripts, cancellation);
        var state = known.With(await SqlTables.ReadAsync(connection, transaction, known.Revision, cancellation));
        var change = decide(state);
        await SqlTables.AddAsync(connection, transaction, change, CancellationToken.None);
        await SqlTables.CommitAsync(transaction);
        return state.With(change.Rows);
    }

    private (DateTime FileTime, long FileBytes, DateTime LogTime, long LogBytes) Look()
    {
        var (file, log) = (new FileInfo(_file), new FileInfo(_file + "-wal"));
        return (file.Exists ? file.LastWriteTimeUtc : default, file.Exists ? file.Length : 0, log.Exists ? log.LastWriteTimeUtc : default, log.Exists ? log.Length : 0);
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
