using System.Net;

namespace Relapse.Edge;

/// <summary>
/// Where a process listens and how much it takes. Each value has a default and an environment variable that overrides
/// it (docs/configuration.md).
/// </summary>
public sealed class EdgeOptions
{
    /// <summary>
    /// Address to listen on: <c>localhost</c>, an IP address, or <c>*</c> for every interface. RELAPSE_BIND; default
    /// <c>localhost</c>. Anything but loopback needs authentication or <see cref="AllowAnonymous"/>.
    /// </summary>
    public required string Bind { get; init; }

    /// <summary>Port of JSON over HTTP/1.1; 0 takes any free port. RELAPSE_HTTP_PORT; default 8080.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Port of gRPC over cleartext HTTP/2; 0 takes any free port. RELAPSE_GRPC_PORT; default 8081.</summary>
    public required int GrpcPort { get; init; }

    /// <summary>Serve anyone who can reach the port, without a token. RELAPSE_ALLOW_ANONYMOUS; default false.</summary>
    public required bool AllowAnonymous { get; init; }

    /// <summary>
    /// Largest JSON body in bytes. RELAPSE_MAX_JSON_BYTES; default 16 MiB, enough for a batch of 1,000 cases of 16 KiB.
    /// gRPC is limited message by message, where messages are known; a stream as a whole has no limit.
    /// </summary>
    public required int MaxJsonBytes { get; init; }

    /// <summary>Calls served at once by the process, streams included. RELAPSE_MAX_CONCURRENT_CALLS; default 1,024.</summary>
    public required int MaxConcurrentCalls { get; init; }

    /// <summary>
    /// Calls a second from one network address, with a burst of as many again as a second brings. Behind a gateway every
    /// call comes from the gateway's address. RELAPSE_CALLS_PER_SECOND; default 20,000; 0 sets no rate.
    /// </summary>
    public required int CallsPerSecond { get; init; }

    /// <summary>Whose tokens are believed; null: nobody is asked for one.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>Whether only this machine can reach the ports.</summary>
    public bool IsLoopback => IsLoopbackHost(Bind);

    /// <summary>Reads the options; faults stay with <paramref name="settings"/> until it refuses.</summary>
    public static EdgeOptions Read(Settings settings)
    {
        var options = new EdgeOptions
        {
            Bind = settings.Text("RELAPSE_BIND", "localhost"),
            HttpPort = settings.Number("RELAPSE_HTTP_PORT", 8080, 0, 65535),
            GrpcPort = settings.Number("RELAPSE_GRPC_PORT", 8081, 0, 65535),
            AllowAnonymous = settings.Flag("RELAPSE_ALLOW_ANONYMOUS", false),
            Oidc = OidcOptions.Read(settings),
            MaxJsonBytes = settings.Number("RELAPSE_MAX_JSON_BYTES", 16 * 1024 * 1024, 1024, 1024 * 1024 * 1024),
            MaxConcurrentCalls = settings.Number("RELAPSE_MAX_CONCURRENT_CALLS", 1024, 1, 1_000_000),
            CallsPerSecond = settings.Number("RELAPSE_CALLS_PER_SECOND", 20_000, 0, 10_000_000),
        };
        options.Check(settings);
        return options;
    }

    internal static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private void Check(Settings settings)
    {
        if (!IsLoopback && Bind != "*" && !IPAddress.TryParse(Bind, out _))
        {
            settings.Fault("RELAPSE_BIND", $"'{Bind}' is neither localhost, nor an IP address, nor *");
        }
        else if (!IsLoopback && !AllowAnonymous && Oidc is null)
        {
            settings.Fault("RELAPSE_BIND", Anonymity.Refusal(Bind));
        }

        if (AllowAnonymous && Oidc is not null)
        {
            settings.Fault("RELAPSE_ALLOW_ANONYMOUS", "is true and an issuer of tokens is configured; it cannot be both");
        }

        if (HttpPort == GrpcPort && HttpPort != 0)
        {
            settings.Fault("RELAPSE_GRPC_PORT", "cleartext HTTP/2 cannot share the port of RELAPSE_HTTP_PORT");
        }
    }
}
