using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>
/// Reads the tables of a document as they are printed, for one child of whom every word is known. Knows neither diagrams nor
/// the kernel; a conclusion left open is looked up as one more thing known: <c>decision/rule</c>.
/// </summary>
internal sealed class DocumentNaively(ProtocolDocument document)
{
    public const string OutOfScope = "OUT_OF_SCOPE";

    /// <summary>What a decision concludes.</summary>
    /// <param name="decision">Id of the decision.</param>
    /// <param name="words">A word for each input and reading; for a decision's id, what the centre established.</param>
    public (string Conclusion, string Rule) Decide(string decision, IReadOnlyDictionary<string, string> words)
    {
        var table = document.Decisions[decision];
        if (table.Scope.FirstOrDefault(scope => !scope.Within.Values_.Contains(words[scope.Input])) is { } outside)
        {
            return (OutOfScope, outside.Id);
        }
        var cell = table.Inputs.ToDictionary(input => input, input => See(input, words), StringComparer.Ordinal);
        if (cell.LastOrDefault(entry => entry.Value == OutOfScope) is { Key: { } feeder })
        {
            // Of several the last says why: whatever the others would have concluded, it is out of scope.
            // One rule for whatever it would have concluded stands all the same.
            var rules = document.Decisions[feeder].Conclusions.Select(conclusion => Rules(table, new Dictionary<string, string>(cell) { [feeder] = conclusion })).ToArray();
            return rules.All(found => found is [var only] && only == rules[0][0]) ? Conclude(decision, rules[0][0], words) : (OutOfScope, Decide(feeder, words).Rule);
        }
        return Rules(table, cell) switch
        {
            [var rule] => Conclude(decision, rule, words),
            var several => throw new InvalidOperationException($"{several.Length} rules of {decision} for {string.Join(", ", cell)}"),
        };
    }

    /// <summary>The rules of a table that hold in a cell over its own inputs.</summary>
    public static Rule[] Rules(DecisionTable table, IReadOnlyDictionary<string, string> cell) =>
        [.. table.Rules.Where(rule => rule.When.All(condition => condition.Value.Values_.Contains(cell[condition.Key])))];

    /// <summary>The words that a table may meet under a name.</summary>
    public IReadOnlyList<string> Words(string name) =>
        document.Inputs.TryGetValue(name, out var input) ? [.. input.Values, .. input.Bands.Keys.Order(StringComparer.Ordinal)]
        : document.Readings.TryGetValue(name, out var reading) ? [.. reading.Values.Keys]
        : document.Decisions[name].Conclusions;

    private string See(string name, IReadOnlyDictionary<string, string> words) =>
        words.TryGetValue(name, out var word) ? word : Decide(name, words).Conclusion;

    private static (string, string) Conclude(string decision, Rule rule, IReadOnlyDictionary<string, string> words) =>
        (rule.Then.Values_ is [var only] ? only : words[$"{decision}/{rule.Id}"], rule.Id);
}
