using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>Says of one word that several protocols conclude for which of them it covers the same patients, and where it covers others.</summary>
/// <param name="decision">The decision, as the documents have it.</param>
/// <param name="sides">Positions among the sides of the decision of the protocols that conclude the word.</param>
/// <param name="words">The names.</param>
internal sealed class MeaningWords(ComparedDecisionOfAll decision, IReadOnlyList<int> sides, ProtocolWords words)
{
    /// <summary>As many kinds of relapse as can be named in one sentence; more are counted.</summary>
    private const int Few = 2;

    /// <summary>Protocols whose word covers the same patients stand together.</summary>
    public string Say(string word)
    {
        List<List<int>> alike = [];
        foreach (var side in sides)
        {
            if (alike.Find(group => MeansTheSame(group[0], side, word)) is { } group)
            {
                group.Add(side);
            }
            else
            {
                alike.Add([side]);
            }
        }

        return alike switch
        {
            [var one] => $"{word} covers the same patients in {Names(one)}.",
            [var one, var other] when !decision.Pair(one[0], other[0]).IsComplete =>
                $"Whether {word} covers the same patients in {Names(one)} as in {Names(other)} cannot be said, because they look at facts in words that are not each other's.",
            [var one, var other] => $"{word} covers other patients in {Names(one)} than in {Names(other)}{Where(one[0], other[0], word)}.{Labels(alike, word)}",
            _ when Pairs(alike).Any(pair => !pair.IsComplete) => $"{word} may cover other patients in each of these: {string.Join("; ", alike.Select(Names))}.",
            _ => $"{word} covers other patients in each of these: {string.Join("; ", alike.Select(Names))}.{Labels(alike, word)}",
        };
    }

    private bool MeansTheSame(int one, int other, string word) => decision.Pair(one, other) is var pair && pair.IsComplete && !pair.ApartWords.Contains(word);

    private IEnumerable<ComparedPair> Pairs(List<List<int>> alike) =>
        from one in Enumerable.Range(0, alike.Count)
        from other in Enumerable.Range(one + 1, alike.Count - one - 1)
        select decision.Pair(alike[one][0], alike[other][0]);

    private string Where(int one, int other, string word)
    {
        var pair = decision.Pair(one, other);
        var regions = pair.Result.Regions.Where(region => region.ConclusionA == word || region.ConclusionB == word).ToLookup(IsByScope);
        string[] reasons = [.. new[] { Differing(pair, [.. regions[false]]) }.OfType<string>(), .. OutOfScope(pair, [.. regions[true]])];
        return reasons.Length == 0 ? "" : $": {string.Join("; ", reasons)}";
    }

    private static bool IsByScope(DifferingRegion region) => region.ConclusionA == CompiledDecision.OutOfScope || region.ConclusionB == CompiledDecision.OutOfScope;

    /// <summary>Where both cover a relapse and call it otherwise; null for nowhere, and where it cannot be said.</summary>
    private string? Differing(ComparedPair pair, List<DifferingRegion> regions)
    {
        var relapses = new RelapseWords(pair.One, pair.Other, words);
        var conditions = regions.Select(region => relapses.Telling(region.Conditions.Where(condition => IsByRules(pair, condition.Name))).ToList()).ToList();
        if (conditions.Count == 0 || conditions.Exists(region => region.Count == 0))
        {
            return null;
        }

        if (conditions.SelectMany(region => region).Any(condition => ClockWords.IsClock(condition.Name)))
        {
            return new ClockWords(pair, words).Counted();
        }

        var kinds = conditions.Select(relapses.On).Distinct(StringComparer.Ordinal).ToList();
        return $"they differ {(kinds.Count > Few ? $"in {kinds.Count} kinds of relapse" : ProtocolWords.And(kinds))}";
    }

    /// <summary>For each that leaves out of its scope whom the other calls by the word, by which facts.</summary>
    private IEnumerable<string> OutOfScope(ComparedPair pair, List<DifferingRegion> regions)
    {
        var relapses = new RelapseWords(pair.One, pair.Other, words);
        foreach (var (index, side) in new[] { pair.One, pair.Other }.Index())
        {
            var leftOut = regions.Where(region => (index == 0 ? region.ConclusionA : region.ConclusionB) == CompiledDecision.OutOfScope)
                .SelectMany(region => region.Conditions).Select(condition => condition.Name).ToHashSet(StringComparer.Ordinal);
            string[] own = [.. pair.Facts.ScopeOf(index).Except(pair.Facts.ScopeOf(1 - index)).Select(scope => pair.Inputs[scope.Input].Name).Where(leftOut.Contains).Select(relapses.Fact).Select(FactWords.WithoutUnit).Distinct(StringComparer.Ordinal)];
            if (leftOut.Count > 0)
            {
                yield return $"some are out of scope in {words.Name(side.Protocol.Name)}{(own.Length == 0 ? "" : $" by {ProtocolWords.And(own)}")}";
            }
        }
    }

    /// <summary>What a scope asks of every case says nothing of the kind of relapse.</summary>
    private static bool IsByRules(ComparedPair pair, string name) => new[] { pair.One, pair.Other }.Any(side =>
        side.Decision.Feeders.Append(side.Decision.Id).Any(table => side.Protocol.Document.Decisions[table].Inputs.Contains(name)));

    /// <summary>What the documents themselves say of the word, where one says more than a name and they do not say the same.</summary>
    private string Labels(List<List<int>> alike, string word)
    {
        var heads = alike.Select(group => Protocol(group[0])).ToList();
        return heads.Select(protocol => words.Label(protocol, decision.Id, word)).Distinct(StringComparer.Ordinal).Count() > 1
            && heads.Exists(protocol => words.IsExplained(protocol, decision.Id, word))
                ? $" {string.Join("; ", heads.Select(protocol => words.Explained(protocol, decision.Id, word)))}."
                : "";
    }

    private string Names(IEnumerable<int> group) => ProtocolWords.And(group.Select(side => words.Name(Protocol(side))));

    private string Protocol(int side) => decision.Sides[side].Protocol.Name;
}
