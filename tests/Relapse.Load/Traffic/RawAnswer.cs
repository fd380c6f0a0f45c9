using System.Buffers;
using Grpc.Core;

namespace Relapse.Load.Traffic;

/// <summary>An answer as it came: bytes in a borrowed array, given back when it is disposed of.</summary>
internal sealed class RawAnswer : IDisposable
{
    private readonly byte[] _array;
    private readonly int _length;

    private RawAnswer(byte[] array, int length) => (_array, _length) = (array, length);

    public ReadOnlySpan<byte> Bytes => _array.AsSpan(0, _length);

    public static RawAnswer Read(DeserializationContext context)
    {
        var array = ArrayPool<byte>.Shared.Rent(context.PayloadLength);
        context.PayloadAsReadOnlySequence().CopyTo(array);
        return new RawAnswer(array, context.PayloadLength);
    }

    /// <summary>Compares with the answer expected.</summary>
    /// <returns>Null, or that they differ.</returns>
    public string? Compare(byte[] expected) => Bytes.SequenceEqual(expected) ? null : "another answer than before";

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
