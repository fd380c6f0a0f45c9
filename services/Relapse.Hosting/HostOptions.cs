using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Relapse.Hosting;

/// <summary>
/// Where a process listens and how much it accepts. There is no settings file: each default is here, and an environment
/// variable (or command-line argument) of the name in the comment overrides it. A value that cannot be is refused at start.
/// </summary>
internal sealed record HostOptions
{
    /// <summary><c>RELAPSE_BIND</c>: <c>localhost</c> (default; loopback only), <c>*</c> for every address, or one IP address.</summary>
    public string Bind { get; init; } = "localhost";

    /// <summary><c>RELAPSE_HTTP_PORT</c>: JSON over HTTP/1.1; default 8080; 0 takes a free port (not with <c>localhost</c>).</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary><c>RELAPSE_GRPC_PORT</c>: gRPC over cleartext HTTP/2, which cannot share a port with HTTP/1.1; default 8081.</summary>
    public int GrpcPort { get; init; } = 8081;

    /// <summary><c>RELAPSE_MAX_JSON_BYTES</c>: largest JSON body of one call; default 1 MiB.</summary>
    public int MaxJsonBytes { get; init; } = 1024 * 1024;

    /// <summary><c>RELAPSE_MAX_MESSAGE_BYTES</c>: largest gRPC message received; default 4 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    public static HostOptions From(IConfiguration configuration)
    {
        var defaults = new HostOptions();
        var faults = new List<string>();
        var options = new HostOptions
        {
            Bind = configuration["RELAPSE_BIND"] is { Length: > 0 } bind ? bind : defaults.Bind,
            HttpPort = Number(configuration, "RELAPSE_HTTP_PORT", defaults.HttpPort, 0, IPEndPoint.MaxPort, faults),
            GrpcPort = Number(configuration, "RELAPSE_GRPC_PORT", defaults.GrpcPort, 0, IPEndPoint.MaxPort, faults),
            MaxJsonBytes = Number(configuration, "RELAPSE_MAX_JSON_BYTES", defaults.MaxJsonBytes, 1024, 64 << 20, faults),
            MaxMessageBytes = Number(configuration, "RELAPSE_MAX_MESSAGE_BYTES", defaults.MaxMessageBytes, 1024, 64 << 20, faults),
        };
        if (options.Bind is not ("localhost" or "*") && !IPAddress.TryParse(options.Bind, out _))
        {
            faults.Add("RELAPSE_BIND must be localhost, * or an IP address");
        }

        if (options.HttpPort == options.GrpcPort && options.HttpPort != 0)
        {
            faults.Add("RELAPSE_HTTP_PORT and RELAPSE_GRPC_PORT must differ");
        }

        return faults.Count == 0 ? options : throw new InvalidOperationException(string.Join("; ", faults) + ".");
    }

    private static int Number(IConfiguration configuration, string name, int fallback, int least, int most, List<string> faults)
    {
        if (configuration[name] is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
        {
            faults.Add($"{name} must be a whole number from {least} to {most}");
        }

        return value;
    }
}
