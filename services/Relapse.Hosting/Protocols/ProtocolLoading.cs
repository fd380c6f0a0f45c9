using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relapse.Clinical;

namespace Relapse.Hosting.Protocols;

/// <summary>How the catalog is obtained at start; a test puts a slow or a broken one in its place.</summary>
internal delegate ProtocolCatalog LoadCatalog();

/// <summary>
/// Loads the library while the ports are already open, so that a probe hears "not ready" and not silence. A library
/// that does not certify stops the process: a service without rules, or with some of them, has nothing to say.
/// </summary>
internal sealed partial class ProtocolLoading(
    LoadCatalog load, CompleteCatalog complete, ProtocolSource source, IHostApplicationLifetime lifetime, ILogger<ProtocolLoading> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => LoadAsync(stoppingToken), stoppingToken);

    private async Task LoadAsync(CancellationToken stopping)
    {
        try
        {
            var shipped = load();
            if (!shipped.CertifiedInFull.IsEmpty)
            {
                CertifiedInFull(logger, shipped.CertifiedInFull.Length, string.Join("; ", shipped.CertifiedInFull.Distinct(StringComparer.Ordinal)));
            }

            var catalog = await complete(shipped, stopping).ConfigureAwait(false);
            source.Begin(catalog);
            Loaded(logger, catalog.Protocols.Sum(entry => entry.Versions.Length), SinceProcessBegan().TotalMilliseconds);
        }
        catch (ProtocolLibraryException refused)
        {
            // The message lists the faults of documents, which hold no case.
            Refused(logger, refused.Message);
            Stop();
        }
        catch (CatalogRefusedException refused)
        {
            NotStarted(logger, refused.Message);
            Stop();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception unexpected)
        {
            Failed(logger, unexpected);
            Stop();
        }
    }

    private static TimeSpan SinceProcessBegan()
    {
        using var process = Process.GetCurrentProcess();
        return DateTime.UtcNow - process.StartTime.ToUniversalTime();
    }

    private void Stop()
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} protocol versions compiled and certified, {Milliseconds:F0} ms after the process began.", EventName = "Loaded")]
    private static partial void Loaded(ILogger logger, int count, double milliseconds);

    [LoggerMessage(5, LogLevel.Warning, "Certified in full at this start, which made it longer: {Count} of the shipped protocol versions. {Why}.", EventName = "CertifiedInFull")]
    private static partial void CertifiedInFull(ILogger logger, int count, string why);

    [LoggerMessage(2, LogLevel.Critical, "The protocol library is refused: {Faults}", EventName = "Refused")]
    private static partial void Refused(ILogger logger, string faults);

    [LoggerMessage(4, LogLevel.Critical, "Refusing to start: {Reason}", EventName = "NotStarted")]
    private static partial void NotStarted(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Critical, "The protocol library cannot be loaded.", EventName = "Failed")]
    private static partial void Failed(ILogger logger, Exception exception);
}

/// <summary>Ready is: the library is loaded.</summary>
internal sealed class LibraryHealth(ProtocolSource source) : IHealthCheck
{
    public const string Name = "library";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(source.IsLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The protocol library is not loaded."));
}
