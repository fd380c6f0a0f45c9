using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Features;
using Relapse.Edge;
using Yarp.ReverseProxy.Forwarder;

namespace Relapse.Gateway;

/// <summary>
/// Keeps the first message of each gRPC answer until it is whole: a unary answer is one message. Retries of gRPC end with the first byte
/// of an answer; so a service that dies while it sends one is UNAVAILABLE to callers, which they retry, and not half an answer, which they
/// cannot.
/// </summary>
/// <param name="mostTogether">Most bytes of memory that are taken for all answers together.</param>
internal sealed class HeldAnswers(long mostTogether = HeldAnswers.MostTogether)
{
    /// <summary>Longest message that is kept, in bytes: what gRPC clients take unless told otherwise. A longer one passes as it comes.</summary>
    internal const int Longest = 4 * 1024 * 1024;

    // Callers that read slowly have theirs kept for as long.
    private const long MostTogether = 64 * 1024 * 1024;

    private static readonly Meter Meter = new("Relapse.Gateway");

    private static readonly Counter<long> NotHeld = Meter.CreateCounter<long>(
        "relapse.answers.not_held", "{answer}", "gRPC answers that passed as they came, by reason: too_long, no_room, split_prefix.");

    private long _together;

    internal async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (!StatusWriter.IsGrpc(context.Request))
        {
            await next(context);
            return;
        }

        var straight = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var held = new HeldAnswer(straight.Stream, this);
        context.Features.Set<IHttpResponseBodyFeature>(new Body(held, straight, context.RequestAborted));
        try
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is null)
            {
                // An answer that ended within its first message, and in order: it is the caller's to judge.
                await held.LetPassAsync(context.RequestAborted);
            }
        }
        finally
        {
            context.Features.Set(straight);
        }
    }

    /// <summary>Whether there is room for so much more, which is then taken.</summary>
    internal bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _together, bytes) <= mostTogether)
        {
            return true;
        }

        Leave(bytes);
        return false;
    }

    internal void Leave(int bytes) => Interlocked.Add(ref _together, -bytes);

    /// <summary>Counts an answer that a service's death would cut off.</summary>
    internal static void Passes(string reason) => NotHeld.Add(1, KeyValuePair.Create<string, object?>("reason", reason));

    /// <summary>A service may end its answer while the caller still writes: that has to end the caller's too, at once.</summary>
    private sealed class Body(HeldAnswer held, IHttpResponseBodyFeature straight, CancellationToken aborted) : StreamResponseBodyFeature(held, straight)
    {
        public override async Task CompleteAsync()
        {
            await base.CompleteAsync();
            await held.LetPassAsync(aborted);
            await PriorFeature!.CompleteAsync();
        }
    }
}
