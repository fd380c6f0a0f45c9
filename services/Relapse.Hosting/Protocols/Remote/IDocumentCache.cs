namespace Relapse.Hosting.Protocols;

/// <summary>
/// Bytes of documents by their digest, somewhere nearer than the registry. It may forget, be slow to a bound, or hold
/// something else under a digest: whoever reads checks, and goes on without it. It never fails its caller.
/// </summary>
internal interface IDocumentCache
{
    /// <summary>Bytes kept under a digest; null when there are none, or none within 200 ms. Not checked.</summary>
    public Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation);

    /// <summary>Keeps bytes under their digest, whenever that gets done.</summary>
    public void Keep(string digest, byte[] content);
}

/// <summary>Keeps nothing: the registry is asked for everything.</summary>
internal sealed class NoDocumentCache : IDocumentCache
{
    public Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation) => Task.FromResult<byte[]?>(null);

    public void Keep(string digest, byte[] content)
    {
    }
}
