using Grpc.Core;
using Grpc.Net.Client;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Hosting.Protocols;

/// <summary>The line to the registry of another process, with this service's token on each call.</summary>
internal sealed class RegistryLine : IDisposable
{
    // Both documents and what stands around them, the one of them twice: as bytes and parsed.
    private const int MostReceived = 64 * 1024 * 1024;
    private const int MostOfToken = 16 * 1024;

    private static readonly TimeSpan GetPatience = TimeSpan.FromSeconds(5);

    private readonly RemoteOptions _options;
    private readonly GrpcChannel _channel;
    private readonly RegistryService.RegistryServiceClient _client;

    public RegistryLine(RemoteOptions options, ServiceChannels channels)
    {
        _options = options;
        _channel = channels.Open(options.Address, new GrpcChannelOptions { MaxReceiveMessageSize = MostReceived });
        _client = new RegistryService.RegistryServiceClient(_channel);
    }

    /// <summary>Opens a watch, which begins with all there is.</summary>
    public AsyncServerStreamingCall<WatchLabelsResponse> Watch(CancellationToken cancellation) =>
        _client.WatchLabels(new WatchLabelsRequest(), new CallOptions(Headers(), cancellationToken: cancellation));

    /// <summary>A version with both of its documents, within 5 seconds.</summary>
    public async Task<ProtocolVersion> GetAsync(string name, CancellationToken cancellation)
    {
        var options = new CallOptions(Headers(), DateTime.UtcNow + GetPatience, cancellation);
        return (await _client.GetProtocolVersionAsync(new GetProtocolVersionRequest { Name = name, WithCases = true }, options)).Version;
    }

    /// <summary>Whether a call failed as calls to other processes do: that is waited out.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is RpcException or IOException or HttpRequestException or UnauthorizedAccessException or InvalidDataException;

    public void Dispose() => _channel.Dispose();

    private Metadata? Headers()
    {
        if (_options.TokenFile is not { } file)
        {
            return null;
        }

        var token = new FileInfo(file) is { Exists: true, Length: > 0 and <= MostOfToken } ? File.ReadAllText(file).Trim() : "";
        return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
            ? new Metadata { { "authorization", "Bearer " + token } }
            : throw new InvalidDataException("the file has no token in it");
    }
}
