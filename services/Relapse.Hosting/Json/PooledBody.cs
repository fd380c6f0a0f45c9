using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Relapse.Hosting.Json;

/// <summary>A request body, read whole into a pooled buffer that is wiped before it goes back.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstSize = 8 * 1024;
    private byte[] _buffer;
    private int _length;

    private PooledBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public Stream AsStream() => new MemoryStream(_buffer, 0, _length, writable: false);

    /// <summary>Reads the body; null when it is larger than <paramref name="limit"/>.</summary>
    public static async ValueTask<PooledBody?> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        // One byte more than what is announced, so that the end is seen without growing.
        var body = new PooledBody((int)(request.ContentLength ?? FirstSize) + 1);
        try
        {
            if (await body.FillAsync(request.Body, limit, request.HttpContext.RequestAborted))
            {
                return body;
            }

            body.Dispose();
            return null;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            _buffer.AsSpan(0, _length).Clear();
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async ValueTask<bool> FillAsync(Stream source, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return true;
            }

            _length += read;
            if (_length > limit)
            {
                return false;
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        _buffer.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
