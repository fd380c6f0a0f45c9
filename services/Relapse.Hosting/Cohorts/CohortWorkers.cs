using System.Diagnostics;

namespace Relapse.Hosting.Cohorts;

/// <summary>
/// The threads on which the items of all batches and cohorts of a process are answered: one for each processor. After each millisecond
/// the work goes first that would be done first had it come alone, so that the short does not wait for the long, nor the long for ever.
/// They are not the pool's: a long batch there would have probes and short calls wait for it.
/// </summary>
public sealed class CohortWorkers : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    // Nothing but the order hangs on it.
    private static readonly TimeSpan AboutAStep = TimeSpan.FromMicroseconds(100);

    private readonly int _count = Environment.ProcessorCount;
    private readonly PriorityQueue<Turn, (TimeSpan Due, long Number)> _waiting = new();
    private long _number;
    private bool _closed;

    /// <summary>Starts them.</summary>
    public CohortWorkers()
    {
        for (var number = 0; number < _count; number++)
        {
            new Thread(Work) { IsBackground = true, Name = $"Cohort {number}" }.Start();
        }
    }

    /// <summary>Takes steps on as many of the threads as there are, side by side, until a step says that it was the last.</summary>
    /// <param name="step">One step; false when there is none left. It is called from several threads at once.</param>
    /// <param name="most">How many steps there are, at most.</param>
    public Task RunAsync(Func<bool> step, int most)
    {
        ArgumentNullException.ThrowIfNull(step);

        // With the context of the caller, or a bug would be logged under another call's trace.
        var due = Stopwatch.GetElapsedTime(0) + (most * AboutAStep);
        var turns = Enumerable.Range(0, Math.Clamp(most, 0, _count)).Select(_ => new Turn(step, ExecutionContext.Capture(), due)).ToList();
        turns.ForEach(Wait);
        return Task.WhenAll(turns.Select(turn => turn.Ended));
    }

    /// <summary>Ends the threads when nothing waits for them.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _closed = true;
            Monitor.PulseAll(_waiting);
        }
    }

    private void Wait(Turn turn)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(turn, (turn.Due, _number++));
            Monitor.Pulse(_waiting);
        }
    }

    private void Work()
    {
        while (Next() is { } turn)
        {
            if (turn.Take(Slice))
            {
                Wait(turn);
            }
        }
    }

    private Turn? Next()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_waiting);
            }

            return _waiting.TryDequeue(out var turn, out _) ? turn : null;
        }
    }

    private sealed class Turn(Func<bool> step, ExecutionContext? context, TimeSpan due)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        /// <summary>When the work would be done had it come alone.</summary>
        public TimeSpan Due => due;

        /// <summary>Takes steps for a while; false when the last was taken.</summary>
        public bool Take(TimeSpan slice)
        {
            var more = false;
            try
            {
                if (context is null)
                {
                    more = Steps(slice);
                }
                else
                {
                    ExecutionContext.Run(context, _ => more = Steps(slice), null);
                }
            }
            catch (Exception failure)
            {
                _ended.TrySetException(failure);
                return false;
            }

            if (!more)
            {
                _ended.TrySetResult();
            }

            return more;
        }

        private bool Steps(TimeSpan slice)
        {
            var begun = Stopwatch.GetTimestamp();
            while (step())
            {
                if (Stopwatch.GetElapsedTime(begun) >= slice)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
