using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Relapse.Gateway;

/// <summary>
/// Ready as long as any service can be reached: with one of them down the others still answer through this gateway, and
/// its callers read UNAVAILABLE; with none there is nothing to send a call to.
/// </summary>
internal sealed class Reachability(GatewayOptions options) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var answers = await Task.WhenAll(options.Services.Select(async service =>
            await Connects(service.Grpc, cancellationToken) && await Connects(service.Http, cancellationToken)));
        return answers.Contains(true) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }

    private static async Task<bool> Connects(Uri address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, patience.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
