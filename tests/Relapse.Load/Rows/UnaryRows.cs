using System.Globalization;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>Unary ClassifyRelapse against the echo: as fast as both can, then both at the same easy rate.</summary>
internal static class UnaryRows
{
    private const int Callers = 32;

    // Of what the slower side can do: busy enough to be real, far enough from saturation that no queue is measured.
    private const double EasyShare = 0.25;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Opponents opponents, Pace pace)
    {
        var what = $"unary, {opponents.Pool.Name}; ClassifyRelapse, one protocol, by an echo of the same answers";
        var traffic = new UnaryTraffic(opponents.Pool, opponents.Answers);
        using var service = new Connections(opponents.Service.Grpc);
        using var echo = new Connections(opponents.Echo.Grpc);
        var contest = new Contest(
            new Side("service", service.Callers(Callers, traffic.Over), opponents.Service.Process),
            new Side("echo", echo.Callers(Callers, traffic.Over), opponents.Echo.Process),
            pace);
        var speed = await contest.SaturateAsync();
        var latency = await contest.PaceAsync(Math.Floor(Math.Min(speed.Ours.Median, speed.Theirs.Median) * EasyShare));
        var (faults, described) = (contest.Faults.Count, contest.Faults.ToString());
        return
        [
            new Row(
                $"{what}: throughput, {Callers} in flight",
                "at least 0.8",
                Invariant($"{speed.Ratio.Say()}; {speed.Ours.Median:N0} by {speed.Theirs.Median:N0} a second, server {speed.OurTime.Median:N0} by {speed.TheirTime.Median:N0} µs of processor a call"),
                speed.Ratio.AtLeast(0.8)).Unless(faults, described),
            new Row(
                Invariant($"{what}: p50, open loop at {latency.Rate:N0} a second"),
                "at most 1.25",
                Invariant($"{latency.Ratio.Say()}; {latency.OurMiddle.Median:N0} by {latency.TheirMiddle.Median:N0} µs, p99 {latency.OurTail.Median:N0} by {latency.TheirTail.Median:N0}"),
                latency.Ratio.AtMost(1.25)).Unless(faults, described),
        ];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
