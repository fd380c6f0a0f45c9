using System.Diagnostics;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Cohorts;

namespace Relapse.Tests.Hosting.Cohorts;

/// <summary>The items of one message on their way: order, parts, and whose threads they take.</summary>
public sealed class CohortRunTests : IDisposable
{
    private readonly CohortWorkers _workers = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _workers.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Parts_are_in_order_and_as_large_as_they_may_be_and_nothing_is_answered_long_before_it_is_taken(int bytes)
    {
        var evaluated = 0;
        var run = new CohortRun<CohortItem, CohortItemResult>(Items(200), item => { Interlocked.Increment(ref evaluated); return Result(item); }, _workers);
        List<CohortItemResult> results = [];
        var last = 0;
        while (!run.IsDone)
        {
            var part = await run.NextAsync(bytes, Cancel);
            var size = part.Sum(CohortItems.SizeOf);
            Assert.True(size <= bytes || part.Count == 1);
            // The one before would have taken the first of this.
            Assert.True(results.Count == 0 || last + CohortItems.SizeOf(part[0]) > bytes);
            last = size;
            results.AddRange(part);
            Assert.InRange(evaluated, results.Count, results.Count + 1 + Environment.ProcessorCount);
        }

        Assert.Equal(Items(200).Select(Result), results);
    }

    [Fact]
    public async Task All_runs_together_take_as_many_threads_as_there_are_processors_and_none_of_the_pool()
    {
        int running = 0, most = 0, ofThePool = 0;
        CohortItemResult Answer(CohortItem item)
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            ofThePool += Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
            return Result(item);
        }

        var parts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => new CohortRun<CohortItem, CohortItemResult>(Items(20), Answer, _workers).NextAsync(long.MaxValue, Cancel)));

        Assert.All(parts, part => Assert.Equal(20, part.Count));
        Assert.InRange(most, 1, Environment.ProcessorCount);
        Assert.Equal(0, ofThePool);
    }

    [Fact]
    public async Task A_short_run_does_not_wait_for_a_long_one_that_began_before()
    {
        var longRun = new CohortRun<CohortItem, CohortItemResult>(Items(1000), Slowly, _workers).NextAsync(long.MaxValue, Cancel);
        await new CohortRun<CohortItem, CohortItemResult>(Items(1), Slowly, _workers).NextAsync(long.MaxValue, Cancel);
        Assert.False(longRun.IsCompleted);
        Assert.Equal(1000, (await longRun).Count);

        static CohortItemResult Slowly(CohortItem item)
        {
            Thread.Sleep(1);
            return Result(item);
        }
    }

    [Fact]
    public async Task Of_runs_of_one_length_the_first_to_come_is_done_first_so_that_one_is_sent_while_the_next_is_answered()
    {
        var ofTheSecond = 0;
        var first = new CohortRun<CohortItem, CohortItemResult>(Items(200), item => Slowly(item), _workers).NextAsync(long.MaxValue, Cancel);
        var second = new CohortRun<CohortItem, CohortItemResult>(Items(200), item => { Interlocked.Increment(ref ofTheSecond); return Slowly(item); }, _workers).NextAsync(long.MaxValue, Cancel);
        await first;
        Assert.InRange(Volatile.Read(ref ofTheSecond), 0, 100);
        Assert.Equal(200, (await second).Count);

        static CohortItemResult Slowly(CohortItem item)
        {
            Thread.Sleep(1);
            return Result(item);
        }
    }

    [Fact]
    public async Task A_run_ends_with_its_callers_token_and_with_a_failure_of_ours_and_others_go_on()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var cancelled = new CohortRun<CohortItem, CohortItemResult>(Items(1000), item => { caller.Cancel(); return Result(item); }, _workers);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.NextAsync(long.MaxValue, caller.Token));
        var broken = new CohortRun<CohortItem, CohortItemResult>(Items(1000), _ => throw new FormatException(), _workers);
        await Assert.ThrowsAsync<FormatException>(() => broken.NextAsync(long.MaxValue, Cancel));
        Assert.Single(await new CohortRun<CohortItem, CohortItemResult>(Items(1), Result, _workers).NextAsync(long.MaxValue, Cancel));
    }

    [Fact]
    public async Task Items_are_answered_in_the_trace_of_their_call()
    {
        using var activity = new Activity("call").Start();
        var seen = await new CohortRun<CohortItem, CohortItemResult>(Items(1), item => new CohortItemResult { ItemId = Activity.Current?.Id ?? "" }, _workers).NextAsync(long.MaxValue, Cancel);
        Assert.Equal(activity.Id, Assert.Single(seen).ItemId);
    }

    private static List<CohortItem> Items(int count) => [.. Enumerable.Range(0, count).Select(number => new CohortItem { ItemId = new string('x', number % 5) + number })];

    private static CohortItemResult Result(CohortItem item) => new() { ItemId = item.ItemId };

    private static void InterlockedMax(ref int most, int now)
    {
        int seen;
        while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
        {
        }
    }
}
