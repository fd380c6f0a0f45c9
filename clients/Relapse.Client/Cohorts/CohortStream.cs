using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Grpc.Core;

namespace Relapse.Client.Cohorts;

/// <summary>A cohort over as many streams as it takes: each sends the items after the last one answered.</summary>
internal sealed class CohortStream<TItem, TRequest, TResponse, TResult, TSummary>(
    CohortRpc<TItem, TRequest, TResponse, TResult, TSummary> rpc, IAsyncEnumerable<TItem> items, CohortOptions options, IProgress<CohortProgress>? progress, TimeProvider time)
    where TItem : class, IMessage
    where TRequest : class
    where TResponse : class
    where TSummary : class
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private CohortProgress _progress;
    private long _answeredAtBreak = -1;
    private long _breakBegan;
    private TimeSpan _pause;

    public async IAsyncEnumerable<TResult> ReadAsync(Action<TSummary> conclude, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var outstanding = new OutstandingItems<TItem>(options);
        var filling = Task.Run(() => outstanding.FillAsync(items, over.Token), CancellationToken.None);
        try
        {
            while (true)
            {
                await using var call = new CohortCall<TItem, TRequest, TResponse, TResult, TSummary>(rpc, outstanding, cancellation);
                var moved = false;
                while (!moved && await call.NextAsync().ConfigureAwait(false) is { } response)
                {
                    var results = rpc.Results(response);
                    if (!rpc.IsUnderSameVersions(results))
                    {
                        // A label is resolved once for each stream, and has moved between two of them: asked again, by exact names.
                        rpc.PinVersions();
                        rpc.Break();
                        moved = true;
                        continue;
                    }

                    Take(results, outstanding);
                    foreach (var result in results)
                    {
                        yield return result;
                    }

                    if (rpc.Summary(response) is { } summary)
                    {
                        await call.EndAsync().ConfigureAwait(false);
                        conclude(Sum(summary));
                        yield break;
                    }
                }

                if (!moved)
                {
                    await BreakAsync(call.Break!, cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await filling.ConfigureAwait(false);
        }
    }

    private void Take(IReadOnlyList<TResult> results, OutstandingItems<TItem> outstanding)
    {
        foreach (var result in results)
        {
            if (outstanding.Answered() is not { } item || !rpc.IsAnswer(result, item))
            {
                throw Unsound("A result of the cohort is not that of the item whose turn it is.");
            }
        }

        if (results.Count > 0)
        {
            rpc.Count(results);
            Report(_progress with { Answered = _progress.Answered + results.Count, Refused = _progress.Refused + results.Count(rpc.IsRefused) });
        }
    }

    private TSummary Sum(TSummary last) => rpc.TrySum(last, out var sum) ? sum : throw Unsound("The summary of the cohort does not count what was answered.");

    /// <summary>Waits before the next stream, longer each time that nothing was answered in between.</summary>
    private async Task BreakAsync(RpcException failure, CancellationToken cancellation)
    {
        if (_progress.Answered > _answeredAtBreak)
        {
            (_answeredAtBreak, _breakBegan, _pause) = (_progress.Answered, time.GetTimestamp(), ShortestPause);
        }

        if (time.GetElapsedTime(_breakBegan) >= options.Patience)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        rpc.Break();
        Report(_progress with { Breaks = _progress.Breaks + 1 });
        var pause = RelapseError.From(failure).RetryDelay ?? _pause;
        // Not all callers of a server that comes back at the same moment.
        await Task.Delay(pause * (1 + Random.Shared.NextDouble()), time, cancellation).ConfigureAwait(false);
        _pause = _pause * 2 > LongestPause ? LongestPause : _pause * 2;
    }

    private void Report(CohortProgress now)
    {
        _progress = now;
        progress?.Report(now);
    }

    private static RpcException Unsound(string detail) => CohortCall<TItem, TRequest, TResponse, TResult, TSummary>.Unsound(detail);
}
