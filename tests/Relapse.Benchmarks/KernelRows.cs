using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Relapse.Benchmarks.Decisions;
using Relapse.Benchmarks.Transplant;

namespace Relapse.Benchmarks;

/// <summary>The rows of the table of <c>./relapse bench</c> that BenchmarkDotNet measures.</summary>
internal static class KernelRows
{
    // The bounds of the table, in nanoseconds, and how many times slower the other engine is to be.
    private const double KnownBound = 50;
    private const double UnknownBound = 250;
    private const double TimesSlower = 500;
    private const double RankingBound = 50;
    private const double NanosecondsInMillisecond = 1e6;

    /// <summary>Runs them and adds the rows to a file.</summary>
    /// <returns>The exit code: 1 when a benchmark gave no result.</returns>
    public static int Add(string file)
    {
        // Noise makes BenchmarkDotNet go on; beyond this many iterations it learns little and the run gets long.
        string[] pace = ["--iterationTime", "250", "--maxIterationCount", "24"];
        var summaries = BenchmarkSwitcher.FromTypes([typeof(DecisionBenchmarks), typeof(RulesEngineBenchmarks)]).Run(
            ["--filter", Named(nameof(DecisionBenchmarks.Known)), Named(nameof(DecisionBenchmarks.QuarterUnknown)), $"*.{nameof(RulesEngineBenchmarks)}.*", .. pace]);
        var reports = summaries.SelectMany(summary => summary.Reports)
            .Where(report => report.ResultStatistics is not null)
            .ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, StringComparer.Ordinal);
        var ranking = BenchmarkSwitcher.FromTypes([typeof(RankingBenchmarks)]).Run(["--filter", $"*.{nameof(RankingBenchmarks)}.*", .. pace])
            .SelectMany(summary => summary.Reports).Where(report => report.ResultStatistics is not null).ToLookup(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name);
        if (reports.Count < 4 || ranking.Count < 3)
        {
            Console.Error.WriteLine("Not every benchmark gave a result.");
            return 1;
        }

        File.AppendAllLines(
            file,
            [
                Decision("one decision, all facts known", reports[nameof(DecisionBenchmarks.Known)], KnownBound),
                Decision("one decision, a quarter of the facts unknown", reports[nameof(DecisionBenchmarks.QuarterUnknown)], UnknownBound),
                Engines(reports[nameof(RulesEngineBenchmarks.Ours)], reports[nameof(RulesEngineBenchmarks.RulesEngine)]),
                Ranking(ranking),
            ]);
        return 0;
    }

    private static string Named(string benchmark) => $"*.{nameof(DecisionBenchmarks)}.{benchmark}";

    private static string Decision(string what, BenchmarkReport report, double bound)
    {
        var (time, allocated) = (report.ResultStatistics!.Median, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
        return Row(what, $"under {bound:0} ns, nothing allocated", $"{Time(report)}, {allocated} B", time < bound && allocated == 0);
    }

    private static string Engines(BenchmarkReport ours, BenchmarkReport theirs)
    {
        var ratio = theirs.ResultStatistics!.Median / ours.ResultStatistics!.Median;
        var cases = TableChain.Model.Inputs.Aggregate(1, (product, input) => product * input.Domain.Count);
        return Row(
            Invariant($"the same tables in Microsoft RulesEngine, answers equal on all {cases:N0} cases, by ours"),
            $"at least {TimesSlower:0} times slower",
            Invariant($"{ratio:N0} times; {Time(theirs)} by {Time(ours)}"),
            ratio >= TimesSlower);
    }

    // The slower of few and of many unknown facts.
    private static string Ranking(ILookup<string, BenchmarkReport> reports)
    {
        var (kernel, read, answer) = (Slowest(nameof(RankingBenchmarks.Rank)), Slowest(nameof(RankingBenchmarks.ReadAll)), Slowest(nameof(RankingBenchmarks.Answer)));
        return Row(
            "ranking 10,000 parsed donors, with all facts known or those of three in ten unknown",
            $"under {RankingBound:0} ms on one core",
            Invariant($"{kernel:N1} ms; reading their typings {read:N0} ms, ranking and writing the whole answer {answer:N0} ms"),
            kernel < RankingBound);

        double Slowest(string benchmark) => reports[benchmark].Max(report => report.ResultStatistics!.Median) / NanosecondsInMillisecond;
    }

    private static string Time(BenchmarkReport report) =>
        Invariant($"{report.ResultStatistics!.Median:N1} ns ({report.ResultStatistics.Min:N1} to {report.ResultStatistics.Max:N1})");

    private static string Row(string what, string hold, string measured, bool held) => $"| {what} | {hold} | {measured} | {(held ? "held" : "NOT HELD")} |";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
