using System.Diagnostics.Metrics;

namespace Relapse.Hosting.Protocols;

/// <summary>What is counted of the registry followed and of Redis. No value is anything of a case.</summary>
internal static class RemoteMetrics
{
    private static readonly Meter Meter = new("Relapse.Hosting");

    private static readonly Counter<long> Documents = Meter.CreateCounter<long>(
        "relapse.documents.loaded", "{document}", "Documents asked of the cache, by result: hit, miss, poisoned.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "relapse.redis.failures", "{operation}", "Operations of Redis that failed, took too long, or were not tried after one that did.");

    private static readonly Counter<long> Watches = Meter.CreateCounter<long>(
        "relapse.registry.watches", "{watch}", "Attempts to follow the registry, by how they ended: broken after a message, or failed before one.");

    public static void Document(string result) => Documents.Add(1, KeyValuePair.Create<string, object?>("result", result));

    public static void RedisFailed(string operation, string reason) => Failures.Add(
        1, KeyValuePair.Create<string, object?>("operation", operation), KeyValuePair.Create<string, object?>("reason", reason));

    public static void WatchEnded(string how) => Watches.Add(1, KeyValuePair.Create<string, object?>("how", how));
}
