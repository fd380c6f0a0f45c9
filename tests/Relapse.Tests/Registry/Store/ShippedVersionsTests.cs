using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relapse.Clinical;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry.Store;

public sealed class SqliteShippedVersionsTests : ShippedVersionsTests
{
    private protected override Task<Engine> EngineAsync() => Engine.SqliteAsync();
}

public sealed class PostgresShippedVersionsTests(PostgresServer server) : ShippedVersionsTests
{
    private protected override Task<Engine> EngineAsync() => Engine.PostgresAsync(server);
}

/// <summary>What a start adds to a store, what it replaces, and what stops it.</summary>
public abstract class ShippedVersionsTests
{
    private static readonly SmallProtocol One = new("small", "1");
    private static readonly SmallProtocol Two = new("small", "2");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<Engine> EngineAsync();

    [Fact]
    public async Task The_library_is_stored_with_its_newest_version_as_current_and_a_second_start_adds_nothing()
    {
        using var engine = await EngineAsync();
        var first = await StartAsync(engine, [One, Two], []);
        Assert.Equal(["small 1", "small 2"], first.State.Rows.OfType<VersionRow>().Select(row => $"{row.Protocol} {row.Version}"));
        Assert.Equal(["2"], first.State.Rows.OfType<MoveRow>().Select(row => row.Version));
        await WriteAsync(engine, [One, Two]);

        var second = await StartAsync(engine, [One, Two], []);
        Assert.Equal(first.State.Rows.Select(row => (row.Revision, row.VersionName)), second.State.Rows.Select(row => (row.Revision, row.VersionName)).Take(3));
        Assert.Equal("2", second.Catalog.Find("small")!.Current!.Version);
    }

    [Fact]
    public async Task A_newer_version_that_is_shipped_becomes_current_with_history()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, [One]);
        var later = await StartAsync(engine, [One, Two], []);
        Assert.Equal(["1", "2"], later.State.Find("small")!.MovesOf("current", null).Select(move => move.Version));
    }

    [Fact]
    public async Task A_version_that_is_still_being_written_is_replaced_and_what_was_there_is_kept()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, [One]);
        var other = One with { Title = "Another title" };
        using var logs = new CapturedLogs();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(logs));
        var later = await StartAsync(engine, [other], [], logging.CreateLogger<RegistryKeeper>());
        Assert.Contains(logs.All, log => log.Level == LogLevel.Warning && log.Text.Contains("protocols/small/versions/1 is shipped with other bytes than were stored", StringComparison.Ordinal));
        Assert.Equal(2, later.State.Rows.OfType<VersionRow>().Count(row => row.Protocol == "small"));
        Assert.Equal(Digest(other), later.State.Find("small")!.Version("1")!.Digest);
        Assert.Equal("Another title", later.Catalog.Find("small")!.Current!.Document.Title);
    }

    [Fact]
    public async Task A_frozen_version_with_another_digest_stops_the_start_and_both_digests_are_named()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, [One], One.Name);
        var other = One with { Title = "Another title" };
        foreach (var frozen in new[] { new[] { One.Name }, [] })
        {
            var refused = await Assert.ThrowsAsync<CatalogRefusedException>(() => StartAsync(engine, [other], frozen));
            Assert.Contains($"{One.Name} is frozen with digest {Digest(One)} and is shipped with {Digest(other)}", refused.Message, StringComparison.Ordinal);
        }

        await StartAsync(engine, [One], [One.Name]);
    }

    [Fact]
    public async Task A_frozen_version_that_is_no_longer_shipped_stops_the_start()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, [One], One.Name);
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(() => StartAsync(engine, [Two], []));
        Assert.Contains($"{One.Name} is frozen and stored, and is not shipped", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_becomes_frozen_stays_so()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, [One]);
        await StartAsync(engine, [One], [One.Name]);
        await Assert.ThrowsAsync<CatalogRefusedException>(() => StartAsync(engine, [One with { Title = "Another" }], []));
    }

    [Fact]
    public async Task An_id_that_a_centre_has_taken_stops_the_start_of_a_release_that_ships_it()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, []);
        var refused = await Assert.ThrowsAsync<CatalogRefusedException>(() => StartAsync(engine, [new SmallProtocol("house", "1")], []));
        Assert.Contains("protocols/house was published by the centre north", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_shipped_and_was_not_frozen_is_still_there()
    {
        using var engine = await EngineAsync();
        await WriteAsync(engine, [One, Two]);
        var later = await StartAsync(engine, [One], []);
        Assert.Equal("2", later.Catalog.Find("small")!.Version("2")!.Version);
        Assert.Equal("1", later.Catalog.Find("small")!.Current!.Version);
    }

    [Fact]
    public async Task Revisions_order_what_happened_also_when_the_clock_goes_back()
    {
        using var engine = await EngineAsync();
        var clock = new BackwardsClock();
        using var keeper = Keeper(engine, clock);
        await keeper.BeginAsync(Catalog([One]), new HashSet<string>(), _ => Encoding.UTF8.GetBytes(SmallProtocol.Cases), Cancel);
        for (var round = 0; round < 5; round++)
        {
            await keeper.ChangeAsync(
                state =>
                {
                    var moves = state.Find("small")!.MovesOf("house", "north");
                    return new Change([new MoveRow(state.Revision + 1, "small", "1", "north", keeper.Moment) { Label = "house", Owner = "north", Reason = "", Follows = moves.IsEmpty ? 0 : moves[^1].Revision }], []);
                },
                null,
                Cancel);
        }

        var moves = (await StartAsync(engine, [One], [])).State.Find("small")!.MovesOf("house", "north");
        Assert.Equal(moves.Select(move => move.Revision).Order(), moves.Select(move => move.Revision));
        Assert.Equal(moves.Select(move => move.At).OrderDescending(), moves.Select(move => move.At));
    }

    /// <summary>A start that then writes something of a centre's, so that the store is there afterwards.</summary>
    private static async Task WriteAsync(Engine engine, SmallProtocol[] shipped, params string[] frozen)
    {
        using var keeper = Keeper(engine, TimeProvider.System);
        await keeper.BeginAsync(Catalog(shipped), frozen.ToHashSet(), _ => Encoding.UTF8.GetBytes(SmallProtocol.Cases), Cancel);
        var own = Compiled(new SmallProtocol("house", "1"));
        await keeper.ChangeAsync(
            state => new Change(
                [new VersionRow(state.Revision + 1, "house", "1", "north", keeper.Moment) { Digest = own.Digest, CasesDigest = own.CasesDigest, Certificate = Google.Protobuf.ByteString.Empty, Shared = false }],
                [new StoredDocument(own.Digest, own.Yaml), new StoredDocument(own.CasesDigest, Encoding.UTF8.GetBytes(SmallProtocol.Cases))]),
            own,
            Cancel);
    }

    private static async Task<Relapse.Registry.Store.Registry> StartAsync(Engine engine, SmallProtocol[] shipped, string[] frozen, ILogger<RegistryKeeper>? logger = null)
    {
        using var keeper = Keeper(engine, TimeProvider.System, logger);
        await keeper.BeginAsync(Catalog(shipped), frozen.ToHashSet(), _ => Encoding.UTF8.GetBytes(SmallProtocol.Cases), Cancel);
        return keeper.Now;
    }

    private static RegistryKeeper Keeper(Engine engine, TimeProvider clock, ILogger<RegistryKeeper>? logger = null)
    {
        var store = engine.Options.Store();
        return new RegistryKeeper(
            store, new StoredProtocols(store, NullLogger<StoredProtocols>.Instance), new ProtocolSource(new Microsoft.AspNetCore.Http.HttpContextAccessor()), new NoBell(), clock, logger ?? NullLogger<RegistryKeeper>.Instance);
    }

    private static ProtocolCatalog Catalog(SmallProtocol[] shipped) => ProtocolCatalog.Of(shipped.Select(Compiled), newestIsCurrent: true);

    private static CompiledProtocol Compiled(SmallProtocol small) =>
        ProtocolCompiler.Compile(Encoding.UTF8.GetBytes(small.Yaml), Encoding.UTF8.GetBytes(SmallProtocol.Cases)).Protocol!;

    private static string Digest(SmallProtocol small) => Compiled(small).Digest;

    private sealed class BackwardsClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now -= TimeSpan.FromMinutes(1);
    }
}
