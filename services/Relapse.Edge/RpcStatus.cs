namespace Relapse.Edge;

/// <summary>The canonical codes of google.rpc.Code that are said at the edge.</summary>
public enum RpcCode
{
    /// <summary>The request itself is wrong.</summary>
    InvalidArgument = 3,

    /// <summary>No answer in time.</summary>
    DeadlineExceeded = 4,

    /// <summary>There is no such thing.</summary>
    NotFound = 5,

    /// <summary>The caller may not.</summary>
    PermissionDenied = 7,

    /// <summary>Too large or too many.</summary>
    ResourceExhausted = 8,

    /// <summary>There is no such method.</summary>
    Unimplemented = 12,

    /// <summary>Our bug.</summary>
    Internal = 13,

    /// <summary>Not now; the only code that clients retry.</summary>
    Unavailable = 14,

    /// <summary>No token, or a bad one.</summary>
    Unauthenticated = 16,
}

/// <summary>
/// A google.rpc.Status with its ErrorInfo, as plain values: the edge knows no message type.
/// </summary>
/// <param name="Code">Canonical code.</param>
/// <param name="HttpStatus">HTTP status that a JSON caller sees.</param>
/// <param name="Reason">Reason of the ErrorInfo, UPPER_SNAKE_CASE; its domain is always <c>relapse</c>.</param>
/// <param name="Message">In words, without any value of a request.</param>
/// <param name="RetryAfter">When to try again; only with <see cref="RpcCode.Unavailable"/>.</param>
public sealed record RpcStatus(RpcCode Code, int HttpStatus, string Reason, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>Domain of every ErrorInfo.</summary>
    public const string Domain = "relapse";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Body or message over the limit.</summary>
    public static RpcStatus TooLarge { get; } =
        new(RpcCode.ResourceExhausted, 413, "REQUEST_TOO_LARGE", "The request is larger than this process takes.");

    /// <summary>Over the rate or the number of calls at once.</summary>
    public static RpcStatus TooMany { get; } =
        new(RpcCode.ResourceExhausted, 429, "TOO_MANY_CALLS", "More calls than this process takes at once, or from one address.");

    /// <summary>No token, or one that is not accepted; which of its parts is wrong is nobody's to know.</summary>
    public static RpcStatus NoToken { get; } = new(RpcCode.Unauthenticated, 401, "UNAUTHENTICATED", "No token, or one that is not accepted.");

    /// <summary>The token is accepted and does not allow this.</summary>
    public static RpcStatus MissingScope(string scope) =>
        new(RpcCode.PermissionDenied, 403, "MISSING_SCOPE", $"The token does not have the scope {scope}.");

    /// <summary>The issuer's keys were never had, so no token can be judged.</summary>
    public static RpcStatus KeysUnreachable { get; } =
        new(RpcCode.Unavailable, 503, "ISSUER_UNREACHABLE", "The keys that tokens are judged by cannot be had now.", Soon);

    /// <summary>What stands behind cannot be reached.</summary>
    public static RpcStatus Unreachable { get; } =
        new(RpcCode.Unavailable, 503, "SERVICE_UNREACHABLE", "The service behind this path cannot be reached now.", Soon);

    /// <summary>What stands behind did not answer in time.</summary>
    public static RpcStatus TooSlow { get; } =
        new(RpcCode.DeadlineExceeded, 504, "DEADLINE_EXCEEDED", "The service behind this path did not answer in time.");

    /// <summary>Our bug; the correlation id finds it in the log.</summary>
    public static RpcStatus Bug(string correlationId) =>
        new(RpcCode.Internal, 500, "INTERNAL", $"Internal error, correlation id {correlationId}.");

    /// <summary>
    /// The status that stands for an HTTP error nobody wrote a body for. gRPC callers asked for a method, JSON callers
    /// for a path: what is not there is UNIMPLEMENTED for the one and NOT_FOUND for the other.
    /// </summary>
    internal static RpcStatus ForBare(int http, bool grpc) => http switch
    {
        401 => NoToken,
        403 => new(RpcCode.PermissionDenied, http, "PERMISSION_DENIED", "The token does not allow this."),
        404 when grpc => new(RpcCode.Unimplemented, http, "UNKNOWN_METHOD", "There is no such service or method here."),
        404 => new(RpcCode.NotFound, http, "UNKNOWN_PATH", "There is no such path here."),
        405 => new(RpcCode.Unimplemented, http, "UNKNOWN_METHOD", "This path does not take this HTTP method."),
        408 => new(RpcCode.DeadlineExceeded, http, "REQUEST_TOO_SLOW", "The request did not arrive in time."),
        413 => TooLarge,
        415 => new(RpcCode.InvalidArgument, http, "UNSUPPORTED_MEDIA_TYPE", "This path does not take this content type."),
        429 => TooMany,
        502 or 503 => Unreachable,
        504 => TooSlow,
        < 500 => new(RpcCode.InvalidArgument, http, "MALFORMED_REQUEST", "The request cannot be read."),
        _ => new(RpcCode.Internal, http, "INTERNAL", "Internal error."),
    };
}
