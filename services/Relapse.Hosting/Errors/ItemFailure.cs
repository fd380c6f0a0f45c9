using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Relapse.Hosting.Errors;

/// <summary>What ends one item of many and none besides it, and is not the caller's fault.</summary>
public static class ItemFailure
{
    /// <summary>Our bug. Logs it under a correlation id, without its text, and makes the INTERNAL status that names the id.</summary>
    public static Google.Rpc.Status Unexpected(ILogger logger, string method, Exception exception) =>
        RpcErrors.Internal(ErrorEvents.LogUnexpected(logger, method, exception)).GetRpcStatus()!;

    /// <summary>The RESOURCE_EXHAUSTED status of an item for whose answer there is no room.</summary>
    /// <param name="limit">What the whole answer may take, in bytes.</param>
    public static Google.Rpc.Status AnswerFull(int limit) => RpcErrors.AnswerFull(limit).GetRpcStatus()!;
}
