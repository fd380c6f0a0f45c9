namespace Relapse.Registry.Store;

/// <summary>Asks a store that others write to, twice a second, what they wrote. While it fails, what is known goes on being served.</summary>
internal sealed partial class StorePolling(IRegistryStore store, RegistryKeeper keeper, TimeProvider clock, ILogger<StorePolling> logger) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.IsShared)
        {
            return;
        }

        var failing = false;
        using var timer = new PeriodicTimer(Often, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
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
