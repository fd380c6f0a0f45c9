namespace Relapse.Registry.Publishing;

/// <summary>
/// Where documents are checked: a few at a time, off the threads that serve calls, so that authors wait for authors and
/// nobody else for them. Publishing and the dry run both come here.
/// </summary>
internal sealed class CheckingDesk : IDisposable
{
    private readonly SemaphoreSlim _seats = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Checks both files once there is a seat. A caller who goes away gives up the place, not a check that has begun.</summary>
    public async Task<CheckedDocuments> CheckAsync(ReadOnlyMemory<byte> protocolYaml, ReadOnlyMemory<byte> casesYaml, CancellationToken cancellation)
    {
        await _seats.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(
                () => DocumentCheck.Run(protocolYaml, casesYaml), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _seats.Release();
        }
    }

    public void Dispose() => _seats.Dispose();
}
