using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Relapse.Edge;

namespace Relapse.Hosting.Errors;

/// <summary>
/// Sorts whatever ends a call into three: a status that was meant, a caller who went away, and our bug. Only the last is
/// an error to us: it is logged with a correlation id, and that id is all the caller hears of it.
/// </summary>
internal sealed class ErrorInterceptor(ILogger<ErrorInterceptor> logger, TimeProvider clock, MessageLimits limits) : Interceptor
{
    private static readonly TimeSpan TokenFollows = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        HandlerReached.Mark(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            throw await ClassifyAsync(exception, context, streams: false);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        HandlerReached.Mark(context);
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception)
        {
            throw await ClassifyAsync(exception, context, streams: true);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        HandlerReached.Mark(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception)
        {
            throw await ClassifyAsync(exception, context, streams: true);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        HandlerReached.Mark(context);
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception)
        {
            throw await ClassifyAsync(exception, context, streams: true);
        }
    }

    private static bool IsGrpc(ServerCallContext context) =>
        StatusWriter.IsGrpc(context.GetHttpContext().Request);

    // A stream whose caller goes away in the middle fails under the handler's hands before the token says why: reading and writing
    // by IOException, and by InvalidOperationException when the framework has closed the call. The token follows at once;
    // without it, the failure is our own.
    private static async Task<bool> HasGoneAsync(Exception exception, bool streams, CancellationToken token)
    {
        var torn = exception is IOException || (streams && exception is InvalidOperationException);
        if (torn && !token.IsCancellationRequested)
        {
            await Task.Delay(TokenFollows, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return token.IsCancellationRequested && (torn || exception is OperationCanceledException or RpcException);
    }

    private async Task<RpcException> ClassifyAsync(Exception exception, ServerCallContext context, bool streams)
    {
        var gone = await HasGoneAsync(exception, streams, context.CancellationToken);
        // A message of a stream is read inside the handler, so what the framework says of it is said to the caller, in our words.
        if (exception is RpcException unread && unread.GetRpcStatus() is null && !gone)
        {
            return unread.StatusCode == StatusCode.ResourceExhausted ? RpcErrors.TooLarge(limits.MessageBytes) : RpcErrors.MalformedMessage();
        }

        if (exception is RpcException intended && intended.GetRpcStatus() is not null)
        {
            return IsGrpc(context) ? RpcErrors.FitTrailers(intended) : intended;
        }

        if (gone)
        {
            var late = context.Deadline <= clock.GetUtcNow().UtcDateTime;
            ErrorEvents.CallEndedEarly(logger, context.Method, late ? "deadline" : "caller gone");
            return late ? RpcErrors.DeadlineExceeded() : RpcErrors.Cancelled();
        }

        if (exception is InvalidProtocolBufferException)
        {
            return RpcErrors.MalformedMessage();
        }

        return RpcErrors.Internal(ErrorEvents.LogUnexpected(logger, context.Method, exception));
    }
}

/// <summary>The log events of calls that ended otherwise than by an answer.</summary>
internal static partial class ErrorEvents
{
    private const int CorrelationBytes = 16;

    /// <summary>Logs a bug under a new correlation id. The exception's message is left out: it can quote a value of the case.</summary>
    public static string LogUnexpected(ILogger logger, string where, Exception exception)
    {
        var correlationId = Activity.Current?.TraceId.ToHexString() is { } trace && trace != default(ActivityTraceId).ToHexString()
            ? trace
            : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CorrelationBytes));
        var types = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            types.Add(cause.GetType().FullName ?? cause.GetType().Name);
        }

        Unexpected(logger, where, correlationId, string.Join(" <- ", types), exception.StackTrace);
        return correlationId;
    }

    [LoggerMessage(1, LogLevel.Error, "Unexpected failure of {Where}, correlation {CorrelationId}: {ExceptionTypes}\n{Stack}", EventName = "Unexpected")]
    private static partial void Unexpected(ILogger logger, string where, string correlationId, string exceptionTypes, string? stack);

    [LoggerMessage(2, LogLevel.Debug, "{Method} ended early: {Why}.", EventName = "CallEndedEarly")]
    public static partial void CallEndedEarly(ILogger logger, string method, string why);
}
