using System.Collections.Concurrent;
using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Two decisions compared, with how a case is put to them. In which regions they differ is worked out when it is first asked for.</summary>
internal sealed class ComparedPair
{
    private readonly DecisionPair _pair;
    private readonly Lazy<ComparisonResult> _result;

    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="weigh">Told how many regions there are, once that is known.</param>
    public ComparedPair(ComparedSide one, ComparedSide other, Action<int> weigh)
    {
        (One, Other) = (one, other);
        _pair = DecisionComparison.Compare(one.ForKernel, other.ForKernel);
        Facts = new ComparedFacts(_pair.Inputs, [one, other]);
        IsComplete = _pair.IsComplete && Facts.IsComplete;
        _result = new Lazy<ComparisonResult>(() =>
        {
            weigh(_pair.Result.Regions.Length);
            return _pair.Result;
        });
    }

    public ComparedSide One { get; }

    public ComparedSide Other { get; }

    public ComparedFacts Facts { get; }

    /// <summary>The inputs over which a case is put to them.</summary>
    public ImmutableArray<ComparedInput> Inputs => _pair.Inputs;

    /// <summary>Whether the two are compared in full, so that a case can be put to them.</summary>
    public bool IsComplete { get; }

    /// <summary>The words that do not mean the same patients on both sides.</summary>
    public IReadOnlySet<string> ApartWords => _pair.ApartWords;

    /// <summary>One function of the facts, whatever the case.</summary>
    public bool IsOne => IsComplete && _pair.IsOne;

    /// <summary>Where they differ, whatever the case.</summary>
    public ComparisonResult Result => _result.Value;

    /// <summary>Whether the two may conclude alike for a case, and whether they may differ.</summary>
    public (bool Alike, bool Differ) May(IReadOnlyList<ValueSet[]> boxes) => _pair.May(boxes);

    /// <summary>Whether they divide patients apart, and not by words alone; see <see cref="DecisionPair.DivideApart"/>.</summary>
    public bool DivideApart(IReadOnlyList<ValueSet[]>? here, IReadOnlyList<ValueSet[]>? among) => _pair.DivideApart(here, among);

    /// <summary>Where they differ for a case.</summary>
    public DifferingCase Differing(IReadOnlyList<ValueSet[]> boxes)
    {
        _ = Result;
        return _pair.Differing(boxes);
    }
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
                Hold(SizeOfComparison);
                return new ComparedPair(one, other, Hold);
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
                Hold(SizeOfComparison);
                return SideBySide.Of([.. sides.Select(side => side.ForKernel)]) is { } all ? new ComparedTogether(all, new ComparedFacts(all.Inputs, sides)) : null;
            }));
        }

        return together.Value;
    }

    private void Hold(int size)
    {
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
