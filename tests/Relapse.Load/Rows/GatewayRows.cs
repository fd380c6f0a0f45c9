using System.Globalization;
using Relapse.Load.Measuring;
using Relapse.Load.Servers;
using Relapse.Load.Traffic;

namespace Relapse.Load.Rows;

/// <summary>
/// The gateway against bare YARP, both in front of the echo: the quicker the service behind it, the more of a call is the
/// gateway's. Both sides carry a token; the gateway judges it, YARP and the echo pass it over.
/// </summary>
internal static class GatewayRows
{
    private const int Callers = 32;
    private const double Hold = 0.85;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Opponents opponents, Address gateway, Address proxy, string bearer, Pace pace) =>
    [
        await GrpcAsync(opponents, gateway, proxy, bearer, pace),
        await JsonAsync(opponents, gateway, proxy, bearer, pace),
    ];

    private static async Task<Row> GrpcAsync(Opponents opponents, Address gateway, Address proxy, string bearer, Pace pace)
    {
        var traffic = new UnaryTraffic(opponents.Pool, opponents.Answers, bearer);
        using var ours = new Connections(gateway.Grpc);
        using var theirs = new Connections(proxy.Grpc);
        return await CompareAsync(
            "gRPC",
            new Side("gateway", ours.Callers(Callers, traffic.Over), gateway.Process),
            new Side("YARP", theirs.Callers(Callers, traffic.Over), proxy.Process),
            pace);
    }

    private static async Task<Row> JsonAsync(Opponents opponents, Address gateway, Address proxy, string bearer, Pace pace)
    {
        using var direct = new HttpClient { BaseAddress = opponents.Echo.Http };
        using var ours = new HttpClient { BaseAddress = gateway.Http };
        using var theirs = new HttpClient { BaseAddress = proxy.Http };
        ours.DefaultRequestHeaders.Add("Authorization", bearer);
        theirs.DefaultRequestHeaders.Add("Authorization", bearer);
        var traffic = await JsonTraffic.AskAsync(direct, opponents.Pool);
        return await CompareAsync(
            "JSON",
            new Side("gateway", [.. Enumerable.Range(0, Callers).Select(_ => traffic.Over(ours))], gateway.Process),
            new Side("YARP", [.. Enumerable.Range(0, Callers).Select(_ => traffic.Over(theirs))], proxy.Process),
            pace);
    }

    private static async Task<Row> CompareAsync(string face, Side ours, Side theirs, Pace pace)
    {
        var contest = new Contest(ours, theirs, pace);
        var speed = await contest.SaturateAsync();
        return new Row(
            $"gateway with auth, limits and telemetry by bare YARP to the same service: {face}, {Callers} in flight",
            "at least 0.85",
            string.Create(CultureInfo.InvariantCulture, $"{speed.Ratio.Say()}; {speed.Ours.Median:N0} by {speed.Theirs.Median:N0} a second, proxy {speed.OurTime.Median:N0} by {speed.TheirTime.Median:N0} µs of processor a call"),
            speed.Ratio.AtLeast(Hold)).Unless(contest.Faults.Count, contest.Faults.ToString());
    }
}
