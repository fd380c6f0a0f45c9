using System.Diagnostics;
using Relapse.Load.Traffic;

namespace Relapse.Load.Measuring;

/// <summary>So many callers, each calling again as soon as it is answered: how much a server can do.</summary>
internal static class ClosedLoop
{
    /// <summary>Calls for a while, until the last call is answered. Callers are left open.</summary>
    public static async Task<Answered> RunAsync(IReadOnlyList<Caller> callers, TimeSpan time, Faults faults)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(callers.Select((caller, index) => Task.Run(async () =>
        {
            var count = 0;
            // Beginning elsewhere, so that callers do not ask the same thing at the same time.
            for (var number = index * 37; Stopwatch.GetElapsedTime(start) < time; number++)
            {
                var fault = await caller.CallAsync(number).ConfigureAwait(false);
                faults.Note(fault);
                count++;
                if (fault is not null && faults.Count > 1000)
                {
                    break;
                }
            }

            return count;
        })));
        return new Answered(counts.Sum(), Stopwatch.GetElapsedTime(start));
    }
}

/// <summary>What was answered.</summary>
/// <param name="Count">Calls.</param>
/// <param name="Elapsed">How long it took, which is longer than was asked for: calls on their way are waited for.</param>
internal sealed record Answered(long Count, TimeSpan Elapsed)
{
    /// <summary>Calls a second.</summary>
    public double Rate => Count / Elapsed.TotalSeconds;
}
