using System.Buffers;
using System.Text;
using Google.Protobuf;

namespace Relapse.Classification;

/// <summary>
/// Writes protobuf from the last byte to the first, so that a message is there before its length is asked for: nothing is measured twice.
/// </summary>
internal ref struct ReverseWriter
{
    private const int UsualBytes = 16 * 1024;
    private const int LengthDelimited = 2;
    private const int MostOfVarint = 5;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private int _start;

    public ReverseWriter() => _start = _buffer.Length;

    /// <summary>How many bytes were written.</summary>
    public readonly int Length => _buffer.Length - _start;

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(_start);

    /// <summary>Puts bytes before all that was written.</summary>
    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        _start -= bytes.Length;
        bytes.CopyTo(_buffer.AsSpan(_start));
    }

    /// <summary>Puts a message, as a field, before all that was written.</summary>
    public void Message(int field, IMessage message)
    {
        var size = message.CalculateSize();
        Reserve(size);
        _start -= size;
        message.WriteTo(_buffer.AsSpan(_start, size));
        Header(field, size);
    }

    /// <summary>Puts a text that is not empty, as a field, before all that was written.</summary>
    public void Text(int field, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Reserve(size);
        _start -= size;
        Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_start));
        Header(field, size);
    }

    /// <summary>Puts before the last bytes written that they are a field of that length.</summary>
    public void Header(int field, int length)
    {
        Varint((uint)length);
        Varint(((uint)field << 3) | LengthDelimited);
    }

    /// <summary>Gives the buffer back, without what a case left in it.</summary>
    public void Dispose()
    {
        _buffer.AsSpan(_start).Clear();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Varint(uint value)
    {
        Span<byte> bytes = stackalloc byte[MostOfVarint];
        var count = 0;
        for (; value > 0x7F; value >>= 7)
        {
            bytes[count++] = (byte)(value | 0x80);
        }

        bytes[count++] = (byte)value;
        Bytes(bytes[..count]);
    }

    private void Reserve(int more)
    {
        if (more <= _start)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + more));
        var start = larger.Length - Length;
        Written.CopyTo(larger.AsSpan(start));
        _buffer.AsSpan(_start).Clear();
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start) = (larger, start);
    }
}
