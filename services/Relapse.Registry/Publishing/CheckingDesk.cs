namespace Relapse.Registry.Publishing;

/// <summary>
/// Where documents are checked and compared: a few at a time, off the threads that serve calls, so that authors wait for authors and
/// nobody else for them.
/// </summary>
internal sealed class CheckingDesk : IDisposable
{
    private readonly SemaphoreSlim _seats = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Checks both files.</summary>
    public Task<CheckedDocuments> CheckAsync(ReadOnlyMemory<byte> protocolYaml, ReadOnlyMemory<byte> casesYaml, CancellationToken cancellation) =>
        DoAsync(() => DocumentCheck.Run(protocolYaml, casesYaml), cancellation);

    /// <summary>Does one piece of work once there is a seat. A caller who goes away gives up the place, not work that has begun.</summary>
    public async Task<T> DoAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _seats.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _seats.Release();
        }
    }

    public void Dispose() => _seats.Dispose();
}
