using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relapse.Edge;

/// <summary>
/// Puts the status of a gRPC call on what ASP.NET measures of it (<c>http.server.request.duration</c>): to HTTP it is a 200 whatever became
/// of it.
/// </summary>
internal static class GrpcStatusTag
{
    /// <summary>As OpenTelemetry calls it.</summary>
    internal const string Name = "rpc.grpc.status_code";

    private const int Cancelled = 1;
    private const int Unknown = 2;
    private const int Last = 16;

    internal static async Task AddAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        // Absent where nobody measures.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } measured && StatusWriter.IsGrpc(context.Request))
        {
            measured.Tags.Add(KeyValuePair.Create<string, object?>(Name, Status(context)));
        }
    }

    // In the trailers, or in the headers of an answer without a body. One without either was cut off.
    private static int Status(HttpContext context)
    {
        const string name = "grpc-status";
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var text = trailers?.TryGetValue(name, out var last) is true ? last : context.Response.Headers[name];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status is >= 0 and <= Last ? status : Unknown
            : context.RequestAborted.IsCancellationRequested ? Cancelled : Unknown;
    }
}
