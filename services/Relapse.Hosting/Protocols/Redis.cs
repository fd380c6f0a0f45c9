using System.Threading.Channels;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relapse.Edge;
using StackExchange.Redis;

namespace Relapse.Hosting.Protocols;

/// <summary>
/// All there is about Redis: whether it is used, one connection, the cache of documents, the bell between replicas. Whatever
/// it does or does not do, nobody waits for it longer than <see cref="Patience"/>, and nothing fails with it.
/// </summary>
internal static class Redis
{
    /// <summary>How long anybody waits for Redis.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Largest document kept. HybridCache leaves out of the second level what is over 1 MiB, without a word, unless it is told
    /// otherwise; a registry takes documents of 4 MiB.
    /// </summary>
    public const int MaxDocumentBytes = 4 * 1024 * 1024;

    private const string SettingName = "RELAPSE_REDIS";

    /// <summary>Adds the cache and the bell: of Redis where one is configured, of nothing otherwise.</summary>
    public static void AddTo(IServiceCollection services, Settings settings)
    {
        var text = settings.Text(SettingName, "");
        if (text.Length == 0 || !AddRedis(services, settings, text))
        {
            services.AddSingleton<IDocumentCache, NoDocumentCache>();
            services.AddSingleton<IReplicaBell, NoBell>();
        }
    }

    // A process without Redis does not load what is mentioned here.
    private static bool AddRedis(IServiceCollection services, Settings settings, string text)
    {
        if (Parsed(text) is not { } options)
        {
            // Without the text: there may be a password in it.
            settings.Fault(SettingName, "is no configuration of StackExchange.Redis with an endpoint (host:port,password=...)");
            return false;
        }

        services.AddSingleton(new RedisConnection(options));
        services.AddSingleton<IDistributedCache, BoundedRedis>();
        services.AddSingleton<IDocumentCache, RedisDocumentCache>();
        services.AddSingleton<IReplicaBell, RedisBell>();
        services.AddHybridCache(cache => cache.MaximumPayloadBytes = MaxDocumentBytes + 1024);
        // It writes a stack trace for each operation that fails; what failed is counted here, and said once.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Caching", LogLevel.None));
        return true;
    }

    private static ConfigurationOptions? Parsed(string text)
    {
        try
        {
            var options = ConfigurationOptions.Parse(text);
            options.AbortOnConnectFail = false;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ConnectTimeout = 1000;
            options.ConnectRetry = 1;
            options.ReconnectRetryPolicy = new LinearRetry(500);
            (options.AsyncTimeout, options.SyncTimeout) = ((int)Patience.TotalMilliseconds, (int)Patience.TotalMilliseconds);
            options.HeartbeatInterval = Patience;
            options.ClientName = "relapse";
            return options.EndPoints.Count > 0 ? options : null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }
}

/// <summary>The one connection, made when it is first needed and kept up by the client itself from then on.</summary>
internal sealed class RedisConnection(ConfigurationOptions options) : IAsyncDisposable
{
    private readonly Lock _making = new();
    private Task<IConnectionMultiplexer>? _connection;

    public Task<IConnectionMultiplexer> GetAsync()
    {
        lock (_making)
        {
            return _connection is null or { IsFaulted: true } or { IsCanceled: true } ? _connection = Task.Run(ConnectAsync) : _connection;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsCompletedSuccessfully: true } made)
        {
            await (await made).DisposeAsync();
        }
    }

    private async Task<IConnectionMultiplexer> ConnectAsync() => await ConnectionMultiplexer.ConnectAsync(options);
}

/// <summary>
/// Redis with a bound on every operation. After one that got no answer none is tried for a while, so that many do not wait
/// one after the other.
/// </summary>
internal sealed partial class BoundedRedis : IDistributedCache, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly RedisCache _redis;
    private readonly TimeProvider _clock;
    private readonly ILogger<BoundedRedis> _logger;
    private long _silentSince;

    public BoundedRedis(RedisConnection connection, TimeProvider clock, ILogger<BoundedRedis> logger)
    {
        _redis = new RedisCache(Options.Create(new RedisCacheOptions { ConnectionMultiplexerFactory = connection.GetAsync }));
        (_clock, _logger) = (clock, logger);
    }

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => BoundedAsync("get", () => _redis.GetAsync(key, CancellationToken.None), token);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        BoundedAsync("set", () => NothingAsync(_redis.SetAsync(key, value, options, CancellationToken.None)), token);

    public Task RemoveAsync(string key, CancellationToken token = default) =>
        BoundedAsync("remove", () => NothingAsync(_redis.RemoveAsync(key, CancellationToken.None)), token);

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[] Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    public void Dispose() => _redis.Dispose();

    private async Task<T> BoundedAsync<T>(string operation, Func<Task<T>> ask, CancellationToken cancellation)
    {
        var since = Interlocked.Read(ref _silentSince);
        if (since != 0 && _clock.GetElapsedTime(since) < Pause)
        {
            RemoteMetrics.RedisFailed(operation, "not_tried");
            throw new TimeoutException("Redis gave no answer a moment ago.");
        }

        // What is given up goes on by itself, on bytes of its own, and its failure is nobody's.
        var asked = Task.Run(ask, CancellationToken.None);
        try
        {
            var answer = await asked.WaitAsync(Redis.Patience, _clock, cancellation);
            if (Interlocked.Exchange(ref _silentSince, 0) != 0)
            {
                Answers(_logger);
            }

            return answer;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            _ = asked.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            Failed(operation, failure);
            throw;
        }
    }

    private void Failed(string operation, Exception failure)
    {
        // Full, or something else under the key: it does answer.
        if (failure is RedisServerException)
        {
            RemoteMetrics.RedisFailed(operation, "refused");
            return;
        }

        RemoteMetrics.RedisFailed(operation, failure is TimeoutException ? "timeout" : "connection");
        if (Interlocked.Exchange(ref _silentSince, _clock.GetTimestamp()) == 0)
        {
            Silent(_logger, failure.GetType().Name);
        }
    }

    private static async Task<bool> NothingAsync(Task done)
    {
        await done;
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis does not answer ({Failure}); documents come from the registry.", EventName = "RedisSilent")]
    private static partial void Silent(ILogger logger, string failure);

    [LoggerMessage(2, LogLevel.Information, "Redis answers again.", EventName = "RedisAnswers")]
    private static partial void Answers(ILogger logger);
}

/// <summary>Documents by digest in Redis. Only there: what is compiled is held in any case, and its bytes with it.</summary>
internal sealed partial class RedisDocumentCache(HybridCache cache, ILogger<RedisDocumentCache> logger) : IDocumentCache
{
    // Counted up when what stands under a key is another thing; what older processes wrote is then not read.
    private const string Prefix = "relapse:document:1:";

    // Bytes never change under their digest; this long, so that what nobody loads any more goes away.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly HybridCacheEntryOptions Reading = new()
    {
        Expiration = Kept,
        LocalCacheExpiration = TimeSpan.FromMinutes(1),
        Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableUnderlyingData | HybridCacheEntryFlags.DisableCompression,
    };

    private static readonly HybridCacheEntryOptions Writing = new()
    {
        Expiration = Kept,
        LocalCacheExpiration = TimeSpan.FromMinutes(1),
        Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableCompression,
    };

    public async Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation)
    {
        try
        {
            return await cache.GetOrCreateAsync<byte[]?>(Prefix + digest, static _ => ValueTask.FromResult<byte[]?>(null), Reading, cancellationToken: cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Counted where it failed.
            return null;
        }
    }

    public void Keep(string digest, byte[] content)
    {
        if (content.Length > Redis.MaxDocumentBytes)
        {
            TooLarge(logger, digest, content.Length);
            RemoteMetrics.RedisFailed("set", "too_large");
            return;
        }

        _ = Task.Run(() => KeepAsync(Prefix + digest, content));
    }

    private async Task KeepAsync(string key, byte[] content)
    {
        try
        {
            // Something of another type under the key would refuse to be written over.
            await cache.RemoveAsync(key);
            await cache.SetAsync(key, content, Writing);
        }
        catch (Exception)
        {
            // Counted where it failed.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The document {Digest} has {Bytes} bytes and is not kept in Redis.", EventName = "TooLarge")]
    private static partial void TooLarge(ILogger logger, string digest, int bytes);
}

/// <summary>The bell by Redis pub/sub. The client subscribes again by itself after a lost connection.</summary>
internal sealed class RedisBell(RedisConnection connection, TimeProvider clock) : IReplicaBell
{
    private static readonly RedisChannel Changed = RedisChannel.Literal("relapse:registry:1:changed");
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _listening;

    public void Ring() => _ = Task.Run(RingAsync);

    public async Task HeardAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _listening, 1) == 0)
        {
            _ = Task.Run(() => ListenAsync(cancellation), cancellation);
        }

        await _rung.Reader.ReadAsync(cancellation);
    }

    private async Task RingAsync()
    {
        try
        {
            var redis = await connection.GetAsync().WaitAsync(Redis.Patience, clock);
            await redis.GetSubscriber().PublishAsync(Changed, RedisValue.EmptyString).WaitAsync(Redis.Patience, clock);
        }
        catch (Exception failure)
        {
            // The others ask the store soon.
            RemoteMetrics.RedisFailed("publish", failure is TimeoutException ? "timeout" : "connection");
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var redis = await connection.GetAsync();
                await redis.GetSubscriber().SubscribeAsync(Changed, (_, _) => _rung.Writer.TryWrite(true)).WaitAsync(TryAgain, clock, cancellation);
                return;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                RemoteMetrics.RedisFailed("subscribe", failure is TimeoutException ? "timeout" : "connection");
                await Task.Delay(TryAgain, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
