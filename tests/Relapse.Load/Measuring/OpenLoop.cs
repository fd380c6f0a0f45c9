using System.Diagnostics;
using Relapse.Load.Traffic;

namespace Relapse.Load.Measuring;

/// <summary>
/// Calls at a fixed rate whatever the answers do, each timed from the moment it was due: a server that stalls is charged
/// for every call that would have come meanwhile (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    /// <summary>Calls for a while and returns how long each call took from the moment it was due.</summary>
    public static async Task<LatencyHistogram> RunAsync(IReadOnlyList<Caller> callers, double callsPerSecond, TimeSpan time, Faults faults)
    {
        var latencies = new LatencyHistogram();
        var calls = new Task[(int)(callsPerSecond * time.TotalSeconds)];

        // A thread of its own: the pool's are for the answers.
        await Task.Factory.StartNew(
            () =>
            {
                var start = Stopwatch.GetTimestamp();
                for (var number = 0; number < calls.Length; number++)
                {
                    var due = start + (long)(number / callsPerSecond * Stopwatch.Frequency);
                    Pacer.WaitUntil(due);
                    calls[number] = TimeAsync(callers[number % callers.Count], number, due, latencies, faults);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Task.WhenAll(calls);
        return latencies;
    }

    private static async Task TimeAsync(Caller caller, int number, long due, LatencyHistogram latencies, Faults faults)
    {
        faults.Note(await caller.CallAsync(number).ConfigureAwait(false));
        latencies.Record(Stopwatch.GetElapsedTime(due));
    }
}
