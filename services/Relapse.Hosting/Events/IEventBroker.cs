namespace Relapse.Hosting.Events;

/// <summary>Where events are published.</summary>
internal interface IEventBroker
{
    /// <summary>Whether there is one.</summary>
    public bool IsConfigured { get; }

    /// <summary>How long anybody waits for it, unless their own time is shorter.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Publishes an event.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="cloudEvent">The event in structured mode, as JSON.</param>
    /// <param name="patience">How long it is waited for.</param>
    /// <param name="caller">Cancelled when nobody waits for the answer any more; that alone is an exception.</param>
    /// <returns>What the broker said; a failure of any kind is an answer, too.</returns>
    public Task<Acknowledgement> PublishAsync(EventType type, ReadOnlyMemory<byte> cloudEvent, TimeSpan patience, CancellationToken caller);
}

/// <summary>What a broker said to an event.</summary>
internal enum Acknowledgement
{
    /// <summary>It has it.</summary>
    Acknowledged,

    /// <summary>It does not take it.</summary>
    Refused,

    /// <summary>It said nothing, or that it failed: it may have it.</summary>
    NotAcknowledged,
}

/// <summary>No sidecar is configured, and nothing is published.</summary>
internal sealed class NoBroker : IEventBroker
{
    public bool IsConfigured => false;

    public TimeSpan Patience => TimeSpan.Zero;

    public Task<Acknowledgement> PublishAsync(EventType type, ReadOnlyMemory<byte> cloudEvent, TimeSpan patience, CancellationToken caller) =>
        throw new InvalidOperationException("A request with `publish` is refused before this.");
}
