using Microsoft.Extensions.Options;

namespace Relapse.Client;

/// <summary>Where Relapse is, and how it is called.</summary>
public sealed class RelapseClientOptions
{
    /// <summary>Address of the gRPC port, of the gateway or of one process: <c>https://relapse.example.org</c>, <c>http://localhost:8081</c>. Required.</summary>
    public Uri? Address { get; set; }

    /// <summary>
    /// Gives the bearer token of each call; null or empty for none. It is asked before every call, so it keeps the token that it has
    /// until that runs out. Absent: no token is sent.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? Token { get; set; }

    /// <summary>
    /// Whether a token may be sent over <c>http</c> to another machine, as inside a mesh that encrypts by itself. To loopback it always is.
    /// </summary>
    public bool AllowTokenOverCleartext { get; set; }

    /// <summary>
    /// How long a unary call may take, retries included, when it does not say itself; default 30 seconds, null for no limit. Streams
    /// have no deadline but their own.
    /// </summary>
    public TimeSpan? Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of one message received; default 36 MiB, which takes the largest batch that a server gives unless told otherwise; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 36 * 1024 * 1024;

    /// <summary>
    /// Whether calls are made again; default true. Those that end with UNAVAILABLE are, as the published service config has it, up to five times in all;
    /// and a unary call whose answer was cut off on its way is up to twice more, each time with as many attempts: 15 at the very most,
    /// all within <see cref="Deadline"/>. <c>MoveLabel</c> is made once.
    /// </summary>
    public bool Retry { get; set; } = true;
}

/// <summary>Every fault of the options at once.</summary>
internal sealed class RelapseClientOptionsCheck : IValidateOptions<RelapseClientOptions>
{
    public ValidateOptionsResult Validate(string? name, RelapseClientOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(RelapseClientOptions options)
    {
        if (options.Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" } address)
        {
            yield return "Relapse: Address is required, and begins with https:// or http://.";
        }
        else if (options is { Token: not null, AllowTokenOverCleartext: false } && address is { Scheme: "http", IsLoopback: false })
        {
            yield return "Relapse: a token would be sent in the clear to another machine; use https, or AllowTokenOverCleartext where the network encrypts.";
        }

        if (options.Deadline <= TimeSpan.Zero)
        {
            yield return "Relapse: Deadline is a time that is still to come, or null for none.";
        }

        if (options.MaxReceiveMessageSize <= 0)
        {
            yield return "Relapse: MaxReceiveMessageSize is more than 0 bytes, or null for no limit.";
        }
    }
}
