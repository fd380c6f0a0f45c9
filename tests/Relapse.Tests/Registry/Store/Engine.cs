using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Relapse.Registry.Store;

namespace Relapse.Tests.Registry.Store;

/// <summary>Where the registry of a test keeps what it has: the same tests run on each engine.</summary>
internal sealed class Engine : IDisposable
{
    private Engine(StoreOptions options, string argument) => (Options, Argument) = (options, argument);

    /// <summary>As the product reads it.</summary>
    public StoreOptions Options { get; }

    /// <summary>As a server is told.</summary>
    public string Argument { get; }

    public static Task<Engine> SqliteAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "relapse-" + Guid.NewGuid().ToString("N"));
        return Task.FromResult(new Engine(new StoreOptions { Folder = folder, Postgres = null }, "--RELAPSE_REGISTRY_FOLDER=" + folder));
    }

    public static async Task<Engine> PostgresAsync(PostgresServer server)
    {
        var database = await server.DatabaseAsync();
        return new Engine(new StoreOptions { Folder = "", Postgres = database }, "--RELAPSE_REGISTRY_POSTGRES=" + database);
    }

    /// <summary>A statement as the operator of the database would run it.</summary>
    public async Task ExecuteAsync(string sql, params (string Name, object Value)[] values)
    {
        await using DbConnection connection = Options.Postgres is { } postgres
            ? new NpgsqlConnection(postgres)
            : new SqliteConnection("Data Source=" + Path.Combine(Options.Folder, "registry.db"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await SqlTables.ExecuteAsync(connection, null, sql, TestContext.Current.CancellationToken, values);
    }

    public void Dispose()
    {
        if (Options.Postgres is null && Directory.Exists(Options.Folder))
        {
            Directory.Delete(Options.Folder, recursive: true);
        }
    }
}
