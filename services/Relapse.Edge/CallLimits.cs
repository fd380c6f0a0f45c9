using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Relapse.Edge;

/// <summary>How much a process takes: calls at once, calls a second from one address, bytes of a request.</summary>
internal static class CallLimits
{
    private static readonly string[] ProbePaths = ["/healthz", "/grpc.health.v1.Health"];

    internal static void Configure(RateLimiterOptions limiter, EdgeOptions options, OwnQuestions own)
    {
        var atOnce = PartitionedRateLimiter.Create<HttpContext, bool>(context => IsUncounted(context, own)
            ? RateLimitPartition.GetNoLimiter(true)
            : RateLimitPartition.GetConcurrencyLimiter(false, _ => new() { PermitLimit = options.MaxConcurrentCalls }));
        limiter.GlobalLimiter = options.CallsPerSecond == 0
            ? atOnce
            : PartitionedRateLimiter.CreateChained(atOnce, PerAddress(options.CallsPerSecond, own));
        limiter.OnRejected = (rejected, _) => new ValueTask(StatusWriter.WriteAsync(rejected.HttpContext, RpcStatus.TooMany));
    }

    /// <summary>Refuses a body that is declared too large, and lets a gRPC stream run for as long as it needs.</summary>
    internal static Task LimitSize(HttpContext context, RequestDelegate next, EdgeOptions options)
    {
        var bodySize = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        var rate = context.Features.Get<IHttpMinRequestBodyDataRateFeature>();
        if (StatusWriter.IsGrpc(context.Request))
        {
            // A stream is as long as its cohort and as slow as its sender.
            Lift(bodySize);
            if (rate is not null)
            {
                rate.MinDataRate = null;
            }
        }
        else if (context.Request.ContentLength > options.MaxJsonBytes)
        {
            // Kestrel then reads the rest away for a few seconds; closing at once would reset the connection before the
            // caller has read why.
            Lift(bodySize);
            return StatusWriter.WriteAsync(context, RpcStatus.TooLarge);
        }

        return next(context);
    }

    private static void Lift(IHttpMaxRequestBodySizeFeature? bodySize)
    {
        if (bodySize is { IsReadOnly: false })
        {
            bodySize.MaxRequestBodySize = null;
        }
    }

    private static PartitionedRateLimiter<HttpContext> PerAddress(int callsPerSecond, OwnQuestions own) =>
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => IsUncounted(context, own)
            ? RateLimitPartition.GetNoLimiter(IPAddress.None)
            : RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress ?? IPAddress.Any, _ => new()
            {
                TokenLimit = callsPerSecond,
                TokensPerPeriod = callsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                AutoReplenishment = true,
            }));

    private static bool IsUncounted(HttpContext context, OwnQuestions own) => IsProbe(context) || own.Is(context.Request);

    // A probe that is turned away under load would have the orchestrator kill a busy process.
    private static bool IsProbe(HttpContext context)
    {
        foreach (var path in ProbePaths)
        {
            if (context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
