using System.Threading.Channels;
using Google.Protobuf;

namespace Relapse.Client.Cohorts;

/// <summary>
/// The items between the caller's source and their answers: the next chunk, and those that were sent and are not answered. There are
/// never more than a few chunks of them, so a source is read no faster than the answers are.
/// </summary>
internal sealed class OutstandingItems<TItem>(CohortOptions options) : IDisposable
    where TItem : class, IMessage
{
    private const int FullChunkBytes = 1024 * 1024;

    private readonly Channel<TItem[]> _ready = Channel.CreateBounded<TItem[]>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(options.ChunksAhead);
    private readonly Lock _sync = new();
    private readonly Queue<TItem[]> _sent = new();
    private int _answeredOfFirst;

    /// <summary>Reads the source into chunks until it ends, or fails: then whoever takes the next chunk fails so.</summary>
    public async Task FillAsync(IAsyncEnumerable<TItem> source, CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(source, cancellation).ConfigureAwait(false);
            _ready.Writer.Complete();
        }
        catch (Exception failure)
        {
            _ready.Writer.Complete(failure);
        }
    }

    /// <summary>What was sent and is not answered, to be sent again.</summary>
    public IReadOnlyList<IReadOnlyList<TItem>> Unanswered()
    {
        lock (_sync)
        {
            return [.. _sent.Select((chunk, place) => place == 0 ? chunk[_answeredOfFirst..] : chunk)];
        }
    }

    /// <summary>The next chunk, when there is room for it, and from then on one of the unanswered; null at the end.</summary>
    public async Task<IReadOnlyList<TItem>?> NextAsync(CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation).ConfigureAwait(false);
        TItem[]? chunk = null;
        try
        {
            while (chunk is null && await _ready.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                _ready.Reader.TryRead(out chunk);
            }
        }
        finally
        {
            if (chunk is null)
            {
                _room.Release();
            }
        }

        lock (_sync)
        {
            if (chunk is not null)
            {
                _sent.Enqueue(chunk);
            }
        }

        return chunk;
    }

    /// <summary>Takes the first unanswered item, because its result has come; null where none is.</summary>
    public TItem? Answered()
    {
        lock (_sync)
        {
            if (!_sent.TryPeek(out var first))
            {
                return null;
            }

            var item = first[_answeredOfFirst++];
            if (_answeredOfFirst == first.Length)
            {
                _sent.Dequeue();
                _answeredOfFirst = 0;
                _room.Release();
            }

            return item;
        }
    }

    public void Dispose() => _room.Dispose();

    // A chunk goes when it is full. It also goes when the source makes one wait and there is none ahead of it: a slow source is answered
    // item by item, a fast one in full chunks.
    private async Task ReadAsync(IAsyncEnumerable<TItem> source, CancellationToken cancellation)
    {
        var chunk = new List<TItem>();
        var bytes = 0;
        await using var reader = source.GetAsyncEnumerator(cancellation);
        while (true)
        {
            var more = reader.MoveNextAsync();
            if (!more.IsCompleted && chunk.Count > 0 && _ready.Writer.TryWrite([.. chunk]))
            {
                chunk.Clear();
                bytes = 0;
            }

            if (!await more.ConfigureAwait(false))
            {
                break;
            }

            var size = reader.Current.CalculateSize();
            if (chunk.Count == options.ChunkItems || (chunk.Count > 0 && bytes + size > FullChunkBytes))
            {
                await _ready.Writer.WriteAsync([.. chunk], cancellation).ConfigureAwait(false);
                chunk.Clear();
                bytes = 0;
            }

            chunk.Add(reader.Current);
            bytes += size;
        }

        if (chunk.Count > 0)
        {
            await _ready.Writer.WriteAsync([.. chunk], cancellation).ConfigureAwait(false);
        }
    }
}
