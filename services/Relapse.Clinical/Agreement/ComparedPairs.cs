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
    /// <summary>
    /// Beyond what callers who mean it need, in comparisons and the regions found in them, of about a kilobyte each: all are forgotten then,
    /// and made again when asked for.
    /// </summary>
    private const int Most = 200_000;

    /// <summary>What a comparison takes beside its regions, as so many of them.</summary>
    private const int SizeOfComparison = 100;

    private readonly ConcurrentDictionary<(string One, string Other), Lazy<ComparedPair>> _pairs = new();
    private readonly ConcurrentDictionary<string, Lazy<ComparedTogether?>> _together = new(StringComparer.Ordinal);

    private int _held;

    public static ComparedPairs Shared { get; } = new();

    public ComparedPair Of(ComparedSide one, ComparedSide other)
    {
        var key = (Key(one), Key(other));
        if (!_pairs.TryGetValue(key, out var pair))
        {
            pair = _pairs.GetOrAdd(key, new Lazy<ComparedPair>(() =>
            {
                var compared = new ComparedPair(one, other);
                Hold(compared.Pair.Result.Regions.Length);
                return compared;
            }));
        }

        return pair.Value;
    }

    /// <summary>Several side by side; null when an input has not the same values with all of them.</summary>
    public ComparedTogether? Together(IReadOnlyList<ComparedSide> sides)
    {
        var key = string.Join('\n', sides.Select(Key));
        if (!_together.TryGetValue(key, out var together))
        {
            together = _together.GetOrAdd(key, new Lazy<ComparedTogether?>(() =>
            {
                Hold(regions: 0);
                return SideBySide.Of([.. sides.Select(side => side.ForKernel)]) is { } all ? new ComparedTogether(all, new ComparedFacts(all.Inputs, sides)) : null;
            }));
        }

        return together.Value;
    }

    private void Hold(int regions)
    {
        var size = SizeOfComparison + regions;
        if (Interlocked.Add(ref _held, size) > Most)
        {
            _pairs.Clear();
            _together.Clear();
            Interlocked.Exchange(ref _held, size);
        }
    }

    private static string Key(ComparedSide side) =>
        $"{side.Protocol.Digest} {side.Decision.Id} {string.Join(' ', side.Held.Select(held => $"{held.Key}={held.Value}"))} {string.Join(' ', side.Measured.Values)}";
}
