using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Contracts.Decision.V1;
using Relapse.Edge;
using Relapse.Hosting.Errors;

namespace Relapse.Hosting.Events;

/// <summary>
/// Publishes answers, where a request asks for it: an RPC orders it with the other checks of its request, and returns its answer
/// through it. One that did not ask passes through.
/// </summary>
public sealed class AnswerEvents
{
    // Of the time that the caller left, what is kept for saying that the event was not acknowledged.
    private const double KeptForAnswering = 0.1;

    private readonly IEventBroker _broker;
    private readonly TimeProvider _clock;

    internal AnswerEvents(IEventBroker broker, TimeProvider clock) => (_broker, _clock) = (broker, clock);

    /// <summary>Whether this process publishes events at all.</summary>
    public bool IsConfigured => _broker.IsConfigured;

    /// <summary>Adds events to a process: by the sidecar where one is configured, and none otherwise.</summary>
    internal static void AddTo(IServiceCollection services, Settings settings)
    {
        if (EventOptions.Read(settings) is { } options)
        {
            AddDapr(services, options);
        }
        else
        {
            services.AddSingleton<IEventBroker, NoBroker>();
        }

        services.AddSingleton(provider => new AnswerEvents(provider.GetRequiredService<IEventBroker>(), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>What the request for an answer about a case orders; null: nothing.</summary>
    /// <param name="publish">Whether it asks for the event.</param>
    /// <param name="type">The kind of its event.</param>
    /// <param name="requestId">The caller's request id.</param>
    /// <param name="replay">Whether it looks at an answer given before.</param>
    /// <param name="faults">Where to add why it cannot.</param>
    public EventOrder? Order(bool publish, EventType type, string requestId, Replay? replay, FaultList faults)
    {
        if (!publish)
        {
            return null;
        }

        Check(requestId, replay, faults);
        CheckConfigured(faults);
        return new EventOrder(type, requestId);
    }

    /// <summary>The same of a request that changes the registry.</summary>
    public EventOrder? Order(bool publish, EventType type, bool validateOnly, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!publish)
        {
            return null;
        }

        if (validateOnly)
        {
            faults.Invalid("publish", "is not to be given together with validate_only: nothing happens that could be published");
        }

        CheckConfigured(faults);
        return new EventOrder(type, "");
    }

    /// <summary>Adds what is wrong with asking that an answer about a case be published, wherever that is done.</summary>
    public static void Check(string requestId, Replay? replay, FaultList faults)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        ArgumentNullException.ThrowIfNull(faults);
        if (requestId.Length == 0)
        {
            faults.Invalid("request_id", "required with publish: by it an event that is sent again is known to be the same");
        }

        if (replay is not null)
        {
            faults.Invalid("publish", "is not to be given together with replay: the answer was given before");
        }
    }

    /// <summary>Returns an answer about a case, published if that was ordered.</summary>
    public Task<T> PublishedAsync<T>(EventOrder? order, T answer, IEnumerable<Receipt> receipts, ServerCallContext context)
        where T : class, IMessage => order is null
            ? Task.FromResult(answer)
            : PublishAsync(AnswerEvent.OfCase(order.Type, order.RequestId, receipts, answer), answer, context);

    /// <summary>Returns an answer once its event is acknowledged.</summary>
    public async Task<T> PublishAsync<T>(AnswerEvent answerEvent, T answer, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(answerEvent);
        ArgumentNullException.ThrowIfNull(context);
        var said = await _broker.PublishAsync(answerEvent.Type, answerEvent.ToStructuredJson(_clock.GetUtcNow()), PatienceOf(context), context.CancellationToken);
        EventMetrics.Published(answerEvent.Type, said);
        return said == Acknowledgement.Acknowledged ? answer : throw RpcErrors.EventNotPublished(isRefused: said == Acknowledgement.Refused);
    }

    // A process without a sidecar does not load what is mentioned here.
    private static void AddDapr(IServiceCollection services, EventOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IEventBroker, DaprBroker>();
    }

    private void CheckConfigured(FaultList faults)
    {
        if (!_broker.IsConfigured)
        {
            faults.EventsNotConfigured();
        }
    }

    private TimeSpan PatienceOf(ServerCallContext context)
    {
        if (context.Deadline == DateTime.MaxValue)
        {
            return _broker.Patience;
        }

        var left = (context.Deadline - _clock.GetUtcNow().UtcDateTime) * (1 - KeptForAnswering);
        return left > _broker.Patience ? _broker.Patience : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

/// <summary>That the answer to a request is to be published.</summary>
/// <param name="Type">As an event of this kind.</param>
/// <param name="RequestId">The caller's request id; empty for what has an identity of its own.</param>
public sealed record EventOrder(EventType Type, string RequestId);
