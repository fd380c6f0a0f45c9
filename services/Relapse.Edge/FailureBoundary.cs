using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relapse.Edge;

/// <summary>
/// The outermost middleware: nothing leaves a process as a bare HTTP error or as an exception page. What went wrong
/// further in, and was not said there, is said here in the caller's protocol.
/// </summary>
internal sealed partial class FailureBoundary(RequestDelegate next, ILogger<FailureBoundary> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = refused.StatusCode;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            await SayBug(context, failure);
            return;
        }

        if (IsBare(context.Response) && !context.RequestAborted.IsCancellationRequested)
        {
            await StatusWriter.WriteAsync(context, RpcStatus.ForBare(context.Response.StatusCode, StatusWriter.IsGrpc(context.Request)));
        }
    }

    private static bool IsBare(HttpResponse response) =>
        !response.HasStarted
        && response.StatusCode >= StatusCodes.Status400BadRequest
        && response.ContentLength is null or 0
        && string.IsNullOrEmpty(response.ContentType);

    private async Task SayBug(HttpContext context, Exception failure)
    {
        var correlationId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

        // Type and stack, not the message: a framework's message may quote the value that it stumbled over.
        Unhandled(logger, correlationId, failure.GetType().FullName ?? failure.GetType().Name, failure.StackTrace ?? string.Empty);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        await StatusWriter.WriteAsync(context, RpcStatus.Bug(correlationId));
    }

    [LoggerMessage(1, LogLevel.Error, "Unhandled {ExceptionType}, correlation id {CorrelationId}\n{StackTrace}")]
    private static partial void Unhandled(ILogger logger, string correlationId, string exceptionType, string stackTrace);
}
