using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Relapse.Hosting.Errors;

/// <summary>Our bug in one item of many: it is said of that item and ends nothing else.</summary>
public static class ItemFailure
{
    /// <summary>Logs the bug under a correlation id, without its text, and makes the INTERNAL status that names the id.</summary>
    public static Google.Rpc.Status Unexpected(ILogger logger, string method, Exception exception) =>
        RpcErrors.Internal(ErrorEvents.LogUnexpected(logger, method, exception)).GetRpcStatus()!;
}
