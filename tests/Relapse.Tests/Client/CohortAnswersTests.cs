using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Tests.Classification;
using Relapse.Tests.Edge;

namespace Relapse.Tests.Client;

/// <summary>A cohort over the client, on a line that holds: order, progress, memory, and how it ends.</summary>
public sealed class CohortAnswersTests : IClassFixture<ClientHouse>, IAsyncDisposable
{
    private readonly ClientHouse _house;
    private readonly ServiceProvider _provider;

    public CohortAnswersTests(ClientHouse house)
    {
        _house = house;
        house.Arrivals.Forget();
        _provider = house.Register();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static CohortSettings OneProtocol => new() { Protocols = { "protocols/all-rez-bfm" } };

    private RelapseClient Client => _provider.GetRequiredService<RelapseClient>();

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _house.Server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task Two_thousand_cases_are_answered_in_order_with_progress_and_the_summary_comes_last()
    {
        var progress = new Steps();
        var items = Many(2000).Select((item, place) => place % 100 == 7 ? new CohortItem { ItemId = item.ItemId, Case = Cohort.Faulty() } : item).ToList();
        var answers = Client.ClassifyCohort(items.ToAsyncEnumerable(), OneProtocol, progress: progress);
        Assert.Throws<InvalidOperationException>(() => answers.Summary);

        var results = await answers.ToListAsync(Cancel);

        Assert.Equal(items.Select(item => item.ItemId), results.Select(result => result.ItemId));
        Assert.Equal(items.Select(item => item.Case.CaseRef), results.Select(result => result.Classification?.CaseRef ?? ""));
        Assert.Equal((2000L, 1980L, 20L), (answers.Summary.Items, answers.Summary.Classified, answers.Summary.Refused));
        Assert.Equal(new CohortProgress(2000, 20, 0), progress.All[^1]);
        Assert.Equal(progress.All.Select(step => step.Answered).Order(), progress.All.Select(step => step.Answered));
        Assert.InRange(progress.All.Count, 2000 / 256, 200);
        Assert.Contains("case.marrow.blasts_percent", RelapseError.From(results[7].Error).Faults.Select(fault => fault.Field));
        Assert.Throws<InvalidOperationException>(() => answers.GetAsyncEnumerator(Cancel));
    }

    [Fact]
    public async Task The_answers_are_those_of_a_batch_and_the_summary_the_servers()
    {
        var items = Cohort.Mixed(random: 5);
        var answers = Client.ClassifyCohort(items.ToAsyncEnumerable(), new CohortSettings { RequestId = "mine", Protocols = { "protocols/cog" } }, new CohortOptions { ChunkItems = 7 });
        var results = await answers.ToListAsync(Cancel);

        var batch = await Client.Classification.BatchClassifyRelapsesAsync(new BatchClassifyRelapsesRequest { Items = { items }, RequestId = "mine", Protocols = { "protocols/cog" } }, cancellationToken: Cancel);
        Assert.Equal(batch.Results, results);
        Assert.Equal("mine", answers.Summary.RequestId);
    }

    [Fact]
    public async Task A_cohort_of_none_has_a_summary()
    {
        var answers = Client.ClassifyCohort(AsyncEnumerable.Empty<CohortItem>());
        Assert.Empty(await answers.ToListAsync(Cancel));
        Assert.Equal(0, answers.Summary.Items);
        Assert.Matches("^[0-9a-f]{32}$", answers.Summary.RequestId);
    }

    [Fact]
    public async Task A_reader_who_stops_stops_the_source()
    {
        var taken = 0;
        await using var reader = Client.ClassifyCohort(Counted(Endless(), () => taken++, cancellation: Cancel), OneProtocol, new CohortOptions { ChunkItems = 50 }).GetAsyncEnumerator(Cancel);
        Assert.True(await reader.MoveNextAsync());
        await LimitsTests.WaitUntil(() => Task.FromResult(taken > 100));
        await Task.Delay(300, Cancel);

        // Two chunks sent, one ready, one being filled.
        Assert.InRange(taken, 100, 201 + 50);
    }

    [Fact]
    public async Task A_slow_source_is_answered_item_by_item()
    {
        var proceed = new SemaphoreSlim(1);
        await using var reader = Client.ClassifyCohort(Gated(proceed, Cancel), OneProtocol).GetAsyncEnumerator(Cancel);
        for (var item = 0; item < 3; item++)
        {
            // The next item is not there before this one is answered.
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal($"gated-{item}", reader.Current.ItemId);
            proceed.Release();
        }
    }

    [Fact]
    public async Task A_source_that_fails_fails_the_reader_with_its_own_exception()
    {
        var answers = Client.ClassifyCohort(Failing(), OneProtocol, new CohortOptions { ChunkItems = 10 });
        var failure = await Assert.ThrowsAsync<InvalidDataException>(async () => await answers.ToListAsync(Cancel));
        Assert.Equal("line 26", failure.Message);
    }

    [Fact]
    public async Task What_the_server_refuses_is_thrown_with_its_details_and_not_tried_again()
    {
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await Client.ClassifyCohort(Endless(), new CohortSettings { Protocols = { "protocols/nowhere" } }).ToListAsync(Cancel));
        Assert.Equal("settings.protocols[0]", Assert.Single(RelapseError.From(unknown).Faults).Field);

        var again = new CohortItem { ItemId = "again", Case = new RelapseCase() };
        var twice = await Assert.ThrowsAsync<RpcException>(async () => await Client.ClassifyCohort(new[] { again, again }.ToAsyncEnumerable()).ToListAsync(Cancel));
        Assert.Equal("items[1].item_id", Assert.Single(RelapseError.From(twice).Faults).Field);
        Assert.Equal(2, _house.Arrivals.All.Count);
    }

    [Fact]
    public async Task A_caller_who_cancels_is_told_so_and_the_source_is_left()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var left = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in Client.ClassifyCohort(Counted(Endless(), () => { }, () => left = true, Cancel), OneProtocol, new CohortOptions { ChunkItems = 5 }).WithCancellation(ended.Token))
            {
                await ended.CancelAsync();
            }
        });
        Assert.True(left);
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CohortOptions { ChunkItems = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CohortOptions { ChunkItems = 1001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CohortOptions { ChunksAhead = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CohortOptions { Patience = TimeSpan.FromSeconds(-1) });
    }

    /// <summary>Items of their own ids, of a hundred different children.</summary>
    internal static IEnumerable<CohortItem> Many(int count)
    {
        var children = Cohort.Children(100).ToList();
        return Enumerable.Range(0, count).Select(number => new CohortItem { ItemId = $"child-{number}", Case = children[number % children.Count].Case });
    }

    private static async IAsyncEnumerable<CohortItem> Endless()
    {
        for (var item = 0; ; item++)
        {
            if (item % 100 == 0)
            {
                await Task.Yield();
            }

            yield return new CohortItem { ItemId = $"endless-{item}", Case = new RelapseCase() };
        }
    }

    private static async IAsyncEnumerable<CohortItem> Gated(SemaphoreSlim proceed, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var item = 0; ; item++)
        {
            await proceed.WaitAsync(cancellation);
            yield return new CohortItem { ItemId = $"gated-{item}", Case = new RelapseCase() };
        }
    }

    private static async IAsyncEnumerable<CohortItem> Failing()
    {
        foreach (var item in Cohort.Children(25))
        {
            await Task.Yield();
            yield return item;
        }

        throw new InvalidDataException("line 26");
    }

    private static async IAsyncEnumerable<CohortItem> Counted(IAsyncEnumerable<CohortItem> items, Action take, Action? leave = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            await foreach (var item in items.WithCancellation(cancellation))
            {
                take();
                yield return item;
            }
        }
        finally
        {
            leave?.Invoke();
        }
    }
}

/// <summary>Every step of a progress, in the order told.</summary>
internal sealed class Steps : IProgress<CohortProgress>
{
    public List<CohortProgress> All { get; } = [];

    public void Report(CohortProgress value) => All.Add(value);
}
