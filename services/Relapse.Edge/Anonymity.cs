using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Relapse.Edge;

/// <summary>
/// A process without authentication serves this machine only, unless the operator said otherwise, and says at each
/// start that it asks nobody for a token. <see cref="EdgeOptions"/> refuses before a port is opened; this looks again
/// at what was really bound, because Kestrel takes further endpoints from its own configuration section.
/// </summary>
internal sealed partial class Anonymity(EdgeOptions options, IServer server, ILogger<Anonymity> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Oidc is not null)
        {
            return Task.CompletedTask;
        }

        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var exposed = bound.Where(address => !EdgeOptions.IsLoopbackHost(BindingAddress.Parse(address).Host)).ToList();
        if (exposed.Count > 0 && !options.AllowAnonymous)
        {
            throw new SettingsRefusedException([.. exposed.Select(Refusal)]);
        }

        if (exposed.Count > 0)
        {
            ServingAnyone(logger, string.Join(", ", bound));
        }
        else
        {
            ServingThisMachine(logger, string.Join(", ", bound));
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static string Refusal(string address) =>
        $"'{address}' can be reached from other machines and no authentication is configured; "
        + "listen on localhost, configure an issuer (RELAPSE_OIDC_AUTHORITY), or say RELAPSE_ALLOW_ANONYMOUS=true if something in front of this process decides who may call";

    [LoggerMessage(1, LogLevel.Warning, "Running WITHOUT AUTHENTICATION, for this machine only: {Addresses}")]
    private static partial void ServingThisMachine(ILogger logger, string addresses);

    [LoggerMessage(2, LogLevel.Warning, "Running WITHOUT AUTHENTICATION for everyone who can reach {Addresses} (RELAPSE_ALLOW_ANONYMOUS=true)")]
    private static partial void ServingAnyone(ILogger logger, string addresses);
}
