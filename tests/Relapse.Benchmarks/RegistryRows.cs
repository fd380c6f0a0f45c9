using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Relapse.Benchmarks.Clinical;
using Relapse.Benchmarks.Hosting;
using Relapse.Benchmarks.Registry;

namespace Relapse.Benchmarks;

/// <summary>The rows of the table of <c>./relapse bench registry</c>: what versions cost where they are published, got, resolved and compared.</summary>
internal static class RegistryRows
{
    private static readonly (string Method, string What)[] Rows =
    [
        (nameof(RegistryBenchmarks.Resolve), "a label resolved by the registry, one call over loopback"),
        (nameof(VersionBenchmarks.Warm), "a label resolved by a service that holds the version"),
        (nameof(VersionBenchmarks.Compile), "the largest shipped version compiled, certified and its golden cases run"),
        (nameof(VersionBenchmarks.ReadRedis), "its two documents read from Redis"),
        (nameof(VersionBenchmarks.AskRegistry), "its two documents asked of a registry, one call"),
        (nameof(VersionBenchmarks.FromRedis), "got from Redis: read, hashed, compiled, certified"),
        (nameof(VersionBenchmarks.Cold), "got cold, from a registry: asked, hashed, compiled, certified"),
        (nameof(RegistryBenchmarks.Verify), "the same checked by VerifyProtocol"),
        (nameof(RegistryBenchmarks.Publish), "the same published: checked, and on the disk (SQLite)"),
        (nameof(ComparisonBenchmarks.CompareRiskGroup), "the two largest that share a risk group compared on it"),
        (nameof(ComparisonBenchmarks.CompareAll), "the same two compared on every decision that both define"),
        (nameof(ComparisonBenchmarks.Export), "the larger of them as DMN"),
    ];

    /// <summary>Runs them and adds the rows to a file.</summary>
    /// <returns>The exit code: 1 when a benchmark gave no result.</returns>
    public static int Add(string file)
    {
        string[] pace = ["--iterationTime", "250", "--maxIterationCount", "24"];
        var reports = BenchmarkSwitcher.FromTypes([typeof(RegistryBenchmarks), typeof(VersionBenchmarks), typeof(ComparisonBenchmarks)]).Run(["--filter", "*", .. pace])
            .SelectMany(summary => summary.Reports)
            .Where(report => report.ResultStatistics is not null)
            .ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, StringComparer.Ordinal);
        File.AppendAllLines(file, Rows.Where(row => reports.ContainsKey(row.Method)).Select(row => $"| {row.What} | reported | {Time(reports[row.Method])} | |"));
        if (reports.Count < Rows.Length)
        {
            Console.Error.WriteLine("Not every benchmark gave a result.");
            return 1;
        }

        return 0;
    }

    private static string Time(BenchmarkReport report)
    {
        var (statistics, allocated) = (report.ResultStatistics!, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
        return Invariant($"{Said(statistics.Median)} ({Said(statistics.Min)} to {Said(statistics.Max)}), {allocated / 1024.0:N0} KiB");
    }

    private static string Said(double nanoseconds) => nanoseconds switch
    {
        < 10_000 => Invariant($"{nanoseconds:N0} ns"),
        < 10_000_000 => Invariant($"{nanoseconds / 1000:N0} µs"),
        _ => Invariant($"{nanoseconds / 1_000_000:N0} ms"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
