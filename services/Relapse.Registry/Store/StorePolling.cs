using Relapse.Hosting.Protocols;

namespace Relapse.Registry.Store;

/// <summary>
/// Asks the store what others wrote to it: when one of them rings, and twice a second whether or not. While it fails, what is known goes
/// on being served.
/// </summary>
internal sealed partial class StorePolling(
    RegistryKeeper keeper, IReplicaBell bell, TimeProvider clock, ILogger<StorePolling> logger) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        var rung = bell.HeardAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(rung, Task.Delay(Often, clock, stoppingToken)).ConfigureAwait(false);
            rung = rung.IsCompleted ? bell.HeardAsync(stoppingToken) : rung;
            try
            {
                if (keeper.IsLoaded)
                {
                    await keeper.RefreshAsync(stoppingToken).ConfigureAwait(false);
                }

                failing = false;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                if (!failing)
                {
                    Failing(logger, failure.GetType().Name);
                }

                failing = true;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The registry's store cannot be asked for changes ({Failure}); what is known goes on being served.", EventName = "Failing")]
    private static partial void Failing(ILogger logger, string failure);
}
