namespace Relapse.Hosting.Protocols;

/// <summary>
/// How replicas of the registry tell each other that something was written. It says that, and not what: the store does. A
/// ring may be lost, so whoever listens asks the store from time to time all the same.
/// </summary>
public interface IReplicaBell
{
    /// <summary>Something was written. Returns at once, and never fails.</summary>
    public void Ring();

    /// <summary>Ends when another replica, or this one, has rung since the last time.</summary>
    public Task HeardAsync(CancellationToken cancellation);
}

/// <summary>Nobody rings: there is one replica, or the store is asked often enough.</summary>
internal sealed class NoBell : IReplicaBell
{
    public void Ring()
    {
    }

    public Task HeardAsync(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);
}
