using Microsoft.AspNetCore.Http.Features;
using Relapse.Edge;

namespace Relapse.Gateway;

/// <summary>
/// A service that dies in the middle of an answer. YARP then resets the stream, which a gRPC client can only read as
/// INTERNAL: our bug, not to be retried. The answer is ended with the trailers of UNAVAILABLE instead.
/// </summary>
internal sealed class BrokenStream(HttpContext context, IHttpResetFeature inner) : IHttpResetFeature
{
    internal static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (StatusWriter.IsGrpc(context.Request) && context.Features.Get<IHttpResetFeature>() is { } inner)
        {
            context.Features.Set<IHttpResetFeature>(new BrokenStream(context, inner));
        }

        return next(context);
    }

    public void Reset(int errorCode)
    {
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (trailers is { IsReadOnly: false } && context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            StatusWriter.WriteTrailers(trailers, RpcStatus.Unreachable);
        }
        else
        {
            inner.Reset(errorCode);
        }
    }
}
