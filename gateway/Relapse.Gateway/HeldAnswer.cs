using System.Buffers;
using System.Buffers.Binary;

namespace Relapse.Gateway;

/// <summary>The body of one gRPC answer: its first message goes on when it is whole, and what follows as it comes.</summary>
/// <param name="caller">Where it goes.</param>
/// <param name="room">What there is for what is kept.</param>
internal sealed class HeldAnswer(Stream caller, HeldAnswers room) : Stream
{
    // A byte that says whether the message is compressed, and its length.
    private const int PrefixBytes = 5;

    private byte[]? _held;
    private int _length;
    private int _needed;
    private bool _passes;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_passes)
        {
            if (TryHold(buffer.Span))
            {
                return;
            }

            await LetPassAsync(cancellationToken);
        }

        await caller.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Of what is held nothing goes, nor do its headers.
    public override Task FlushAsync(CancellationToken cancellationToken) => _passes ? caller.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Sends what is held, and from now on everything.</summary>
    internal async ValueTask LetPassAsync(CancellationToken cancellation)
    {
        _passes = true;
        if (_held is not null)
        {
            await caller.WriteAsync(_held.AsMemory(0, _length), cancellation);
            Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    /// <summary>Keeps the bytes as long as the message is not whole with them; those that make it whole follow what was kept.</summary>
    private bool TryHold(ReadOnlySpan<byte> bytes)
    {
        if (_needed == 0)
        {
            // A prefix comes in one piece with what it is of; one that does not is not waited for.
            if (bytes.Length < PrefixBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) is var length && length > HeldAnswers.Longest)
            {
                return false;
            }

            _needed = PrefixBytes + (int)length;
        }

        if (_length + bytes.Length >= _needed || (_held is null && !TryRent()))
        {
            return false;
        }

        bytes.CopyTo(_held.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    private bool TryRent()
    {
        if (!room.TryTake(_needed))
        {
            return false;
        }

        _held = ArrayPool<byte>.Shared.Rent(_needed);
        return true;
    }

    private void Release()
    {
        if (_held is { } held)
        {
            _held = null;
            ArrayPool<byte>.Shared.Return(held);
            room.Leave(_needed);
        }
    }
}
