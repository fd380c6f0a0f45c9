using System.Collections.Concurrent;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Two decisions compared, with how a case is put to them.</summary>
internal sealed class ComparedPair
{
    public ComparedPair(ComparedSide one, ComparedSide other)
    {
        (One, Other) = (one, other);
        Pair = DecisionComparison.Compare(one.ForKernel, other.ForKernel);
        Facts = new ComparedFacts(Pair.Inputs, [one, other]);
        IsComplete = Pair.IsComplete && Facts.IsComplete;
        ApartWords = Pair.Result.Regions.SelectMany(region => new[] { region.ConclusionA, region.ConclusionB }).ToHashSet(StringComparer.Ordinal);
    }

    public ComparedSide One { get; }

    public ComparedSide Other { get; }

    public DecisionPair Pair { get; }

    public ComparedFacts Facts { get; }

    /// <summary>Whether the two are compared in full, so that a case can be put to them.</summary>
    public bool IsComplete { get; }

    /// <summary>The words that do not mean the same patients on both sides.</summary>
    public IReadOnlySet<string> ApartWords { get; }

    /// <summary>One function of the facts, whatever the case.</summary>
    public bool IsOne => IsComplete && Pair.Result.Regions.IsEmpty;
}

/// <summary>Several decisions side by side, with how a case is put to them.</summary>
internal sealed record ComparedTogether(SideBySide All, ComparedFacts Facts);

/// <summary>
/// Comparisons of decisions, each made once, when it is first asked for. They hang on the two documents, the readings in use and what a
/// centre established, and on nothing else of a case. Safe for concurrent use.
/// </summary>
internal sealed class ComparedPairs
{
    /// <summary>Beyond any number that callers who mean it need: all are forgotten then, and made again when asked for.</summary>
    private const int Most = 2048;

    private readonly ConcurrentDictionary<(string One, string Other), Lazy<ComparedPair>> _pairs = new();
    private readonly ConcurrentDictionary<string, Lazy<ComparedTogether?>> _together = new(StringComparer.Ordinal);

    public static ComparedPairs Shared { get; } = new();

    public int Count => _pairs.Count;

    public ComparedPair Of(ComparedSide one, ComparedSide other)
    {
        var key = (Key(one), Key(other));
        if (!_pairs.TryGetValue(key, out var pair))
        {
            if (_pairs.Count >= Most)
            {
                _pairs.Clear();
            }

            pair = _pairs.GetOrAdd(key, new Lazy<ComparedPair>(() => new ComparedPair(one, other)));
        }

        return pair.Value;
    }

    /// <summary>Several side by side; null when an input has not the same values with all of them.</summary>
    public ComparedTogether? Together(IReadOnlyList<ComparedSide> sides)
    {
        var key = string.Join('\n', sides.Select(Key));
        if (!_together.TryGetValue(key, out var together))
        {
            if (_together.Count >= Most)
            {
                _together.Clear();
            }

            together = _together.GetOrAdd(key, new Lazy<ComparedTogether?>(() =>
                SideBySide.Of([.. sides.Select(side => side.ForKernel)]) is { } all ? new ComparedTogether(all, new ComparedFacts(all.Inputs, sides)) : null));
        }

        return together.Value;
    }

    private static string Key(ComparedSide side) =>
        $"{side.Protocol.Digest} {side.Decision.Id} {string.Join(' ', side.Held.Select(held => $"{held.Key}={held.Value}"))} {string.Join(' ', side.Measured.Values)}";
}
