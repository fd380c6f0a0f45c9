using System.Data.Common;
using Google.Protobuf;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;

namespace Relapse.Tests.Registry.Store;

public sealed class SqliteStoreTests : StoreTests
{
    private protected override Task<Engine> EngineAsync() => Engine.SqliteAsync();

    [Fact]
    public async Task A_file_that_is_not_there_is_not_made_by_asking()
    {
        using var engine = await EngineAsync();
        Assert.False(engine.Options.Store().MayHoldAnything);
        Assert.False(Directory.Exists(engine.Options.Folder));
    }
}

public sealed class PostgresStoreTests(PostgresServer server) : StoreTests
{
    private protected override Task<Engine> EngineAsync() => Engine.PostgresAsync(server);
}

/// <summary>What every store does alike.</summary>
public abstract class StoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, 123, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<Engine> EngineAsync();

    [Fact]
    public async Task What_is_added_is_read_back_by_another_with_every_column()
    {
        using var engine = await EngineAsync();
        var store = await OpenAsync(engine);
        RegistryRow[] rows = [Version(1, "one"), Move(2, "one", 0), Move(3, "one", 2), new ArchivalRow(4, "p", "one", "north", Noon) { Reason = "Ärger 'quoted' \u2603" }];
        var state = await store.ChangeAsync(RegistryState.Empty, _ => new Change([.. rows], Documents), Cancel);
        Assert.Equal(rows, state.Rows);

        var again = engine.Options.Store();
        await again.OpenAsync(Cancel);
        Assert.Equal(rows, await again.ReadAsync(0, Cancel));
        Assert.Equal(rows[2..], await again.ReadAsync(2, Cancel));
        Assert.Equal(new byte[] { 0, 1, 255 }, await again.ReadDocumentAsync("d", Cancel));
        Assert.Null(await again.ReadDocumentAsync("nothing", Cancel));
    }

    [Fact]
    public async Task A_decision_that_throws_adds_nothing()
    {
        using var engine = await EngineAsync();
        var store = await OpenAsync(engine);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.ChangeAsync(RegistryState.Empty, _ => throw new InvalidOperationException(), Cancel));
        Assert.Empty(await store.ReadAsync(0, Cancel));
        // And does not keep the lock.
        await store.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one")], Documents), Cancel);
    }

    [Fact]
    public async Task A_change_that_cannot_be_added_whole_is_not_added_at_all()
    {
        using var engine = await EngineAsync();
        var store = await OpenAsync(engine);
        await Assert.ThrowsAnyAsync<DbException>(() => store.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one"), Version(2, "one")], Documents), Cancel));
        Assert.Empty(await store.ReadAsync(0, Cancel));
        Assert.Null(await store.ReadDocumentAsync("d", Cancel));
    }

    [Fact]
    public async Task Two_moves_cannot_follow_the_same_one_whatever_the_code_thinks()
    {
        using var engine = await EngineAsync();
        var store = await OpenAsync(engine);
        await store.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one"), Move(2, "one", 0)], Documents), Cancel);
        await Assert.ThrowsAnyAsync<DbException>(() => store.ChangeAsync(RegistryState.Empty, _ => new Change([Move(3, "one", 0)], []), Cancel));
    }

    [Fact]
    public async Task Many_writers_at_once_each_decide_on_what_the_one_before_left()
    {
        using var engine = await EngineAsync();
        await OpenAsync(engine);
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (number, cancel) =>
            await engine.Options.Store().ChangeAsync(RegistryState.Empty, state => new Change([Version(state.Revision + 1, $"v{number}")], Documents), cancel));
        var rows = await engine.Options.Store().ReadAsync(0, Cancel);
        Assert.Equal(Enumerable.Range(1, 40).Select(revision => (long)revision), rows.Select(row => row.Revision));
        Assert.Equal(40, rows.Select(row => row.Version).Distinct().Count());
    }

    [Theory]
    [InlineData("UPDATE registry_versions SET digest = 'other'")]
    [InlineData("DELETE FROM registry_versions")]
    [InlineData("UPDATE registry_moves SET version = 'other'")]
    [InlineData("DELETE FROM registry_moves")]
    [InlineData("DELETE FROM registry_archivals")]
    [InlineData("UPDATE registry_documents SET content = ''")]
    [InlineData("DELETE FROM registry_documents")]
    public async Task The_database_itself_refuses_to_change_or_delete(string sql)
    {
        using var engine = await EngineAsync();
        var store = await OpenAsync(engine);
        await store.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one"), Move(2, "one", 0), new ArchivalRow(3, "p", "one", "", Noon) { Reason = "" }], Documents), Cancel);
        var refused = await Assert.ThrowsAnyAsync<DbException>(() => engine.ExecuteAsync(sql));
        Assert.Contains("only grows", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_twice_or_at_once_changes_nothing()
    {
        using var engine = await EngineAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => engine.Options.Store().OpenAsync(Cancel)));
        var store = await OpenAsync(engine);
        await store.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one")], Documents), Cancel);
        await store.OpenAsync(Cancel);
        Assert.Single(await store.ReadAsync(0, Cancel));
    }

    /// <summary>Replicas of both side by side while the later one migrates, and a rollback after it.</summary>
    [Fact]
    public async Task A_later_release_that_only_adds_lets_this_one_go_on_and_this_one_comes_back()
    {
        using var engine = await EngineAsync();
        var older = await OpenAsync(engine);
        var state = await older.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one")], Documents), Cancel);
        var later = engine.Options.Store(Later(engine, "-- oldest reader: 2\nALTER TABLE registry_moves ADD COLUMN witness TEXT NOT NULL DEFAULT 'nobody'; CREATE TABLE registry_more (number BIGINT);"));
        await later.OpenAsync(Cancel);

        state = await older.ChangeAsync(state, _ => new Change([Move(2, "one", 0)], []), Cancel);
        state = await later.ChangeAsync(state, _ => new Change([Move(3, "one", 2)], []), Cancel);
        Assert.Equal(state.Rows, await older.ReadAsync(0, Cancel));
        Assert.Equal(state.Rows, await later.ReadAsync(0, Cancel));

        var back = await OpenAsync(engine);
        state = await back.ChangeAsync(state, _ => new Change([Move(4, "one", 3)], []), Cancel);
        Assert.Equal(state.Rows, await later.ReadAsync(0, Cancel));
    }

    [Fact]
    public async Task A_later_release_that_changes_what_is_there_is_refused_at_a_start_and_by_those_that_run()
    {
        using var engine = await EngineAsync();
        var older = await OpenAsync(engine);
        var state = await older.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one")], Documents), Cancel);
        await engine.Options.Store(Later(engine, "CREATE TABLE registry_more (number BIGINT);")).OpenAsync(Cancel);

        await Assert.ThrowsAsync<LaterTablesException>(() => older.ReadAsync(0, Cancel));
        await Assert.ThrowsAsync<LaterTablesException>(() => older.ChangeAsync(state, _ => new Change([Move(2, "one", 0)], []), Cancel));
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(() => engine.Options.Store().OpenAsync(Cancel));
        Assert.Contains("later release", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registries_of_both_releases_that_start_together_leave_one_set_of_tables()
    {
        using var engine = await EngineAsync();
        var later = Later(engine, "-- oldest reader: 2\nCREATE TABLE registry_more (number BIGINT);");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(number => engine.Options.Store(number % 2 == 0 ? later : null).OpenAsync(Cancel)));
        var store = await OpenAsync(engine);
        await store.ChangeAsync(RegistryState.Empty, _ => new Change([Version(1, "one")], Documents), Cancel);
        Assert.Single(await store.ReadAsync(0, Cancel));
    }

    /// <summary>As the first script left it, before each said who can go on with what it leaves.</summary>
    [Fact]
    public async Task A_store_of_the_first_script_is_brought_up_with_what_is_in_it()
    {
        using var engine = await EngineAsync();
        if (engine.Options.Postgres is null)
        {
            Directory.CreateDirectory(engine.Options.Folder);
        }

        await engine.ExecuteAsync("CREATE TABLE registry_scripts (number BIGINT NOT NULL PRIMARY KEY)");
        await engine.ExecuteAsync(Scripts(engine)[0].Sql);
        await engine.ExecuteAsync("INSERT INTO registry_scripts (number) VALUES (1)");
        await engine.ExecuteAsync("INSERT INTO registry_archivals (revision, protocol, version, centre, reason, at) VALUES (1, 'p', 'one', '', '', 0)");
        var store = await OpenAsync(engine);
        Assert.Single(await store.ReadAsync(0, Cancel));
    }

    [Fact]
    public async Task Every_script_since_the_second_says_who_can_go_on_with_what_it_leaves()
    {
        using var engine = await EngineAsync();
        Assert.All(Scripts(engine).Skip(1), script =>
        {
            Assert.StartsWith("-- oldest reader: ", script.Sql, StringComparison.Ordinal);
            Assert.InRange(script.OldestReader, 2, script.Number);
        });
    }

    private static IReadOnlyList<StoreScript> Scripts(Engine engine) => StoreScripts.Of(engine.Options.Postgres is null ? "Sqlite" : "Postgres");

    // What a release to come knows.
    private static StoreScript[] Later(Engine engine, string sql) => [.. Scripts(engine), StoreScripts.Script(9000, sql)];

    private static async Task<IRegistryStore> OpenAsync(Engine engine)
    {
        var store = engine.Options.Store();
        await store.OpenAsync(Cancel);
        return store;
    }

    private static System.Collections.Immutable.ImmutableArray<StoredDocument> Documents => [new("d", new byte[] { 0, 1, 255 }), new("c", Array.Empty<byte>())];

    private static VersionRow Version(long revision, string version) => new(revision, "p", version, "north", Noon)
    {
        Digest = "d", CasesDigest = "c", Certificate = ByteString.CopyFrom(1, 2), Shared = true, Frozen = true,
    };

    private static MoveRow Move(long revision, string version, long follows) => new(revision, "p", version, "north", Noon)
    {
        Label = "current", Owner = "", Reason = "why", Follows = follows,
    };
}
