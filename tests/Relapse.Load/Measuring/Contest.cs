using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Measuring;

/// <summary>One of the two that are compared.</summary>
/// <param name="Name">What it is called while it runs.</param>
/// <param name="Callers">Its callers.</param>
/// <param name="Process">Its process, for the time it takes; null when it has none of its own.</param>
internal sealed record Side(string Name, IReadOnlyList<Caller> Callers, ServerProcess? Process);

/// <summary>How long things take, and how often.</summary>
/// <param name="Rounds">Rounds that count; in each, both sides once, and the order turns.</param>
/// <param name="LongestWarmUp">How many times as long a side may take to come to speed, before that.</param>
/// <param name="Time">Each measurement.</param>
internal sealed record Pace(int Rounds, int LongestWarmUp, TimeSpan Time)
{
    /// <summary>What <c>./relapse bench</c> takes. Many short turns rather than few long ones: what disturbs them comes and goes.</summary>
    public static Pace Usual { get; } = new(15, 15, TimeSpan.FromSeconds(1));
}

/// <summary>
/// Two sides in turns within one run: whatever else the machine does meanwhile it does to both, and each round has a
/// ratio of its own, so that the spread of the ratios says how much of it is noise.
/// </summary>
internal sealed class Contest(Side ours, Side theirs, Pace pace)
{
    private readonly Faults _faults = new();

    /// <summary>What went wrong on either side.</summary>
    public Faults Faults => _faults;

    /// <summary>Both sides as fast as they can.</summary>
    public async Task<Throughputs> SaturateAsync()
    {
        await WarmUpAsync(ours);
        await WarmUpAsync(theirs);
        var rounds = new List<(Work Ours, Work Theirs)>();
        await InTurnsAsync(WorkAsync, (first, second) => rounds.Add((first, second)));
        return new Throughputs(
            Spread.Of(rounds.Select(round => round.Ours.Rate)),
            Spread.Of(rounds.Select(round => round.Theirs.Rate)),
            Spread.Of(rounds.Select(round => round.Ours.Rate / round.Theirs.Rate)),
            Spread.Of(rounds.Select(round => round.Ours.ServerTime)),
            Spread.Of(rounds.Select(round => round.Theirs.ServerTime)));
    }

    /// <summary>Both sides at the same rate.</summary>
    public async Task<Latencies> PaceAsync(double callsPerSecond)
    {
        var rounds = new List<(LatencyHistogram Ours, LatencyHistogram Theirs)>();
        await InTurnsAsync(
            side => OpenLoop.RunAsync(side.Callers, callsPerSecond, pace.Time, _faults),
            (first, second) => rounds.Add((first, second)));
        return new Latencies(
            callsPerSecond,
            Spread.Of(rounds.Select(round => Microseconds(round.Ours, 0.5))),
            Spread.Of(rounds.Select(round => Microseconds(round.Theirs, 0.5))),
            Spread.Of(rounds.Select(round => Microseconds(round.Ours, 0.5) / Microseconds(round.Theirs, 0.5))),
            Spread.Of(rounds.Select(round => Microseconds(round.Ours, 0.99))),
            Spread.Of(rounds.Select(round => Microseconds(round.Theirs, 0.99))));
    }

    /// <summary>Ends what the callers of both sides have open.</summary>
    public async Task CloseAsync()
    {
        foreach (var caller in ours.Callers.Concat(theirs.Callers))
        {
            _faults.Note(await caller.CloseAsync());
        }
    }

    private static double Microseconds(LatencyHistogram latencies, double share) => latencies.Quantile(share).TotalMicroseconds;

    // Until a call takes no less of the server than in the turns before it: then the JIT has done what it will do. On a
    // busy machine that takes long, since the JIT gets its share like everybody.
    private async Task WarmUpAsync(Side side)
    {
        const int LeastTurns = 4;
        var best = double.PositiveInfinity;
        for (var turn = 0; turn < pace.LongestWarmUp; turn++)
        {
            var time = (await WorkAsync(side)).ServerTime;
            if (turn >= LeastTurns && time > best * 0.97)
            {
                return;
            }

            best = Math.Min(best, time);
        }
    }

    private async Task InTurnsAsync<T>(Func<Side, Task<T>> measure, Action<T, T> keep)
    {
        for (var round = 0; round < pace.Rounds; round++)
        {
            var oursFirst = round % 2 == 0;
            var first = await measure(oursFirst ? ours : theirs);
            var second = await measure(oursFirst ? theirs : ours);
            keep(oursFirst ? first : second, oursFirst ? second : first);
        }
    }

    private async Task<Work> WorkAsync(Side side)
    {
        var before = side.Process?.ProcessorTime ?? TimeSpan.Zero;
        var answered = await ClosedLoop.RunAsync(side.Callers, pace.Time, _faults);
        var after = side.Process?.ProcessorTime ?? TimeSpan.Zero;
        return new Work(answered.Rate, (after - before).TotalMicroseconds / Math.Max(1, answered.Count));
    }

    private sealed record Work(double Rate, double ServerTime);
}

/// <summary>What came of two sides as fast as they can.</summary>
/// <param name="Ours">Calls a second.</param>
/// <param name="Theirs">Calls a second.</param>
/// <param name="Ratio">Ours by theirs, round by round.</param>
/// <param name="OurTime">Processor time of the server for each call, in microseconds.</param>
/// <param name="TheirTime">Processor time of the server for each call, in microseconds.</param>
internal sealed record Throughputs(Spread Ours, Spread Theirs, Spread Ratio, Spread OurTime, Spread TheirTime);

/// <summary>What came of two sides at the same rate, in microseconds.</summary>
/// <param name="Rate">Calls a second.</param>
/// <param name="OurMiddle">The 50th percentile.</param>
/// <param name="TheirMiddle">The 50th percentile.</param>
/// <param name="Ratio">Ours by theirs, round by round.</param>
/// <param name="OurTail">The 99th percentile.</param>
/// <param name="TheirTail">The 99th percentile.</param>
internal sealed record Latencies(double Rate, Spread OurMiddle, Spread TheirMiddle, Spread Ratio, Spread OurTail, Spread TheirTail);
