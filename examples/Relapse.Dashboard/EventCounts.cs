namespace Relapse.Dashboard;

/// <summary>
/// Counts events, each once. In memory: a restart begins at zero, and ids that are older than the last 100,000 are forgotten. Who keeps
/// counts in a database keeps the id beside them, in the same transaction.
/// </summary>
internal sealed class EventCounts
{
    private const int MostKnown = 100_000;

    private readonly Lock _counting = new();
    private readonly Dictionary<string, string> _requests = new(StringComparer.Ordinal);
    private readonly Queue<string> _known = new();
    private readonly SortedDictionary<string, int> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<RiskGroup, int> _groups = [];
    private int _duplicates;
    private int _conflicts;

    /// <summary>Counts an event, unless it was counted before.</summary>
    /// <param name="id">What it is known by.</param>
    /// <param name="type">Its type.</param>
    /// <param name="groups">The groups that it adds to.</param>
    /// <param name="request">The digest of the request behind it: one id for two requests is a caller who used a request id twice.</param>
    public void Add(string id, string type, IReadOnlyList<RiskGroup> groups, string request)
    {
        lock (_counting)
        {
            if (_requests.TryGetValue(id, out var before))
            {
                _ = before == request ? _duplicates++ : _conflicts++;
                return;
            }

            Remember(id, request);
            _types[type] = _types.GetValueOrDefault(type) + 1;
            foreach (var group in groups)
            {
                _groups[group] = _groups.GetValueOrDefault(group) + 1;
            }
        }
    }

    /// <summary>The counts as they are.</summary>
    public DashboardPage Show()
    {
        lock (_counting)
        {
            return new DashboardPage(
                new SortedDictionary<string, int>(_types, StringComparer.Ordinal),
                _duplicates,
                _conflicts,
                [
                    .. _groups.Select(entry => new GroupCount(entry.Key.Protocol, entry.Key.Outcome, entry.Key.Group, entry.Value))
                        .OrderBy(row => row.Protocol, StringComparer.Ordinal).ThenBy(row => row.Group, StringComparer.Ordinal).ThenBy(row => row.Outcome, StringComparer.Ordinal),
                ]);
        }
    }

    private void Remember(string id, string request)
    {
        _requests.Add(id, request);
        _known.Enqueue(id);
        if (_known.Count > MostKnown)
        {
            _requests.Remove(_known.Dequeue());
        }
    }
}

/// <summary>What the dashboard shows.</summary>
/// <param name="Events">How many events, by type.</param>
/// <param name="Duplicates">How many came again and were not counted.</param>
/// <param name="Conflicts">How many came under the id of another request's event, and were not counted.</param>
/// <param name="Groups">How many classifications, by protocol and group.</param>
internal sealed record DashboardPage(IReadOnlyDictionary<string, int> Events, int Duplicates, int Conflicts, IReadOnlyList<GroupCount> Groups);

/// <summary>How many classifications came out alike under one protocol.</summary>
internal sealed record GroupCount(string Protocol, string Outcome, string Group, int Count);
