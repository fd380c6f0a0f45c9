using Google.Protobuf;

namespace Relapse.Hosting.Cohorts;

/// <summary>
/// The items of one message on their way to their answers, which are taken in order and in parts of no more bytes than asked for.
/// No more is evaluated than the next part takes, besides what was begun when it was full: that is kept for the part after it.
/// </summary>
/// <typeparam name="TItem">An item.</typeparam>
/// <typeparam name="TResult">Its result.</typeparam>
/// <param name="items">The items.</param>
/// <param name="answer">Answers one, whatever is wrong with it; called from several threads at once.</param>
/// <param name="workers">The threads.</param>
public sealed class CohortRun<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, TResult> answer, CohortWorkers workers)
    where TResult : class, IMessage
{
    private readonly TResult?[] _results = new TResult?[items.Count];
    private readonly int[] _sizes = new int[items.Count];
    private int _begun;
    private int _taken;
    private long _bytesWaiting;

    /// <summary>Whether every answer has been taken.</summary>
    public bool IsDone => _taken == items.Count;

    /// <summary>The next answers: as many as fit, and one in any case.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone, or the deadline has passed.</exception>
    public async Task<IReadOnlyList<TResult>> NextAsync(long bytes, CancellationToken cancellation)
    {
        await workers.RunAsync(() => Step(Math.Max(0, bytes), cancellation), items.Count - _begun);
        cancellation.ThrowIfCancellationRequested();
        var part = new List<TResult>();
        for (long size = 0; _taken < Math.Min(_begun, items.Count); _taken++)
        {
            size += _sizes[_taken];
            if (part.Count > 0 && size > bytes)
            {
                break;
            }

            part.Add(_results[_taken]!);
            _results[_taken] = null;
            _bytesWaiting -= _sizes[_taken];
        }

        return part;
    }

    private bool Step(long bytes, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested || Interlocked.Read(ref _bytesWaiting) > bytes)
        {
            return false;
        }

        var index = Interlocked.Increment(ref _begun) - 1;
        if (index >= items.Count)
        {
            return false;
        }

        var result = answer(items[index]);
        (_results[index], _sizes[index]) = (result, CohortItems.SizeOf(result));
        Interlocked.Add(ref _bytesWaiting, _sizes[index]);
        return true;
    }
}
