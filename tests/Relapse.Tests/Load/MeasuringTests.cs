using Relapse.Load.Measuring;
using Relapse.Load.Traffic;

namespace Relapse.Tests.Load;

/// <summary>What the load client makes of what it sees; no test here depends on how quick the machine is.</summary>
public sealed class MeasuringTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1.0)]
    public void A_quantile_is_the_recorded_one_to_a_hundred_and_twenty_eighth(double share)
    {
        var random = new Random(1);
        TimeSpan[] durations = [.. Enumerable.Range(0, 10_000).Select(_ => TimeSpan.FromTicks((long)Math.Exp(random.NextDouble() * 20)))];
        var histogram = new LatencyHistogram();
        Array.ForEach(durations, histogram.Record);
        var exact = durations.Order().ElementAt((int)Math.Ceiling(durations.Length * share) - 1);
        Assert.Equal(durations.Length, histogram.Count);
        Assert.InRange(histogram.Quantile(share), exact, exact + (exact / 128));
    }

    [Fact]
    public void Nothing_and_the_longest_there_is_are_recorded_too()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromTicks(-1));
        histogram.Record(TimeSpan.MaxValue);
        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0.5));
        Assert.Equal(TimeSpan.MaxValue, histogram.Quantile(1));
    }

    [Fact]
    public async Task An_open_loop_calls_on_while_nobody_answers_and_charges_the_wait_to_every_call()
    {
        var time = TimeSpan.FromSeconds(0.2);
        var stalled = new Stalled(untilCall: 99);
        var latencies = await OpenLoop.RunAsync([stalled], 500, time, new Faults());

        // The first of a hundred calls waited for the last, the middle one for half the time: coordinated omission would
        // have seen one long call, or none at all.
        Assert.Equal(100, latencies.Count);
        Assert.True(latencies.Quantile(1) >= time * 0.98);
        Assert.True(latencies.Quantile(0.5) >= time * 0.48);
    }

    [Fact]
    public async Task A_closed_loop_counts_what_failed()
    {
        var faults = new Faults();
        var answered = await ClosedLoop.RunAsync([new Refused()], TimeSpan.FromSeconds(0.05), faults);
        Assert.True(faults.Count > 0);
        Assert.Equal(faults.Count, answered.Count);
        Assert.Contains("x refused", faults.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_loop_that_waits_for_its_last_call_counts_the_wait()
    {
        var answered = await ClosedLoop.RunAsync([new Slow()], Slow.Time / 2, new Faults());
        Assert.Equal(1, answered.Count);
        Assert.True(answered.Elapsed >= Slow.Time * 0.98);
        Assert.Equal(1 / answered.Elapsed.TotalSeconds, answered.Rate);
    }

    [Fact]
    public void The_median_of_rounds_is_the_middle_one_or_between_the_two_in_the_middle()
    {
        Assert.Equal(new Spread(2, 1, 9, 1, 9), Spread.Of([9, 1, 2]));
        Assert.Equal("2.50 (1.00 to 9.00)", Spread.Of([9, 1, 2, 3]).Say());
    }

    [Fact]
    public void A_verdict_needs_the_middle_half_of_the_rounds_and_is_not_moved_by_the_rest()
    {
        var spread = Spread.Of([0, 0.7, 0.8, 0.8, 0.9, 0.9, 1.0, 5]);
        Assert.Equal(new Spread(0.85, 0.8, 0.9, 0, 5), spread with { Median = Math.Round(spread.Median, 6) });
        Assert.Equal(Verdict.Held, spread.AtLeast(0.8));
        Assert.Equal(Verdict.Noise, spread.AtLeast(0.85));
        Assert.Equal(Verdict.NotHeld, spread.AtLeast(0.95));
        Assert.Equal(Verdict.Held, spread.AtMost(0.9));
        Assert.Equal(Verdict.Noise, spread.AtMost(0.85));
        Assert.Equal(Verdict.NotHeld, spread.AtMost(0.75));
    }

    private sealed class Stalled(int untilCall) : Caller
    {
        private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task<string?> CallAsync(int number)
        {
            if (number == untilCall)
            {
                _answer.SetResult(null);
            }

            return _answer.Task;
        }
    }

    private sealed class Slow : Caller
    {
        public static TimeSpan Time { get; } = TimeSpan.FromSeconds(1);

        public override async Task<string?> CallAsync(int number)
        {
            await Task.Delay(Time, TestContext.Current.CancellationToken);
            return null;
        }
    }

    private sealed class Refused : Caller
    {
        public override async Task<string?> CallAsync(int number)
        {
            await Task.Yield();
            return "refused";
        }
    }
}
