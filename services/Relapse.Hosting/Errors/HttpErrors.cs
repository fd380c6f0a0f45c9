using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relapse.Hosting.Errors;

/// <summary>
/// The outermost layer of HTTP: every answer that is an error has a body, and it is a Status. What no handler caught is
/// sorted here as the interceptor sorts it, so that the server's own logging never sees an exception and its message.
/// </summary>
internal sealed class HttpErrors(RequestDelegate next, ILogger<HttpErrors> logger)
{
    private const string Place = "the HTTP pipeline";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBareError(context.Response))
            {
                await JsonStatus.WriteAsync(context.Response, RpcErrors.OfHttpStatus(context.Response.StatusCode), context.Response.StatusCode);
            }
        }
        catch (BadHttpRequestException malformed)
        {
            // The message of this exception is a fixed sentence, but it can quote a header, so it is not passed on.
            await JsonStatus.WriteAsync(context.Response, RpcErrors.OfHttpStatus(malformed.StatusCode), malformed.StatusCode);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            ErrorEvents.CallEndedEarly(logger, Place, "caller gone");
        }
        catch (Exception exception)
        {
            var correlationId = ErrorEvents.LogUnexpected(logger, Place, exception);
            await JsonStatus.WriteAsync(context.Response, RpcErrors.Internal(correlationId));
        }
    }

    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0 } && string.IsNullOrEmpty(response.ContentType);
}
