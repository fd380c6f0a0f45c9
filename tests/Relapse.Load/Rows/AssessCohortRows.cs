using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Relapse.Contracts.Assessment.V1;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>AssessCohort over synthetic cohorts of growing size: cases a second, and what the server weighs while it goes on.</summary>
internal static class AssessCohortRows
{
    private const int Chunk = 256;
    private const long WarmUp = 5_000;
    private const double MebiByte = 1024 * 1024;

    // A cohort of any size weighs what the smallest does, and what a heap does not give back at once.
    private const double MostGrowth = 1.25;

    private static readonly string[] _protocols = ["protocols/ukall-r3", "protocols/review-2014"];

    public static async IAsyncEnumerable<Row> MeasureAsync(IReadOnlyList<long> sizes)
    {
        long smallest = 0;
        foreach (var size in sizes)
        {
            using var service = ServerProcess.Start(Published.AllInOne, []);
            await service.AnswersAsync();
            using var channel = GrpcChannel.ForAddress(service.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
            await RunAsync(channel, WarmUp, () => service.ResidentBytes);
            var worked = service.ProcessorTime;
            var began = Stopwatch.GetTimestamp();
            var (heaviest, refused) = await RunAsync(channel, size, () => service.ResidentBytes);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            smallest = smallest == 0 ? heaviest : smallest;
            yield return new Row(
                string.Create(CultureInfo.InvariantCulture, $"AssessCohort, {size:N0} synthetic cases, {string.Join(" and ", _protocols)}, four parts, one stream in chunks of {Chunk}"),
                "memory at most 1.25 times that of the smallest",
                string.Create(CultureInfo.InvariantCulture, $"{size / seconds:N0} cases a second, server {(service.ProcessorTime - worked).TotalMilliseconds * 1000 / size:N0} µs of processor a case, resident at most {heaviest / MebiByte:N0} MiB"),
                refused == 0 && heaviest <= smallest * MostGrowth ? Verdict.Held : Verdict.NotHeld);
        }
    }

    /// <summary>A cohort of so many in one stream: what the server weighed at most, and how many of them were refused.</summary>
    public static async Task<(long Heaviest, long Refused)> RunAsync(GrpcChannel channel, long size, Func<long> weight)
    {
        using var call = new AssessmentService.AssessmentServiceClient(channel).AssessCohort();
        await call.RequestStream.WriteAsync(new AssessCohortRequest { Settings = new AssessCohortSettings { Protocols = { _protocols } } });
        await call.ResponseStream.MoveNext(CancellationToken.None);
        var sending = SendAsync();
        long heaviest = 0;
        AssessCohortSummary? summary = null;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            heaviest = Math.Max(heaviest, weight());
            summary = call.ResponseStream.Current.Summary;
        }

        await sending;
        return summary!.Items == size ? (heaviest, summary.Refused) : throw new InvalidDataException($"{summary.Items} of {size} items were answered");

        async Task SendAsync()
        {
            for (long sent = 0; sent < size; sent += Chunk)
            {
                var message = new AssessCohortRequest();
                for (var number = sent; number < Math.Min(size, sent + Chunk); number++)
                {
                    message.Items.Add(new AssessItem { Case = SyntheticCohort.Child(number) });
                }

                await call.RequestStream.WriteAsync(message);
            }

            await call.RequestStream.CompleteAsync();
        }
    }
}
