using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Contracts.Assessment.V1;
using Relapse.Load.Measuring;
using Relapse.Load.Traffic;

namespace Relapse.Load.Cluster;

/// <summary>
/// Single assessments at a fixed rate through a gateway, each timed from the moment it was due, and perhaps a cohort beside them that takes
/// whatever it is given.
/// </summary>
internal sealed class WorstHour(Uri gateway, AssessCaseRequest request)
{
    private static readonly string[] _protocols = ["protocols/ukall-r3", "protocols/review-2014"];

    /// <summary>Calls for a while, and says a line of the single calls and one of the cohort.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(double callsPerSecond, TimeSpan time, bool withCohort)
    {
        using var services = Services();
        var client = services.GetRequiredService<RelapseClient>();
        using var over = new CancellationTokenSource();
        var cohort = withCohort ? CohortAsync(client, over.Token) : Task.FromResult("none");
        var faults = new Faults();
        var began = Stopwatch.GetTimestamp();
        var latencies = await OpenLoop.RunAsync([new SingleCaller(client, request)], callsPerSecond, time, faults);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await over.CancelAsync();
        return
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"single rate={callsPerSecond} calls={latencies.Count} failed={faults.Count} answered_a_second={(latencies.Count - faults.Count) / seconds:F1} p50_ms={Of(0.5)} p90_ms={Of(0.9)} p99_ms={Of(0.99)} slowest_ms={Of(1)} {faults}").Trim(),
            $"cohort {await cohort}",
        ];

        string Of(double share) => latencies.Quantile(share).TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddRelapseClient(options => options.Address = gateway);
        return services.BuildServiceProvider();
    }

    // Cases are sent until the single calls are over, and each is answered.
    private static async Task<string> CohortAsync(RelapseClient client, CancellationToken over)
    {
        var began = Stopwatch.GetTimestamp();
        // The source ends, and is not cancelled.
        var answers = client.AssessCohort(Children(over).ToAsyncEnumerable(), new AssessCohortSettings { Protocols = { _protocols } });
        long answered = 0;
        try
        {
            await foreach (var item in answers)
            {
                answered += item.Error is null ? 1 : 0;
            }
        }
        catch (RpcException broken)
        {
            return $"broken answered={answered} {broken.StatusCode}";
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"whole answered={answered} of={answers.Summary.Items} a_second={answered / seconds:F0}");
    }

    private static IEnumerable<AssessItem> Children(CancellationToken over)
    {
        for (var number = 0L; !over.IsCancellationRequested; number++)
        {
            yield return new AssessItem { ItemId = $"{number}", Case = SyntheticCohort.Child(number) };
        }
    }

    private sealed class SingleCaller(RelapseClient client, AssessCaseRequest request) : Caller
    {
        public override async Task<string?> CallAsync(int number)
        {
            try
            {
                var answer = await client.Assessment.AssessCaseAsync(request);
                return answer.Unavailable.Count == 0 ? null : "WITHOUT_" + string.Join('_', answer.Unavailable);
            }
            catch (RpcException failure)
            {
                return failure.StatusCode.ToString();
            }
        }
    }
}
