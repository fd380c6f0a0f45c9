using Grpc.Net.Client;

namespace Relapse.Load.Traffic;

/// <summary>A few connections to one server, shared by many callers.</summary>
internal sealed class Connections : IDisposable
{
    private const int Count = 4;

    private readonly GrpcChannel[] _channels;

    /// <summary>Connections to a gRPC port; each is made at its first call.</summary>
    public Connections(Uri grpc) =>
        _channels = [.. Enumerable.Range(0, Count).Select(_ => GrpcChannel.ForAddress(grpc, new GrpcChannelOptions { MaxReceiveMessageSize = null }))];

    /// <summary>One of the connections.</summary>
    public GrpcChannel First => _channels[0];

    /// <summary>So many callers, spread over the connections.</summary>
    public IReadOnlyList<Caller> Callers(int count, Func<GrpcChannel, Caller> over) =>
        [.. Enumerable.Range(0, count).Select(index => over(_channels[index % Count]))];

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }
}
