using System.Collections.Concurrent;

namespace Relapse.Load.Measuring;

/// <summary>What went wrong, and how often. A measurement with any is none.</summary>
internal sealed class Faults
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>How many calls failed.</summary>
    public long Count => _counts.Values.Sum();

    /// <summary>Notes the outcome of a call: null when it was well.</summary>
    public void Note(string? fault)
    {
        if (fault is not null)
        {
            _counts.AddOrUpdate(fault, 1, (_, count) => count + 1);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _counts.Select(entry => $"{entry.Value} x {entry.Key}"));
}
