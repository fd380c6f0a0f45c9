using System.Data.Common;
using Google.Protobuf;
using Relapse.Hosting.Protocols;

namespace Relapse.Registry.Store;

/// <summary>The tables, in the SQL that both engines understand. Transactions, locks and connections are the engine's.</summary>
internal static class SqlTables
{
    private const string VersionColumns = "revision, protocol, version, centre, at, digest, cases_digest, certificate, shared, frozen, replaces";
    private const string MoveColumns = "revision, protocol, version, centre, at, label, owner, reason, follows";
    private const string ArchivalColumns = "revision, protocol, version, centre, at, reason";

    // The script from which on each says who can go on with what it leaves.
    private const long SaysWho = 2;

    /// <summary>Runs the scripts that have not been run, in order of their numbers. Inside a transaction that holds the lock.</summary>
    /// <exception cref="CatalogRefusedException">A later release has run one with which this one cannot go on.</exception>
    public static async Task MigrateAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<StoreScript> scripts, CancellationToken cancellation)
    {
        await ExecuteAsync(connection, transaction, "CREATE TABLE IF NOT EXISTS registry_scripts (number BIGINT NOT NULL PRIMARY KEY)", cancellation);
        var run = new List<long>();
        await ReadAsync(connection, transaction, "SELECT number FROM registry_scripts", row => run.Add(row.GetInt64(0)), cancellation);
        foreach (var script in scripts.Where(script => !run.Contains(script.Number)))
        {
            await ExecuteAsync(connection, transaction, script.Sql, cancellation);
            var columns = script.Number < SaysWho ? "(number) VALUES (@number)" : "(number, oldest_reader) VALUES (@number, @oldest)";
            (string, object)[] values = script.Number < SaysWho ? [("number", script.Number)] : [("number", script.Number), ("oldest", script.OldestReader)];
            await ExecuteAsync(connection, transaction, "INSERT INTO registry_scripts " + columns, cancellation, values);
        }

        try
        {
            await CheckAsync(connection, transaction, scripts, cancellation);
        }
        catch (LaterTablesException later)
        {
            throw new CatalogRefusedException(later.Message);
        }
    }

    /// <summary>Whether the tables are still such that this release can go on with them. A later one may have changed them since they were opened.</summary>
    /// <exception cref="LaterTablesException">They are not.</exception>
    public static async Task CheckAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<StoreScript> scripts, CancellationToken cancellation)
    {
        var oldest = 0L;
        await ReadAsync(connection, transaction, "SELECT MAX(oldest_reader) FROM registry_scripts", row => oldest = row.GetInt64(0), cancellation);
        if (oldest > scripts[^1].Number)
        {
            throw new LaterTablesException(oldest, scripts[^1].Number);
        }
    }

    /// <summary>What happened after a revision, in order.</summary>
    public static async Task<List<RegistryRow>> ReadAsync(DbConnection connection, DbTransaction transaction, long after, CancellationToken cancellation)
    {
        var rows = new List<RegistryRow>();
        Task Read(string columns, string table, Func<DbDataReader, RegistryRow> row) =>
            ReadAsync(connection, transaction, $"SELECT {columns} FROM {table} WHERE revision > @after", reader => rows.Add(row(reader)), cancellation, ("after", after));
        await Read(VersionColumns, "registry_versions", Version);
        await Read(MoveColumns, "registry_moves", Move);
        await Read(ArchivalColumns, "registry_archivals", Archival);
        rows.Sort((one, other) => one.Revision.CompareTo(other.Revision));
        return rows;
    }

    /// <summary>The bytes of a digest; null when there are none.</summary>
    public static async Task<byte[]?> ReadDocumentAsync(DbConnection connection, string digest, CancellationToken cancellation)
    {
        byte[]? content = null;
        await ReadAsync(
            connection, null, "SELECT content FROM registry_documents WHERE digest = @digest", row => content = row.GetFieldValue<byte[]>(0), cancellation, ("digest", digest));
        return content;
    }

    /// <summary>Adds what was decided. Inside the transaction in which it was.</summary>
    public static async Task AddAsync(DbConnection connection, DbTransaction transaction, Change change, CancellationToken cancellation)
    {
        foreach (var document in change.Documents)
        {
            await ExecuteAsync(
                connection,
                transaction,
                "INSERT INTO registry_documents (digest, content) VALUES (@digest, @content) ON CONFLICT (digest) DO NOTHING",
                cancellation,
                ("digest", document.Digest),
                ("content", document.Content.ToArray()));
        }

        foreach (var row in change.Rows)
        {
            (string Name, object Value)[] common =
                [("revision", row.Revision), ("protocol", row.Protocol), ("version", row.Version), ("centre", row.Centre), ("at", row.At.ToUnixTimeMilliseconds())];
            var (table, columns, own) = Of(row);
            var values = string.Join(", ", columns.Split(", ").Select(column => "@" + column));
            await ExecuteAsync(connection, transaction, $"INSERT INTO {table} ({columns}) VALUES ({values})", cancellation, [.. common, .. own]);
        }
    }

    /// <summary>Commits. A failure before says that nothing was stored; one from here on does not.</summary>
    /// <exception cref="OutcomeUnknownException">It failed.</exception>
    public static async Task CommitAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            throw new OutcomeUnknownException(failure);
        }
    }

    private static (string Table, string Columns, (string Name, object Value)[] Own) Of(RegistryRow row) => row switch
    {
        VersionRow version => ("registry_versions", VersionColumns,
            [
                ("digest", version.Digest), ("cases_digest", version.CasesDigest), ("certificate", version.Certificate.ToByteArray()),
                ("shared", version.Shared ? 1L : 0L), ("frozen", version.Frozen ? 1L : 0L), ("replaces", version.Replaces),
            ]),
        MoveRow move => ("registry_moves", MoveColumns,
            [("label", move.Label), ("owner", move.Owner), ("reason", move.Reason), ("follows", move.Follows)]),
        ArchivalRow archival => ("registry_archivals", ArchivalColumns, [("reason", archival.Reason)]),
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };

    private static VersionRow Version(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), At(row))
    {
        Digest = row.GetString(5),
        CasesDigest = row.GetString(6),
        Certificate = UnsafeByteOperations.UnsafeWrap(row.GetFieldValue<byte[]>(7)),
        Shared = row.GetInt64(8) != 0,
        Frozen = row.GetInt64(9) != 0,
        Replaces = row.GetInt64(10),
    };

    private static MoveRow Move(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), At(row))
    {
        Label = row.GetString(5),
        Owner = row.GetString(6),
        Reason = row.GetString(7),
        Follows = row.GetInt64(8),
    };

    private static ArchivalRow Archival(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), At(row))
    {
        Reason = row.GetString(5),
    };

    private static DateTimeOffset At(DbDataReader row) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4));

    private static async Task ReadAsync(
        DbConnection connection, DbTransaction? transaction, string sql, Action<DbDataReader> take, CancellationToken cancellation, params (string Name, object Value)[] values)
    {
        await using var command = Command(connection, transaction, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            take(reader);
        }
    }

    /// <summary>Runs a statement.</summary>
    public static async Task ExecuteAsync(
        DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellation, params (string Name, object Value)[] values)
    {
        await using var command = Command(connection, transaction, sql, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
