using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Load.Traffic;

namespace Relapse.Load.Cluster;

/// <summary>
/// Callers who go on asking through a gateway for a whole case while something is done to it or to what is behind it: some as the published
/// client does, some with nothing but the published service config, some without either; and perhaps streams that last throughout, or cohorts of the client. A call is
/// failed when it ends with an error, and when a part of its answer is missing.
/// </summary>
internal sealed class CallsThroughFaults(Uri gateway, AssessCaseRequest request)
{
    private const int CallersOfEach = 3;

    // Each goes where there are fewer, so that each of two replicas has some.
    private const int Streams = 4;

    // So that a machine of two processors is busy, and not overrun.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads a request as JSON.</summary>
    public static AssessCaseRequest Read(string file) => JsonParser.Default.Parse<AssessCaseRequest>(File.ReadAllText(file));

    /// <summary>Calls until it is told to stop, and says a line for each kind of caller.</summary>
    /// <param name="beside"><c>streams</c>, <c>cohorts</c>, both or neither.</param>
    /// <param name="stop">Tells it.</param>
    public async Task<IReadOnlyList<string>> RunAsync(string[] beside, CancellationToken stop)
    {
        using var patient = Services(retry: true);
        using var plain = Services(retry: false);
        using var channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions { ServiceConfig = PublishedServiceConfig.Read() });
        var client = patient.GetRequiredService<RelapseClient>();
        var counts = (Retried: new Count(), Published: new Count(), Plain: new Count());
        var streams = Task.WhenAll(Enumerable.Range(0, beside.Contains("streams") ? Streams : 0).Select(_ => StreamAsync(client, stop)));
        var cohorts = beside.Contains("cohorts") ? new CohortsThroughFaults(client).RunAsync(stop) : Task.FromResult<string[]>([]);
        await Task.WhenAll(Enumerable.Range(0, CallersOfEach).SelectMany(_ => (Task[])
        [
            CallAsync(client, counts.Retried, stop),
            CallAsync(new RelapseClient(channel.CreateCallInvoker()), counts.Published, stop),
            CallAsync(plain.GetRequiredService<RelapseClient>(), counts.Plain, stop),
        ]));
        return [$"retried {counts.Retried}", $"published {counts.Published}", $"plain {counts.Plain}", .. (await streams).Select(stream => $"stream {stream}"), .. await cohorts];
    }

    private ServiceProvider Services(bool retry)
    {
        var services = new ServiceCollection();
        services.AddRelapseClient(options => (options.Address, options.Retry) = (gateway, retry));
        return services.BuildServiceProvider();
    }

    private async Task CallAsync(RelapseClient client, Count count, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            string? failure;
            try
            {
                // Callers without the client's defaults have the deadline that it would give.
                var answer = await client.Assessment.AssessCaseAsync(request, deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: CancellationToken.None);
                failure = answer.Unavailable.Count == 0 ? null : "WITHOUT_" + string.Join('_', answer.Unavailable);
            }
            catch (RpcException error)
            {
                failure = error.StatusCode.ToString();
            }

            count.Add(failure, Stopwatch.GetElapsedTime(began));
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string> StreamAsync(RelapseClient client, CancellationToken stop)
    {
        var item = CasePool.Known().CohortChunks()[0].Items[0];
        var sent = 0L;
        try
        {
            using var stream = client.Classification.ClassifyCohort(cancellationToken: CancellationToken.None);
            await stream.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = CasePool.CohortSettings }, CancellationToken.None);
            while (!stop.IsCancellationRequested)
            {
                await stream.RequestStream.WriteAsync(new ClassifyCohortRequest { Items = { new CohortItem { ItemId = $"{sent++}", Case = item.Case } } }, CancellationToken.None);
                await stream.ResponseStream.MoveNext(CancellationToken.None);
                await Task.Delay(Pause * 4, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await stream.RequestStream.CompleteAsync();
            var last = await stream.ResponseStream.MoveNext(CancellationToken.None) ? stream.ResponseStream.Current.Summary : null;
            return last?.Items == sent ? $"whole sent={sent}" : $"broken sent={sent} counted={last?.Items}";
        }
        catch (RpcException broken)
        {
            return $"broken sent={sent} {broken.StatusCode}";
        }
    }

    private sealed class Count
    {
        private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
        private readonly Lock _counting = new();
        private int _calls;
        private TimeSpan _slowest;

        public void Add(string? failure, TimeSpan took)
        {
            if (failure is not null)
            {
                _failures.AddOrUpdate(failure, 1, (_, before) => before + 1);
            }

            lock (_counting)
            {
                _calls++;
                _slowest = took > _slowest ? took : _slowest;
            }
        }

        public override string ToString() =>
            $"calls={_calls} failed={_failures.Values.Sum()} slowest_ms={_slowest.TotalMilliseconds:F0} {string.Join(' ', _failures.Select(failure => $"{failure.Key}={failure.Value}"))}".Trim();
    }
}
