using System.Globalization;

namespace Relapse.Load.Day;

/// <summary>
/// A day of whole cases through replicas of every service, by what each was measured to take: in by the gateway, to the assessment, to the four
/// services side by side, back to the assessment and out by the gateway. Nothing is called: it is arithmetic with chance in it.
/// </summary>
internal sealed class DaySimulation
{
    // Seconds of one processor, docs/scale.md: what the gateway has in all, and what the assessment has, by halves before and after.
    private const double GatewayIn = 0.00032, GatewayOut = 0.00065, Asking = 0.0005, LayingOut = 0.0056;

    private static readonly (string Name, double Work)[] Parts = [("classification", 0.00025), ("mrd", 0.0005), ("transplant", 0.0007), ("outcome", 0.003)];

    private readonly DayShape _shape;
    private readonly int _calls;
    private readonly Station _gateway, _assessment;
    private readonly Station[] _parts;
    private readonly double[] _taken;

    /// <param name="shape">When calls come.</param>
    /// <param name="calls">How many there are.</param>
    /// <param name="assessments">Replicas of the assessment.</param>
    /// <param name="others">Replicas of every other service.</param>
    /// <param name="cores">What each replica has of a processor.</param>
    public DaySimulation(DayShape shape, int calls, int assessments, int others, double cores)
    {
        (_shape, _calls, _taken) = (shape, calls, new double[calls]);
        (_gateway, _assessment) = (new Station("gateway", others, cores), new Station("assessment", assessments, cores));
        _parts = [.. Parts.Select(part => new Station(part.Name, others, cores))];
    }

    private enum Stage
    {
        Come,
        Asked,
        Parted,
        PartDone,
        LaidOut,
    }

    /// <summary>How long the calls took, seconds, the shortest first.</summary>
    public IReadOnlyList<double> Taken => _taken;

    /// <summary>The service that its busiest minute asked most of.</summary>
    public Station Busiest => _parts.Append(_gateway).Append(_assessment).MaxBy(station => station.BusiestMinute)!;

    /// <summary>Goes through the day, and says how it was in a line.</summary>
    public string Run(int seed)
    {
        var calls = _shape.Calls(_calls, new Random(seed));
        var left = new int[_calls];
        var events = new PriorityQueue<(int Call, Stage Stage), double>();
        var next = 0;
        while (next < calls.Length || events.Count > 0)
        {
            // The next call is put among what goes on when its time has come, so that only what goes on is kept in order.
            if (next < calls.Length && (!events.TryPeek(out _, out var soonest) || calls[next].At <= soonest))
            {
                events.Enqueue((next, Stage.Come), calls[next].At);
                next++;
            }

            events.TryDequeue(out var happens, out var now);
            Step(happens.Call, happens.Stage, now, calls[happens.Call], left, events);
        }

        Array.Sort(_taken);
        return Line(calls);
    }

    private void Step(int call, Stage stage, double now, (double At, double Factor) come, int[] left, PriorityQueue<(int Call, Stage Stage), double> events)
    {
        switch (stage)
        {
            case Stage.Come:
                events.Enqueue((call, Stage.Asked), _gateway.DoneAt(now, GatewayIn));
                break;
            case Stage.Asked:
                events.Enqueue((call, Stage.Parted), _assessment.DoneAt(now, Asking * come.Factor));
                break;
            case Stage.Parted:
                left[call] = _parts.Length;
                for (var part = 0; part < _parts.Length; part++)
                {
                    events.Enqueue((call, Stage.PartDone), _parts[part].DoneAt(now, Parts[part].Work * come.Factor));
                }

                break;
            case Stage.PartDone when --left[call] == 0:
                events.Enqueue((call, Stage.LaidOut), _assessment.DoneAt(now, LayingOut * come.Factor));
                break;
            case Stage.LaidOut:
                _taken[call] = _gateway.DoneAt(now, GatewayOut * come.Factor) - come.At;
                break;
            default:
                break;
        }
    }

    private string Line((double At, double Factor)[] calls)
    {
        var hour = calls.GroupBy(call => (int)(call.At / 3600)).MaxBy(each => each.Count())!;
        var minute = calls.GroupBy(call => (int)(call.At / 60)).Max(each => each.Count());
        return string.Create(CultureInfo.InvariantCulture, $"{_shape.Name}: calls={_calls} worst_hour={100.0 * hour.Count() / _calls:0.0}% worst_minute_by_its_mean={minute * 60.0 / hour.Count():0.0} "
            + $"p50_ms={Quantile(0.5):0} p99_ms={Quantile(0.99):0} p999_ms={Quantile(0.999):0} slowest_ms={1000 * _taken[^1]:0} busiest={Busiest.Name} {100 * Busiest.BusiestMinute:0}% of {Busiest.Cores:0.##} cores in its worst minute");
    }

    private double Quantile(double share) => 1000 * _taken[(int)(share * (_calls - 1))];
}
