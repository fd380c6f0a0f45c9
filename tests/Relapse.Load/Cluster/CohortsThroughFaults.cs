using System.Runtime.CompilerServices;
using Grpc.Core;
using Relapse.Client;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Load.Traffic;

namespace Relapse.Load.Cluster;

/// <summary>
/// A cohort of classification and one of the assessment, as the client sends them, that go on until they are told to stop: whether every item was answered
/// once and in its turn, whatever became of the streams that it went over.
/// </summary>
internal sealed class CohortsThroughFaults(RelapseClient client)
{
    private static readonly string[] _protocols = ["protocols/ukall-r3", "protocols/review-2014"];

    // Between two items: a stream that is never at its end, and leaves the processors to the others.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(40);

    private static readonly CohortOptions _options = new() { ChunkItems = 8 };

    /// <summary>Says a line for each.</summary>
    public Task<string[]> RunAsync(CancellationToken stop) => Task.WhenAll(ClassifyAsync(stop), AssessAsync(stop));

    private Task<string> ClassifyAsync(CancellationToken stop)
    {
        var breaks = new Breaks();
        var items = NumbersAsync(stop).Select(number => new CohortItem { ItemId = $"{number}", Case = SyntheticCohort.Child(number) });
        var answers = client.ClassifyCohort(items, new CohortSettings { Protocols = { _protocols } }, _options, breaks);
        return ReadAsync("classified", answers.Select(answer => (answer.ItemId, (Google.Rpc.Status?)answer.Error)), () => answers.Summary.Items, breaks);
    }

    private Task<string> AssessAsync(CancellationToken stop)
    {
        var breaks = new Breaks();
        var items = NumbersAsync(stop).Select(number => new AssessItem { ItemId = $"{number}", Case = SyntheticCohort.Child(number) });
        var answers = client.AssessCohort(items, new AssessCohortSettings { Protocols = { _protocols } }, _options, breaks);
        return ReadAsync("assessed", answers.Select(answer => (answer.ItemId, answer.Error)), () => answers.Summary.Items, breaks);
    }

    private static async Task<string> ReadAsync(string kind, IAsyncEnumerable<(string ItemId, Google.Rpc.Status? Error)> answers, Func<long> summed, Breaks breaks)
    {
        var answered = 0L;
        try
        {
            await foreach (var (itemId, error) in answers)
            {
                if (error is not null || itemId != $"{answered}")
                {
                    return $"{kind} broken answered={answered} then={itemId} error={error?.Code}";
                }

                answered++;
            }
        }
        catch (RpcException broken)
        {
            return $"{kind} broken answered={answered} breaks={breaks.Count} {broken.StatusCode}";
        }

        return $"{kind} {(summed() == answered ? "whole" : "broken")} answered={answered} counted={summed()} breaks={breaks.Count}";
    }

    private static async IAsyncEnumerable<long> NumbersAsync(CancellationToken stop, [EnumeratorCancellation] CancellationToken reader = default)
    {
        for (var number = 0L; !stop.IsCancellationRequested; number++)
        {
            yield return number;
            await Task.Delay(_pause, reader).ConfigureAwait(false);
        }
    }

    private sealed class Breaks : IProgress<CohortProgress>
    {
        public int Count { get; private set; }

        public void Report(CohortProgress value) => Count = value.Breaks;
    }
}
