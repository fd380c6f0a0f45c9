using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relapse.Clinical;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Json;

/// <summary>
/// Stands before JSON transcoding: reads the body once, within the limit, checks query and body against the RPC's own
/// descriptor, and lets through only what transcoding will take without loss. Everything else is answered here, with
/// every fault and no value.
/// </summary>
internal sealed class JsonRequestGuard(RequestDelegate next, MessageLimits limits)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } rpc
            ? CheckAsync(context, RequestShape.Of(rpc))
            : next(context);

    private async Task CheckAsync(HttpContext context, RequestShape shape)
    {
        var faults = new List<FieldFault>();
        shape.CheckQuery(context.Request.Query, faults);
        if (shape.Body is null)
        {
            await (faults.Count == 0 ? TranscodeAsync(context) : RefuseAsync(context, faults));
            return;
        }

        if (!IsJson(context.Request))
        {
            // The edge gives a bare status its body.
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var limit = shape.IsLarge ? limits.BatchJsonBytes : limits.UnaryJsonBytes;
        using var body = await ReadAsync(context.Request, limit);
        if (body is null)
        {
            await JsonStatus.WriteAsync(context.Response, RpcErrors.TooLarge(limit), StatusCodes.Status413PayloadTooLarge);
            return;
        }

        JsonBodyCheck.Run(body.Bytes, shape.Body, shape.BodyPath, shape.FromPath, faults);
        if (faults.Count > 0)
        {
            await RefuseAsync(context, faults);
            return;
        }

        using var checkedBody = body.AsStream();
        context.Request.Body = checkedBody;
        await TranscodeAsync(context);
    }

    private static async ValueTask<PooledBody?> ReadAsync(HttpRequest request, int limit)
    {
        try
        {
            return await PooledBody.ReadAsync(request, limit);
        }
        catch (ConnectionResetException gone)
        {
            // Nobody is left to answer, and it is no failure of ours.
            throw new OperationCanceledException(gone.Message, gone, request.HttpContext.RequestAborted);
        }
    }

    // Should transcoding refuse what the guard let through, its answer could quote the request, so ours takes its place.
    private async Task TranscodeAsync(HttpContext context)
    {
        var answer = context.Response.Body;
        using var gate = new HandlerGate(context, answer);
        context.Response.Body = gate;
        await next(context);
        context.Response.Body = answer;
        if (gate.IsShut)
        {
            context.Response.Headers.Clear();
            await JsonStatus.WriteAsync(context.Response, RpcErrors.MalformedMessage());
        }
    }

    private static Task RefuseAsync(HttpContext context, List<FieldFault> faults) =>
        JsonStatus.WriteAsync(context.Response, RpcErrors.InvalidArgument(faults));

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
