using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Relapse.Edge;

/// <summary>
/// The one place that says a status in the caller's protocol: trailers-only for gRPC, the canonical JSON of
/// google.rpc.Status for everyone else.
/// </summary>
public static class StatusWriter
{
    /// <summary>Whether the caller speaks gRPC (<c>application/grpc</c>, <c>application/grpc+proto</c>).</summary>
    public static bool IsGrpc(HttpRequest request)
    {
        const string grpc = "application/grpc";
        var type = request.ContentType;
        return type is not null
            && type.StartsWith(grpc, StringComparison.OrdinalIgnoreCase)
            && (type.Length == grpc.Length || type[grpc.Length] is '+' or ';' or ' ');
    }

    /// <summary>Writes the status as the whole response. Nothing may have been sent yet.</summary>
    public static Task WriteAsync(HttpContext context, RpcStatus status) =>
        IsGrpc(context.Request) ? WriteGrpc(context.Response, status) : WriteJson(context.Response, status);

    private static Task WriteGrpc(HttpResponse response, RpcStatus status)
    {
        // Without a body the header frame ends the stream, which gRPC reads as trailers.
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        WriteTrailers(response.Headers, status);
        return response.CompleteAsync();
    }

    /// <summary>Puts the status where gRPC looks for it: the trailers, or the headers of a response without a body.</summary>
    public static void WriteTrailers(IHeaderDictionary trailers, RpcStatus status)
    {
        trailers["grpc-status"] = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        trailers["grpc-message"] = PercentEncode(status.Message);
        trailers["grpc-status-details-bin"] = Convert.ToBase64String(StatusWireFormat.Encode(status)).TrimEnd('=');
    }

    private static async Task WriteJson(HttpResponse response, RpcStatus status)
    {
        response.StatusCode = status.HttpStatus;
        response.ContentType = "application/json";
        response.ContentLength = null;
        if (status.RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var writer = new Utf8JsonWriter(response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            WriteStatus(writer, status);
            await writer.FlushAsync().ConfigureAwait(false);
        }

        await response.CompleteAsync().ConfigureAwait(false);
    }

    private static void WriteStatus(Utf8JsonWriter writer, RpcStatus status)
    {
        writer.WriteStartObject();
        writer.WriteNumber("code", (int)status.Code);
        writer.WriteString("message", status.Message);
        writer.WriteStartArray("details");
        writer.WriteStartObject();
        writer.WriteString("@type", StatusWireFormat.ErrorInfoType);
        writer.WriteString("reason", status.Reason);
        writer.WriteString("domain", RpcStatus.Domain);
        writer.WriteEndObject();
        if (status.RetryAfter is { } delay)
        {
            writer.WriteStartObject();
            writer.WriteString("@type", StatusWireFormat.RetryInfoType);
            writer.WriteString("retryDelay", delay.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // The gRPC protocol's Percent-Encoded: printable ASCII but % stands for itself, every other byte as %XX.
    private static string PercentEncode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            _ = octet is >= 0x20 and <= 0x7E and not (byte)'%'
                ? encoded.Append((char)octet)
                : encoded.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
