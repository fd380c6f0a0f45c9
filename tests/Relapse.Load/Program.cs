using System.Globalization;
using System.Runtime.InteropServices;
using Relapse.Load.Cluster;
using Relapse.Load.Day;
using Relapse.Load.Measuring;
using Relapse.Load.Rows;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

// The load client and what it compares with, each started as a process of its own (./relapse bench does, unless it says otherwise):
//   load FILE [KIND...]       measures, and adds the rows to a file; kinds: unary, cohort, gateway
//   start FILE                the same for starting and memory
//   assess FILE               the same for the whole case in one call
//   cohort FILE [SIZE...]     the same for cohorts of growing size, up to a million
//   echo BOOK...              the service that gives prepared answers back
//   proxy HTTP GRPC           bare YARP in front of a service
//   sink                      a collector for telemetry
//   calls URL FILE [KIND...]  calls a gateway with a case until it is told to stop (tests/cluster/network.sh does), and says what failed; kinds: streams, cohorts
//   hour URL FILE RATE SECONDS [cohort]
//                             calls a gateway at a fixed rate, with a cohort beside it or not, and says how long calls took (the same does)
//   day CALLS ASSESSMENTS OTHERS CORES
//                             a day of whole cases, simulated: that many calls, replicas of the assessment and of every other, and what each has of a processor
switch (args)
{
    case ["load", var file, .. var kinds]:
        await AddAsync(LoadRows.MeasureAsync(Pace.Usual, kinds), file);
        return 0;
    case ["start", var file]:
        await AddAsync(StartRows.MeasureAsync(), file);
        return 0;
    case ["assess", var file]:
        await AddAsync(AssessCaseRow.MeasureAsync(), file);
        return 0;
    case ["cohort", var file, .. var sizes]:
        await AddAsync(AssessCohortRows.MeasureAsync(sizes.Length == 0 ? [10_000, 100_000, 1_000_000] : [.. sizes.Select(size => long.Parse(size, CultureInfo.InvariantCulture))]), file);
        return 0;
    case ["echo", .. var books]:
        await EchoServer.Build([.. books.Select(AnswerBook.Read)], []).RunAsync();
        return 0;
    case ["proxy", var http, var grpc]:
        await BareProxy.Build(new Uri(http), new Uri(grpc), Port("RELAPSE_HTTP_PORT"), Port("RELAPSE_GRPC_PORT")).RunAsync();
        return 0;
    case ["sink"]:
        await TelemetrySink.Build(Port("RELAPSE_HTTP_PORT"), Port("RELAPSE_GRPC_PORT")).RunAsync();
        return 0;
    case ["calls", var gateway, var file, .. var kinds]:
        using (var stop = new CancellationTokenSource())
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, told => (told.Cancel, _) = (true, stop.CancelAsync())))
        {
            foreach (var line in await new CallsThroughFaults(new Uri(gateway), CallsThroughFaults.Read(file)).RunAsync(kinds, stop.Token))
            {
                Console.WriteLine(line);
            }
        }

        return 0;
    case ["hour", var gateway, var file, var rate, var seconds, .. var kinds]:
        foreach (var line in await new WorstHour(new Uri(gateway), CallsThroughFaults.Read(file)).RunAsync(Number(rate), TimeSpan.FromSeconds(Number(seconds)), kinds is ["cohort"]))
        {
            Console.WriteLine(line);
        }

        return 0;
    case ["day", var calls, var assessments, var others, var cores]:
        foreach (var shape in new[] { DayShape.Even, DayShape.Clinics, DayShape.OnTheHour })
        {
            Console.WriteLine(new DaySimulation(shape, (int)Number(calls), (int)Number(assessments), (int)Number(others), Number(cores)).Run(seed: 1));
        }

        return 0;
    default:
        await Console.Error.WriteLineAsync("Started by ./relapse bench: load FILE [KIND...] | start FILE | assess FILE | cohort FILE [SIZE...] | echo BOOK... | proxy HTTP GRPC | sink | calls URL FILE [KIND...] | hour URL FILE RATE SECONDS [cohort] | day CALLS ASSESSMENTS OTHERS CORES");
        return 2;
}

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

static int Port(string name) => int.Parse(Environment.GetEnvironmentVariable(name) ?? "0", CultureInfo.InvariantCulture);

// Each row as soon as it is there: whoever stops a run early keeps what it has.
static async Task AddAsync(IAsyncEnumerable<Row> rows, string file)
{
    await foreach (var row in rows)
    {
        await File.AppendAllTextAsync(file, row + "\n");
        Console.WriteLine(row);
    }
}
