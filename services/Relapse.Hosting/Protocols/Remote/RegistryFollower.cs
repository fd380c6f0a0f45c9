using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Hosting.Protocols;

/// <summary>
/// Follows the registry of another process: each move of a label is in force here as soon as the registry has said it. While
/// the registry cannot be reached it is tried twice a second, and what is held goes on being served.
/// </summary>
internal sealed partial class RegistryFollower(
    RegistryLine registry, HeldProtocols held, ProtocolSource source, TimeProvider clock, ILogger<RegistryFollower> logger) : BackgroundService
{
    // The contract promises a message every 30 seconds.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(500);

    private readonly FollowedCatalog _catalogs = new(held, clock);
    private readonly Lock _making = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProtocolCatalog> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FollowedLabels _followed = FollowedLabels.None;
    private bool _mayLack;

    /// <summary>
    /// Takes what is shipped with this process, which need not be got, and gives the first catalog: once the registry has said
    /// what it has. Its labels are never guessed.
    /// </summary>
    public async Task<ProtocolCatalog> BeginAsync(ProtocolCatalog shipped, CancellationToken cancellation)
    {
        foreach (var version in shipped.Protocols.SelectMany(entry => entry.Versions))
        {
            held.Hold(version);
        }

        _begun.TrySetResult();
        return await _first.Task.WaitAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _begun.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
        await Task.WhenAll(WatchAsync(stoppingToken), GetMissingAsync(stoppingToken)).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        var reached = true;
        while (!stopping.IsCancellationRequested)
        {
            var heard = false;
            try
            {
                // From the beginning each time: another registry at the same address, or one restored from before, can have given
                // the same revision to something else.
                await foreach (var messages in WholeAsync(stopping))
                {
                    Take(messages, anew: !heard);
                    heard = true;
                    SayReached(ref reached);
                }
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // The call ends with the process, as a failure of gRPC; it is none.
                return;
            }
            catch (Exception ended) when (RegistryLine.IsFailure(ended) || ended is OperationCanceledException)
            {
                if (!heard && reached)
                {
                    NotReached(logger, (ended as RpcException)?.StatusCode.ToString() ?? ended.GetType().Name);
                    reached = false;
                }
            }
            catch (Exception unexpected)
            {
                Failed(logger, unexpected);
            }

            WatchEnded(heard);
            await Task.Delay(TryAgain, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void SayReached(ref bool reached)
    {
        if (!reached)
        {
            Reached(logger);
        }

        reached = true;
    }

    private void WatchEnded(bool heard)
    {
        RemoteMetrics.WatchEnded(heard ? "broken" : "failed");
        if (!heard)
        {
            OutOfTouch();
        }
    }

    /// <summary>The messages of a watch, those together that belong together: the last of them has a later revision than before.</summary>
    private async IAsyncEnumerable<IReadOnlyList<WatchLabelsResponse>> WholeAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var revision = 0L;
        using var quiet = new CancellationTokenSource(Quiet, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, quiet.Token);
        using var watch = registry.Watch(either.Token);
        var parts = new List<WatchLabelsResponse>();
        while (await watch.ResponseStream.MoveNext(either.Token))
        {
            quiet.CancelAfter(Quiet);
            var message = watch.ResponseStream.Current;
            parts.Add(message);
            if (message.Revision == revision && SaysSomething(message))
            {
                continue;
            }

            yield return parts;
            (revision, parts) = (message.Revision, []);
        }
    }

    private void Take(IReadOnlyList<WatchLabelsResponse> messages, bool anew)
    {
        lock (_making)
        {
            var followed = (anew ? FollowedLabels.None : _followed).With(messages);
            var changed = anew || _mayLack || messages.Any(SaysSomething);
            (_followed, _mayLack) = (followed, false);
            if (changed)
            {
                PutInForce();
            }
        }

        _news.Release();
    }

    private static bool SaysSomething(WatchLabelsResponse message) =>
        message.Labels.Count + message.Versions.Count + message.GoneLabels.Count + message.WithdrawnLabels.Count > 0;

    private void OutOfTouch()
    {
        lock (_making)
        {
            if (!_mayLack && _followed.Revision > 0)
            {
                _mayLack = true;
                PutInForce();
            }
        }
    }

    private async Task GetMissingAsync(CancellationToken stopping)
    {
        var aside = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2), CancellationToken = stopping };
        var missing = Array.Empty<ProtocolVersion>();
        while (!stopping.IsCancellationRequested)
        {
            // What could not be got is tried again; otherwise there is nothing to do until there is news.
            await _news.WaitAsync(missing.Length > 0 ? TryAgain : Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(false);
            missing = _catalogs.Missing(Followed());
            if (missing.Length == 0)
            {
                continue;
            }

            await Parallel.ForEachAsync(missing, aside, async (version, token) =>
            {
                await GetAsync(version, token);
            }).ConfigureAwait(false);
            Got();
            missing = _catalogs.Missing(Followed());
        }
    }

    private async Task GetAsync(ProtocolVersion version, CancellationToken cancellation)
    {
        try
        {
            await held.GetAsync(version, cancellation);
            if (held.Find(version) is not null)
            {
                Got();
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception unexpected)
        {
            // Of one document; the others go on.
            Failed(logger, unexpected);
        }
    }

    private FollowedLabels Followed()
    {
        lock (_making)
        {
            return _followed;
        }
    }

    private void Got()
    {
        lock (_making)
        {
            PutInForce();
        }
    }

    private void PutInForce()
    {
        var catalog = _catalogs.Make(_followed, _mayLack);
        if (_first.Task.IsCompleted)
        {
            source.Publish(catalog);
        }
        else if (catalog.Protocols.Any(entry => !entry.Versions.IsEmpty) && !catalog.IsBeingGot)
        {
            source.Begin(catalog);
            _first.TrySetResult(catalog);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The registry cannot be reached ({Failure}); what is held goes on being served.", EventName = "NotReached")]
    private static partial void NotReached(ILogger logger, string failure);

    [LoggerMessage(3, LogLevel.Error, "Following the registry failed; it is tried again.", EventName = "Failed")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "The registry is reached again.", EventName = "Reached")]
    private static partial void Reached(ILogger logger);
}
