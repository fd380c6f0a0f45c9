using Relapse.Edge;

namespace Relapse.Registry.Store;

/// <summary>Where the registry keeps what is published.</summary>
internal sealed record StoreOptions
{
    private const string PostgresName = "RELAPSE_REGISTRY_POSTGRES";
    private const string FolderName = "RELAPSE_REGISTRY_FOLDER";

    /// <summary>
    /// Folder of the SQLite file; made when something is published or a label moved. RELAPSE_REGISTRY_FOLDER; default
    /// <c>relapse</c> in the folder that the operating system has for a user's application data.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>Npgsql connection string of a PostgreSQL database, instead of the file. RELAPSE_REGISTRY_POSTGRES; default none.</summary>
    public required string? Postgres { get; init; }

    /// <summary>Reads the options; faults stay with <paramref name="settings"/> until it refuses.</summary>
    public static StoreOptions Read(Settings settings)
    {
        var (postgres, folder) = (settings.Text(PostgresName, ""), settings.Text(FolderName, ""));
        if (postgres.Length > 0 && folder.Length > 0)
        {
            settings.Fault(FolderName, $"is set and {PostgresName}, too; the registry keeps what it has in one place");
        }

        if (postgres.Length > 0 && !IsConnectionString(postgres))
        {
            // Without the text: there may be a password in it.
            settings.Fault(PostgresName, "is no connection string of Npgsql with a Host");
        }

        return new StoreOptions
        {
            Folder = folder.Length > 0 ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "relapse"),
            Postgres = postgres.Length > 0 ? postgres : null,
        };
    }

    /// <summary>The store; nothing is opened yet.</summary>
    /// <param name="scripts">Those that the release knows; null: this release.</param>
    public IRegistryStore Store(IReadOnlyList<StoreScript>? scripts = null) =>
        Postgres is { } connection ? new PostgresStore(connection, scripts) : new SqliteStore(Folder, scripts);

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
