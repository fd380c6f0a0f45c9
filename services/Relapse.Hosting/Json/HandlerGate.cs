using Microsoft.AspNetCore.Http;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Json;

/// <summary>The response body of a JSON call: open once the RPC's handler was reached, and until then it takes what is written and drops it.</summary>
internal sealed class HandlerGate(HttpContext context, Stream answer) : Stream
{
    /// <summary>Whether anything was dropped.</summary>
    public bool IsShut { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Passes() ? answer.WriteAsync(buffer, cancellationToken) : ValueTask.CompletedTask;

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => HandlerReached.By(context) ? answer.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool Passes()
    {
        var open = HandlerReached.By(context);
        IsShut |= !open;
        return open;
    }
}
