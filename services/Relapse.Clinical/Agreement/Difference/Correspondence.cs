using System.Collections.Immutable;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Which words of two protocols stand for one class under other names. A word that the other has not is held to the one word of the other
/// that it has not itself and that covers some of the same patients: no other word could be its counterpart. Where there are several, or
/// none, the words stay apart.
/// </summary>
internal static class Correspondence
{
    /// <summary>For words of the one, the words of the other.</summary>
    /// <param name="one">The one side.</param>
    /// <param name="other">The other side.</param>
    /// <param name="byWord">The two compared word by word.</param>
    public static ImmutableDictionary<string, string> Of(ComparedSide one, ComparedSide other, DecisionDifferences byWord)
    {
        var (own, others) = (Alone(one, other), Alone(other, one));
        var pairs = byWord.Regions
            .SelectMany(region => from word in region.ConclusionsA from counterpart in region.ConclusionsB select (Word: word, Counterpart: counterpart))
            .Where(pair => own.Contains(pair.Word) && others.Contains(pair.Counterpart))
            .Distinct()
            .ToList();
        return pairs
            .Where(pair => pairs.Count(each => each.Word == pair.Word) == 1 && pairs.Count(each => each.Counterpart == pair.Counterpart) == 1)
            .ToImmutableDictionary(pair => pair.Word, pair => pair.Counterpart, StringComparer.Ordinal);
    }

    private static HashSet<string> Alone(ComparedSide one, ComparedSide other) =>
        [.. one.Decision.Table.Conclusions.Except(other.Decision.Table.Conclusions, StringComparer.Ordinal)];
}
