using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relapse.Hosting.Errors;

/// <summary>
/// What fails before a handler is reached failed in the caller's bytes: a torn frame, garbage for a message, a wrong
/// content type. gRPC for .NET reads the message before the interceptors run and answers UNKNOWN or INTERNAL there, which
/// would read as our bug; this says what it is.
/// </summary>
internal sealed class GrpcFrameGuard(RequestDelegate next, MessageLimits limits)
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (!HandlerReached.By(context) && GrpcStatus(context) is { } headers)
        {
            Correct(headers, context.Response, context.GetEndpoint()?.Metadata.GetMetadata<LargerMessages>()?.Bytes ?? limits.MessageBytes);
        }
    }

    private static void Correct(IHeaderDictionary headers, HttpResponse response, int limit)
    {
        if (response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            // Not a gRPC call at all, by its content type or its version of HTTP: the edge says so in JSON.
            headers.Remove(StatusHeader);
            headers.Remove(MessageHeader);
            return;
        }

        var error = headers[StatusHeader].ToString() switch
        {
            "2" or "13" => RpcErrors.MalformedMessage(),
            "8" => RpcErrors.TooLarge(limit),
            _ => null,
        };
        if (error is null)
        {
            return;
        }

        headers[StatusHeader] = ((int)error.StatusCode).ToString(CultureInfo.InvariantCulture);
        headers[MessageHeader] = Uri.EscapeDataString(error.Status.Detail);
        foreach (var entry in error.Trailers.Where(entry => entry.IsBinary))
        {
            headers[entry.Key] = Convert.ToBase64String(entry.ValueBytes).TrimEnd('=');
        }
    }

    // A call that fails before it answers carries its status in the headers, otherwise in the trailers.
    private static IHeaderDictionary? GrpcStatus(HttpContext context)
    {
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        return !context.Response.HasStarted && context.Response.Headers.ContainsKey(StatusHeader) ? context.Response.Headers
            : trailers is { IsReadOnly: false } && trailers.ContainsKey(StatusHeader) ? trailers
            : null;
    }
}

/// <summary>On the endpoints of a service whose messages may be larger than others: so many bytes.</summary>
public sealed record LargerMessages(int Bytes);
