using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;

namespace Relapse.Hosting.Errors;

/// <summary>The google.rpc.Status as a JSON object: what a JSON caller gets where a gRPC caller gets trailers.</summary>
internal static class JsonStatus
{
    /// <summary>The types that the details of a status can have, for every writer of them.</summary>
    public static ImmutableArray<MessageDescriptor> Details { get; } =
    [
        ErrorInfo.Descriptor, BadRequest.Descriptor, PreconditionFailure.Descriptor, QuotaFailure.Descriptor,
        RequestInfo.Descriptor, ResourceInfo.Descriptor, RetryInfo.Descriptor,
    ];

    /// <summary>The same, as writers want them.</summary>
    public static TypeRegistry DetailTypes { get; } = TypeRegistry.FromMessages(Details);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(DetailTypes));

    /// <summary>Answers with the status, unless an answer has begun. The HTTP status is the one transcoding gives the code.</summary>
    public static Task WriteAsync(HttpResponse response, RpcException error, int? httpStatus = null)
    {
        if (response.HasStarted)
        {
            return Task.CompletedTask;
        }

        var body = Encoding.UTF8.GetBytes(Formatter.Format(error.GetRpcStatus()));
        response.StatusCode = httpStatus ?? HttpStatusOf(error.StatusCode);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    /// <summary>The HTTP status that transcoding gives a code.</summary>
    public static int HttpStatusOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
