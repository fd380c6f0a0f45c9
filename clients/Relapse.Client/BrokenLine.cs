using Grpc.Core;

namespace Relapse.Client;

/// <summary>Whether a call ended by the line and not by a server.</summary>
internal static class BrokenLine
{
    /// <summary>
    /// UNAVAILABLE, whoever says it. A server that goes down closes the connection with the calls on it, or does not finish making it,
    /// which the client library gives other codes: what no server said, the line did.
    /// </summary>
    public static bool Ended(RpcException call) =>
        call.StatusCode == StatusCode.Unavailable || call.Status.DebugException is IOException or HttpRequestException;
}
