using System.Globalization;
using Relapse.Load.Measuring;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>ClassifyCohort against the echo, in the same chunks.</summary>
internal static class CohortRow
{
    // A stream has one chunk on its way, and a few streams keep both ends busy.
    private const int Streams = 4;

    public static async Task<Row> MeasureAsync(Opponents opponents, Pace pace)
    {
        var traffic = new CohortTraffic(opponents.Pool, opponents.Answers);
        using var service = new Connections(opponents.Service.Grpc);
        using var echo = new Connections(opponents.Echo.Grpc);
        var ours = new Side("service", service.Callers(Streams, traffic.Over), opponents.Service.Process);
        var theirs = new Side("echo", echo.Callers(Streams, traffic.Over), opponents.Echo.Process);
        var contest = new Contest(ours, theirs, pace);
        var speed = await contest.SaturateAsync();
        await contest.CloseAsync();
        return new Row(
            $"ClassifyCohort in chunks of {CasePool.Count}, {opponents.Pool.Name}; one protocol, by the echo in the same chunks: items, {Streams} streams",
            "at least 0.5",
            string.Create(CultureInfo.InvariantCulture, $"{speed.Ratio.Say()}; {speed.Ours.Median * CasePool.Count:N0} by {speed.Theirs.Median * CasePool.Count:N0} a second, server {speed.OurTime.Median / CasePool.Count:N1} by {speed.TheirTime.Median / CasePool.Count:N1} µs of processor an item"),
            speed.Ratio.AtLeast(0.5)).Unless(contest.Faults.Count, contest.Faults.ToString());
    }
}
