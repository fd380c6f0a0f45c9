using System.Diagnostics;
using System.Globalization;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>AllInOne as <c>./relapse up</c> starts it: how soon it answers, and what it weighs after a morning's calls.</summary>
internal static class StartRows
{
    private const int Starts = 10;
    private const int Calls = 10_000;
    private const int Callers = 8;
    private const double MebiByte = 1024 * 1024;

    public static async IAsyncEnumerable<Row> MeasureAsync()
    {
        // The first is not counted: it brings the files into the cache of the machine and the client to speed.
        await StartAsync();
        var starts = new List<(double Seconds, double Worked)>();
        for (var start = 0; start < Starts; start++)
        {
            starts.Add(await StartAsync());
        }

        var spread = Spread.Of(starts.Select(start => start.Seconds));
        var worked = Spread.Of(starts.Select(start => start.Worked));
        yield return new Row(
            $"AllInOne, published: start to first answer, {Starts} starts",
            "under 1.2 s",
            $"{spread.Say()} s; processor {worked.Say()} s",
            spread.AtMost(1.2));
        yield return await WeighAsync();
    }

    private static async Task<(double Seconds, double Worked)> StartAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        using var service = ServerProcess.Start(Published.AllInOne, []);
        await service.AnswersAsync();
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, service.ProcessorTime.TotalSeconds);
    }

    private static async Task<Row> WeighAsync()
    {
        using var service = ServerProcess.Start(Published.AllInOne, []);
        await service.AnswersAsync();
        using var connections = new Connections(service.GrpcAddress);
        using var http = new HttpClient { BaseAddress = service.HttpAddress };
        var pool = CasePool.Examples();
        var faults = new Faults();
        var grpc = new UnaryTraffic(pool, await AnswerBook.AskAsync(connections.First, pool));
        var json = await JsonTraffic.AskAsync(http, pool);
        IReadOnlyList<Caller> callers = [.. connections.Callers(Callers / 2, grpc.Over), .. Enumerable.Range(0, Callers / 2).Select(_ => json.Over(http))];
        await Parallel.ForEachAsync(callers.Index(), async (caller, _) =>
        {
            for (var number = caller.Index; number < Calls; number += Callers)
            {
                faults.Note(await caller.Item.CallAsync(number).ConfigureAwait(false));
            }
        });
        var weight = service.ResidentBytes / MebiByte;
        return new Row(
            string.Create(CultureInfo.InvariantCulture, $"AllInOne, published: resident memory after {Calls:N0} calls, half gRPC, half JSON"),
            "under 160 MiB",
            string.Create(CultureInfo.InvariantCulture, $"{weight:N0} MiB"),
            weight < 160 ? Verdict.Held : Verdict.NotHeld).Unless(faults.Count, faults.ToString());
    }
}
