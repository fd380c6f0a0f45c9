using System.Text;

namespace Relapse.Edge;

/// <summary>
/// google.rpc.Status in the protobuf wire format, for <c>grpc-status-details-bin</c>. Written by hand because the edge
/// depends on no message type (the gateway must not be rebuilt when the contract grows); four field numbers of three
/// frozen messages do not justify a generated one. A test reads it back with Google's own types.
/// </summary>
internal static class StatusWireFormat
{
    internal const string ErrorInfoType = "type.googleapis.com/google.rpc.ErrorInfo";
    internal const string RetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";

    internal static byte[] Encode(RpcStatus status)
    {
        using var bytes = new MemoryStream();
        Varint(bytes, 1, (ulong)status.Code);
        Text(bytes, 2, status.Message);
        Field(bytes, 3, Any(ErrorInfoType, ErrorInfo(status.Reason)));
        if (status.RetryAfter is { } delay)
        {
            Field(bytes, 3, Any(RetryInfoType, RetryInfo(delay)));
        }

        return bytes.ToArray();
    }

    private static byte[] ErrorInfo(string reason)
    {
        using var bytes = new MemoryStream();
        Text(bytes, 1, reason);
        Text(bytes, 2, RpcStatus.Domain);
        return bytes.ToArray();
    }

    private static byte[] RetryInfo(TimeSpan delay)
    {
        using var duration = new MemoryStream();
        Varint(duration, 1, (ulong)delay.Ticks / TimeSpan.TicksPerSecond);
        Varint(duration, 2, (ulong)delay.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
        using var bytes = new MemoryStream();
        Field(bytes, 1, duration.ToArray());
        return bytes.ToArray();
    }

    private static byte[] Any(string type, byte[] message)
    {
        using var bytes = new MemoryStream();
        Text(bytes, 1, type);
        Field(bytes, 2, message);
        return bytes.ToArray();
    }

    private static void Text(MemoryStream to, int field, string text) => Field(to, field, Encoding.UTF8.GetBytes(text));

    // Wire type 2: tag, length, bytes.
    private static void Field(MemoryStream to, int field, byte[] content)
    {
        Raw(to, (ulong)(field << 3) | 2);
        Raw(to, (ulong)content.Length);
        to.Write(content);
    }

    // Wire type 0; zero is the default and is not written.
    private static void Varint(MemoryStream to, int field, ulong value)
    {
        if (value != 0)
        {
            Raw(to, (ulong)(field << 3));
            Raw(to, value);
        }
    }

    private static void Raw(MemoryStream to, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            to.WriteByte((byte)(value | 0x80));
        }

        to.WriteByte((byte)value);
    }
}
