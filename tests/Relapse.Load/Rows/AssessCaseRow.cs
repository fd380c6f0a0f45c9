using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>The whole case in one call against one unary call, in turns, one in flight: what asking four services instead of one takes.</summary>
internal static class AssessCaseRow
{
    private const int Rounds = 9;
    private const int WarmUp = 3;
    private const double Hold = 3;
    private const int UsualRows = 5;

    public static async IAsyncEnumerable<Row> MeasureAsync()
    {
        using var service = ServerProcess.Start(Published.AllInOne, []);
        await service.AnswersAsync();
        using var channel = GrpcChannel.ForAddress(service.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        foreach (var pool in CasePool.All)
        {
            foreach (var row in await MeasureAsync(channel, pool, WarmUp, Rounds))
            {
                yield return row;
            }
        }
    }

    /// <summary>The rows of one pool, over a channel to what answers all: the whole case by one call, and by the slowest of its parts.</summary>
    public static async Task<IReadOnlyList<Row>> MeasureAsync(GrpcChannel channel, CasePool pool, int warmUp, int rounds)
    {
        var (classification, outcome, assessment) =
            (new ClassificationService.ClassificationServiceClient(channel), new OutcomeService.OutcomeServiceClient(channel), new AssessmentService.AssessmentServiceClient(channel));
        var assessed = pool.Requests.Select(request => new AssessCaseRequest { Case = request.Case, Protocols = { request.Protocols }, RequestId = request.RequestId }).ToArray();
        // As an assessment asks it.
        var estimated = pool.Requests.Select(request => new EstimateOutcomeRequest { Case = request.Case, Protocols = { request.Protocols }, RequestId = request.RequestId, RowsPerGroup = UsualRows }).ToArray();
        List<(double Unary, double Slowest, double Whole)> middles = [];
        for (var round = -warmUp; round < rounds; round++)
        {
            var (unary, slowest, whole) = (new List<double>(), new List<double>(), new List<double>());
            foreach (var (number, request) in pool.Requests.Index())
            {
                unary.Add(await TimeAsync(async () => await classification.ClassifyRelapseAsync(request)));
                // Another child than the one just classified, of whom something may be remembered.
                var other = (number + (assessed.Length / 2)) % assessed.Length;
                whole.Add(await TimeAsync(async () => Whole(await assessment.AssessCaseAsync(assessed[other]))));
                slowest.Add(await TimeAsync(async () => await outcome.EstimateOutcomeAsync(estimated[number])));
            }

            if (round >= 0)
            {
                middles.Add((Spread.Of(unary).Median, Spread.Of(slowest).Median, Spread.Of(whole).Median));
            }
        }

        var (ratio, beside) = (Spread.Of(middles.Select(round => round.Whole / round.Unary)), Spread.Of(middles.Select(round => round.Whole / round.Slowest)));
        return
        [
            new Row(
                $"{pool.Name}; AssessCase, every part, one protocol, by ClassifyRelapse of the same case: p50, one in flight",
                "at most 3",
                string.Create(CultureInfo.InvariantCulture, $"{ratio.Say()}; {Median(round => round.Whole):N0} by {Median(round => round.Unary):N0} µs"),
                ratio.AtMost(Hold)),
            new Row(
                $"{pool.Name}; the same by EstimateOutcome, the slowest of its parts, asked alone: p50, one in flight",
                "reported",
                string.Create(CultureInfo.InvariantCulture, $"{beside.Say()}; {Median(round => round.Whole):N0} by {Median(round => round.Slowest):N0} µs"),
                Verdict.Reported),
        ];

        double Median(Func<(double Unary, double Slowest, double Whole), double> of) => Spread.Of(middles.Select(of)).Median;
    }

    // One that lacks a part was quick for the wrong reason.
    private static void Whole(AssessCaseResponse answer)
    {
        if (answer.Unavailable.Count > 0)
        {
            throw new InvalidDataException($"an assessment lacked {answer.Unavailable}");
        }
    }

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }
}
