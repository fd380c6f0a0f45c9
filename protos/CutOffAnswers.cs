using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Relapse.Contracts;

/// <summary>
/// Asks again a unary call whose answer was cut off on its way, because its sender was killed or the line tore: the channel's own
/// retries end with the first byte of an answer. What a server says itself, UNAVAILABLE too, is not asked again here.
/// </summary>
/// <param name="mayBeRepeated">Whether to ask twice changes nothing.</param>
/// <param name="time">By which it waits.</param>
internal sealed class CutOffAnswers(Predicate<IMethod> mayBeRepeated, TimeProvider time) : Interceptor
{
    // After the first; each is a whole call, with the channel's retries: with five attempts of the channel's one call is sent 15 times at most.
    private const int MostAgain = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time;

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        for (var again = 0; ; again++)
        {
            try
            {
                return continuation(request, context);
            }
            catch (RpcException ended) when (IsToBeAskedAgain(ended, again, context))
            {
                context.Options.CancellationToken.WaitHandle.WaitOne(Pause(again));
            }
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        mayBeRepeated(context.Method) ? new Asking<TRequest, TResponse>(this, () => continuation(request, context), context).Call : continuation(request, context);

    private bool IsToBeAskedAgain<TRequest, TResponse>(RpcException ended, int again, ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class =>
        again < MostAgain && WasCutOff(ended) && mayBeRepeated(context.Method) && !context.Options.CancellationToken.IsCancellationRequested
        && (context.Options.Deadline is not { } deadline || _time.GetUtcNow().UtcDateTime + Pause(again) < deadline);

    /// <summary>
    /// Whether reading failed, and not the server: in the middle of an answer, or on a line found dead while the answer was waited for. That the
    /// line could not be made is UNAVAILABLE, and the channel has tried it again.
    /// </summary>
    private static bool WasCutOff(RpcException ended) => ended.Status.DebugException switch
    {
        // A whole message, and not one of ours.
        InvalidProtocolBufferException => false,
        // A peer that asks for less, or refuses what it is called with, means it: RESOURCE_EXHAUSTED and PERMISSION_DENIED are not among them.
        IOException or InvalidDataException => ended.StatusCode is StatusCode.Internal or StatusCode.Unavailable or StatusCode.Unknown or StatusCode.Cancelled,
        // Without what was refused before there was a line: TLS, versions, names.
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError, InnerException: IOException } =>
            ended.StatusCode is StatusCode.Internal,
        _ => false,
    };

    private static TimeSpan Pause(int again) => FirstPause * (1 << again) * (0.8 + (0.4 * Random.Shared.NextDouble()));

    /// <summary>One call of the caller's, over as many of the channel's as it takes.</summary>
    private sealed class Asking<TRequest, TResponse>
        where TRequest : class
        where TResponse : class
    {
        private readonly CutOffAnswers _rules;
        private readonly Func<AsyncUnaryCall<TResponse>> _ask;
        private readonly ClientInterceptorContext<TRequest, TResponse> _context;
        private readonly Lock _sync = new();
        private readonly Task<TResponse> _answer;
        private AsyncUnaryCall<TResponse> _current;
        private bool _disposed;

        public Asking(CutOffAnswers rules, Func<AsyncUnaryCall<TResponse>> ask, ClientInterceptorContext<TRequest, TResponse> context)
        {
            (_rules, _ask, _context, _current) = (rules, ask, context, ask());
            _answer = AnswerAsync();
            Call = new AsyncUnaryCall<TResponse>(_answer, static of => Of(of).HeadersAsync(), static of => Of(of)._current.GetStatus(), static of => Of(of)._current.GetTrailers(), static of => Of(of).Dispose(), this);
        }

        public AsyncUnaryCall<TResponse> Call { get; }

        private static Asking<TRequest, TResponse> Of(object state) => (Asking<TRequest, TResponse>)state;

        private async Task<TResponse> AnswerAsync()
        {
            for (var again = 0; ; again++)
            {
                try
                {
                    return await _current.ResponseAsync.ConfigureAwait(false);
                }
                catch (RpcException ended) when (!_disposed && _rules.IsToBeAskedAgain(ended, again, _context))
                {
                    await Task.Delay(Pause(again), _rules._time, _context.Options.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                AskAgain();
            }
        }

        // Those of a call that had none are those of the one that was answered.
        private async Task<Metadata> HeadersAsync()
        {
            try
            {
                return await _current.ResponseHeadersAsync.ConfigureAwait(false);
            }
            catch (RpcException) when (!_disposed)
            {
                await _answer.ConfigureAwait(false);
                return await _current.ResponseHeadersAsync.ConfigureAwait(false);
            }
        }

        // After the caller's cancellation too, which the call then says itself, without being sent.
        private void AskAgain()
        {
            lock (_sync)
            {
                if (_disposed)
                {
                    throw new RpcException(new Status(StatusCode.Cancelled, "The call was disposed of while it waited to be made again."));
                }
            }

            var next = _ask();
            lock (_sync)
            {
                _current.Dispose();
                _current = next;
                if (_disposed)
                {
                    next.Dispose();
                }
            }
        }

        private void Dispose()
        {
            lock (_sync)
            {
                _disposed = true;
                _current.Dispose();
            }
        }
    }
}
