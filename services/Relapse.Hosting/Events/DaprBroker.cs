using Dapr;
using Dapr.Client;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Relapse.Hosting.Events;

/// <summary>All there is about Dapr: the pub/sub of the sidecar beside this process.</summary>
internal sealed partial class DaprBroker(EventOptions options, TimeProvider clock, ILogger<DaprBroker> logger) : IEventBroker, IDisposable
{
    private const string StructuredJson = "application/cloudevents+json";

    // Made with the first event: a process that publishes none does not wait for it at its start.
    private readonly Lazy<DaprClient> _client = new(() => Connect(options));
    private int _isSilent;

    public bool IsConfigured => true;

    public TimeSpan Patience => options.Patience;

    public async Task<Acknowledgement> PublishAsync(EventType type, ReadOnlyMemory<byte> cloudEvent, TimeSpan patience, CancellationToken caller)
    {
        using var late = new CancellationTokenSource(patience, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, caller);
        try
        {
            await _client.Value.PublishByteEventAsync(options.Pubsub, options.Topic ?? type.Name, cloudEvent, StructuredJson, cancellationToken: ended.Token);
            if (Interlocked.Exchange(ref _isSilent, 0) != 0)
            {
                Acknowledges(logger);
            }

            return Acknowledgement.Acknowledged;
        }
        catch (Exception failure) when (failure is DaprException or RpcException or OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            var status = (failure as RpcException ?? failure.InnerException as RpcException)?.StatusCode ?? StatusCode.Cancelled;
            // The sidecar's own words can quote the event.
            if (Interlocked.Exchange(ref _isSilent, 1) == 0)
            {
                Fails(logger, type.Name, status);
            }

            return IsRefusal(status) ? Acknowledgement.Refused : Acknowledgement.NotAcknowledged;
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    // What the sidecar says before it asks the broker: no such component, a topic that is not allowed, no or a wrong token, too large. Whatever
    // else it says, the broker may have the event.
    private static bool IsRefusal(StatusCode status) => status is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition
        or StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.Unimplemented or StatusCode.ResourceExhausted;

    private static DaprClient Connect(EventOptions options)
    {
        var builder = new DaprClientBuilder().UseGrpcEndpoint(options.Address.ToString()).UseGrpcChannelOptions(new GrpcChannelOptions
        {
            ThrowOperationCanceledOnCancellation = true,
            DisposeHttpClient = true,
            // A sidecar that is back is used again soon; left alone, the channel would wait up to two minutes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(200),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(5),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            },
        });
        return (options.ApiToken is { } token ? builder.UseDaprApiToken(token) : builder).Build();
    }

    [LoggerMessage(1, LogLevel.Warning, "The sidecar does not publish ({Type}: {Status}); who asks for an event is told so.", EventName = "EventsFail")]
    private static partial void Fails(ILogger logger, string type, StatusCode status);

    [LoggerMessage(2, LogLevel.Information, "The sidecar publishes again.", EventName = "EventsAcknowledged")]
    private static partial void Acknowledges(ILogger logger);
}
