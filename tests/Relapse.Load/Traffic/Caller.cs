namespace Relapse.Load.Traffic;

/// <summary>Somebody who calls: one call after the other, or several at once where the kind of call allows it.</summary>
internal abstract class Caller
{
    /// <summary>Makes one call and compares the answer with the one expected.</summary>
    /// <param name="number">Which of the prepared requests, counted round.</param>
    /// <returns>Null, or what went wrong.</returns>
    public abstract Task<string?> CallAsync(int number);

    /// <summary>Ends what is open.</summary>
    /// <returns>Null, or what went wrong.</returns>
    public virtual Task<string?> CloseAsync() => Task.FromResult<string?>(null);
}
