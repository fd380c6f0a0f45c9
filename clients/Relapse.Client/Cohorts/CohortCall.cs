using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Grpc.Core;

namespace Relapse.Client.Cohorts;

/// <summary>One stream of a cohort: it sends the settings, what is unanswered, and then chunk after chunk beside the reading of the answers.</summary>
internal sealed class CohortCall<TItem, TRequest, TResponse, TResult, TSummary> : IAsyncDisposable
    where TItem : class, IMessage
    where TRequest : class
    where TResponse : class
    where TSummary : class
{
    private static readonly TimeSpan StatusFollows = TimeSpan.FromSeconds(2);

    private readonly CohortRpc<TItem, TRequest, TResponse, TResult, TSummary> _rpc;
    private readonly OutstandingItems<TItem> _outstanding;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _stop;
    private readonly AsyncDuplexStreamingCall<TRequest, TResponse> _call;
    private readonly Task _sending;
    private ExceptionDispatchInfo? _failure;
    private bool _wasAnswered;

    public CohortCall(CohortRpc<TItem, TRequest, TResponse, TResult, TSummary> rpc, OutstandingItems<TItem> outstanding, CancellationToken caller)
    {
        (_rpc, _outstanding, _caller) = (rpc, outstanding, caller);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _call = rpc.Open(_stop.Token);
        _sending = Task.Run(SendAsync, CancellationToken.None);
    }

    /// <summary>Why the stream broke; null as long as it did not.</summary>
    public RpcException? Break { get; private set; }

    /// <summary>The next message; null when the stream broke.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async Task<TResponse?> NextAsync()
    {
        try
        {
            if (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                _wasAnswered = true;
                return _call.ResponseStream.Current;
            }
        }
        catch (RpcException ended)
        {
            _caller.ThrowIfCancellationRequested();
            // A token that was good when the stream was opened, and has expired since: the next stream has a new one.
            if (BrokenLine.Ended(ended) || (_wasAnswered && ended.StatusCode == StatusCode.Unauthenticated))
            {
                Break = ended;
                return null;
            }

            if (ended.StatusCode == StatusCode.Cancelled)
            {
                _failure?.Throw();
            }

            throw;
        }

        throw Unsound("The cohort ended without its summary.");
    }

    /// <summary>Reads the status after the summary. What is wrong with it changes nothing any more.</summary>
    public async Task EndAsync()
    {
        try
        {
            await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // All answers and the summary are here.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _call.Dispose();
        await _sending.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>What comes is not the answer to what was sent.</summary>
    internal static RpcException Unsound(string detail) => new(new Status(StatusCode.DataLoss, detail));

    private async Task SendAsync()
    {
        if (!await TrySendAsync(_rpc.Settings()).ConfigureAwait(false))
        {
            return;
        }

        foreach (var chunk in _outstanding.Unanswered())
        {
            if (!await TrySendAsync(_rpc.Chunk(chunk)).ConfigureAwait(false))
            {
                return;
            }
        }

        while (await TakeAsync().ConfigureAwait(false) is { } chunk)
        {
            if (!await TrySendAsync(_rpc.Chunk(chunk)).ConfigureAwait(false))
            {
                return;
            }
        }

        await TryAsync(_call.RequestStream.CompleteAsync).ConfigureAwait(false);
    }

    // The source is the caller's code, and what it throws is the caller's to see.
    private async Task<IReadOnlyList<TItem>?> TakeAsync()
    {
        try
        {
            return await _outstanding.NextAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (!_stop.IsCancellationRequested)
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
                await _stop.CancelAsync().ConfigureAwait(false);
            }

            return null;
        }
    }

    private Task<bool> TrySendAsync(TRequest message) => TryAsync(() => _call.RequestStream.WriteAsync(message, _stop.Token));

    // Writing fails in many ways when the call is over, and reading says why. Should the call not be over, it ends for this.
    private async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure)
        {
            if (!_stop.IsCancellationRequested)
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
                _stop.CancelAfter(StatusFollows);
            }

            return false;
        }
    }
}
