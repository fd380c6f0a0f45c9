using Google.Protobuf;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Classification;

/// <summary>
/// The items of one message on their way to their answers, which are taken in order and in parts of no more bytes than asked for.
/// No more is evaluated than the next part takes, besides what was begun when it was full: that is kept for the part after it.
/// </summary>
/// <param name="items">The items.</param>
/// <param name="answer">Answers one, whatever is wrong with it; called from several threads at once.</param>
/// <param name="workers">The threads.</param>
internal sealed class CohortRun(IReadOnlyList<CohortItem> items, Func<CohortItem, CohortItemResult> answer, CohortWorkers workers)
{
    private readonly CohortItemResult?[] _results = new CohortItemResult?[items.Count];
    private readonly int[] _sizes = new int[items.Count];
    private int _begun;
    private int _taken;
    private long _bytesWaiting;

    /// <summary>Whether every answer has been taken.</summary>
    public bool IsDone => _taken == items.Count;

    /// <summary>What a result takes in a message, in bytes.</summary>
    public static int SizeOf(CohortItemResult result) => 1 + CodedOutputStream.ComputeMessageSize(result);

    /// <summary>The next answers: as many as fit, and one in any case.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone, or the deadline has passed.</exception>
    public async Task<IReadOnlyList<CohortItemResult>> NextAsync(long bytes, CancellationToken cancellation)
    {
        await workers.RunAsync(() => Step(Math.Max(0, bytes), cancellation), items.Count - _begun);
        cancellation.ThrowIfCancellationRequested();
        var part = new List<CohortItemResult>();
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
        (_results[index], _sizes[index]) = (result, SizeOf(result));
        Interlocked.Add(ref _bytesWaiting, _sizes[index]);
        return true;
    }
}
