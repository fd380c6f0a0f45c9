using System.Numerics;

namespace Relapse.Load.Measuring;

/// <summary>
/// Counts of durations in buckets that are at most 1/128 of their value wide, as HdrHistogram has them: any number of
/// durations in the same small memory, recorded from any thread.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int HalfBits = 7;
    private const int Half = 1 << HalfBits;

    private readonly long[] _counts = new long[(64 - HalfBits + 1) * Half];

    /// <summary>How many were recorded.</summary>
    public long Count => _counts.Sum();

    /// <summary>Records one duration; a negative one counts as none.</summary>
    public void Record(TimeSpan duration) => Interlocked.Increment(ref _counts[Bucket((ulong)Math.Max(0, duration.Ticks))]);

    /// <summary>The duration that a share of all stay within, at the upper end of its bucket.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public TimeSpan Quantile(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
            {
                return TimeSpan.FromTicks((long)Highest(bucket));
            }
        }

        return TimeSpan.Zero;
    }

    // Up to 2 * Half each value has its own bucket; above, each doubling is divided into Half buckets.
    private static int Bucket(ulong value)
    {
        var shift = Math.Max(0, BitOperations.Log2(value | 1) - HalfBits);
        return (shift * Half) + (int)(value >> shift);
    }

    private static ulong Highest(int bucket)
    {
        var shift = Math.Max(0, (bucket / Half) - 1);
        return (((ulong)(bucket - (shift * Half)) + 1) << shift) - 1;
    }
}
