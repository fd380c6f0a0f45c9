using System.Buffers;
using System.Buffers.Binary;
using Relapse.Edge;

namespace Relapse.Gateway;

/// <summary>The body of one gRPC answer: its first message goes on when it is whole, and what follows as it comes.</summary>
/// <param name="caller">Where it goes.</param>
/// <param name="room">What there is for what is kept.</param>
internal sealed class HeldAnswer(Stream caller, HeldAnswers room) : AnswerStream
{
    // A byte that says whether the message is compressed, and its length.
    private const int PrefixBytes = 5;

    // Of memory, taken as the message comes: its length is only what a service says of it.
    private const int PieceBytes = 64 * 1024;

    private readonly List<byte[]> _pieces = [];
    private int _length;
    private int _needed;
    private bool _passes;

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

    // Of what is held nothing goes, nor do its headers.
    public override Task FlushAsync(CancellationToken cancellationToken) => _passes ? caller.FlushAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Sends what is held, and from now on everything.</summary>
    internal async ValueTask LetPassAsync(CancellationToken cancellation)
    {
        _passes = true;
        for (var sent = 0; sent < _length; sent += PieceBytes)
        {
            await caller.WriteAsync(_pieces[sent / PieceBytes].AsMemory(0, Math.Min(PieceBytes, _length - sent)), cancellation);
        }

        _length = 0;
        Release();
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
            if (bytes.Length < PrefixBytes)
            {
                return Passes("split_prefix");
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) is var length && length > HeldAnswers.Longest)
            {
                return Passes("too_long");
            }

            _needed = PrefixBytes + (int)length;
        }

        return _length + bytes.Length < _needed && (TryMakeRoom(_length + bytes.Length) ? Hold(bytes) : Passes("no_room"));
    }

    private bool Hold(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = _pieces[_length / PieceBytes].AsSpan(_length % PieceBytes, PieceBytes - (_length % PieceBytes));
            var part = bytes[..Math.Min(bytes.Length, space.Length)];
            part.CopyTo(space);
            _length += part.Length;
            bytes = bytes[part.Length..];
        }

        return true;
    }

    private static bool Passes(string reason)
    {
        HeldAnswers.Passes(reason);
        return false;
    }

    private bool TryMakeRoom(int length)
    {
        while (_pieces.Count * PieceBytes < length)
        {
            if (!room.TryTake(PieceBytes))
            {
                return false;
            }

            _pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
        }

        return true;
    }

    private void Release()
    {
        foreach (var piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
            room.Leave(PieceBytes);
        }

        _pieces.Clear();
    }
}
