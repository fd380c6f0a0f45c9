namespace Relapse.Load.Day;

/// <summary>The replicas of a service: each does one thing at a time, and what comes goes to the one that is free first.</summary>
/// <param name="name">Its name.</param>
/// <param name="replicas">How many there are; at least 1.</param>
/// <param name="cores">What each has of a processor; over 0.</param>
internal sealed class Station(string name, int replicas, double cores)
{
    private readonly double[] _freeAt = new double[replicas];
    private readonly Dictionary<int, double> _workOfMinute = [];

    public string Name => name;

    /// <summary>What the replicas have of processors together.</summary>
    public double Cores => replicas * cores;

    /// <summary>The work of the minute with most to do, by what the replicas can do in one.</summary>
    public double BusiestMinute => _workOfMinute.Count == 0 ? 0 : _workOfMinute.Values.Max() / (60 * Cores);

    /// <summary>When something is done that comes now. Whoever asks does so in the order of time.</summary>
    /// <param name="now">Seconds.</param>
    /// <param name="work">Seconds of one processor.</param>
    public double DoneAt(double now, double work)
    {
        var first = 0;
        for (var replica = 1; replica < _freeAt.Length; replica++)
        {
            first = _freeAt[replica] < _freeAt[first] ? replica : first;
        }

        var minute = (int)(now / 60);
        _workOfMinute[minute] = _workOfMinute.GetValueOrDefault(minute) + work;
        return _freeAt[first] = Math.Max(now, _freeAt[first]) + (work / cores);
    }
}
