namespace Relapse.Cli;

/// <summary>
/// An answer as a table for people: for each protocol the decisions that a question shows, each with its rule and where
/// the rule stands, what must hold, and what is missing; under them where the protocols part, and what stands beside them.
/// </summary>
internal sealed class AnswerTable
{
    private const string OutcomePrefix = "OUTCOME_";
    private const string DirectionPrefix = "MODIFIER_DIRECTION_";

    private readonly (string Id, string Label)[] _shown;
    private readonly bool _showsUndefined;
    private readonly int _label;

    /// <param name="shown">The decisions shown, in order, each with what it is called; an id that ends in a dot stands for all options that begin so.</param>
    /// <param name="showsUndefined">Whether a protocol's row for a decision that it does not define is shown.</param>
    public AnswerTable((string Id, string Label)[] shown, bool showsUndefined) =>
        (_shown, _showsUndefined, _label) = (shown, showsUndefined, 2 + Width(shown.Select(row => row.Label)));

    public void Print(Answer answer, TextWriter output)
    {
        var sources = new List<string>();
        var blocks = answer.Decisions
            .GroupBy(decision => decision.Protocol, StringComparer.Ordinal)
            .Select(protocol => Block(protocol, sources))
            .Where(block => block.Rows.Count > 0)
            .ToList();
        var conclusion = Width(blocks.SelectMany(block => block.Rows).Select(row => row.Conclusion));
        var rule = Width(blocks.SelectMany(block => block.Rows).Select(row => row.Rule));
        foreach (var block in blocks)
        {
            output.WriteLine(block.Heading);
            foreach (var row in block.Rows)
            {
                output.WriteLine($"  {row.Label.PadRight(_label)}{row.Conclusion.PadRight(conclusion)}  {row.Rule.PadRight(rule)}  {row.Place}".TrimEnd());
            }

            foreach (var remark in block.Remarks)
            {
                output.WriteLine("  " + remark);
            }

            output.WriteLine();
        }

        PrintAgreements(answer, output);
        PrintModifiers([.. answer.Decisions.SelectMany(decision => decision.Modifiers).Distinct()], output);
        ContextTable.Print(answer.Context, output);
        for (var source = 0; source < sources.Count; source++)
        {
            output.WriteLine($"[{source + 1}] {sources[source]}");
        }
    }

    private void PrintAgreements(Answer answer, TextWriter output)
    {
        var shown = _shown
            .SelectMany(shown => answer.Agreements.Where(agreement => agreement.Id == shown.Id).Select(agreement => (shown.Label, Agreement: agreement)))
            .ToList();
        if (shown.Count == 0)
        {
            return;
        }

        output.WriteLine("between protocols");
        foreach (var (label, agreement) in shown)
        {
            // A sentence a line.
            var sentences = agreement.Summary.Split(". ");
            for (var sentence = 0; sentence < sentences.Length; sentence++)
            {
                output.WriteLine($"  {(sentence == 0 ? label : string.Empty).PadRight(_label)}{sentences[sentence]}{(sentence < sentences.Length - 1 ? "." : string.Empty)}");
            }

            // The summary says the one parting there is; of several each has a line of its own.
            foreach (var parting in agreement.Partings.Where(_ => agreement.Partings.Count > 1))
            {
                output.WriteLine($"  {string.Empty.PadRight(_label)}- {parting.Detail}");
            }
        }

        output.WriteLine();
    }

    // What no study group owns stands beside the answers of all of them, and is printed once.
    internal static void PrintModifiers(IReadOnlyCollection<Answer.Modifier> stated, TextWriter output)
    {
        if (stated.Count == 0)
        {
            return;
        }

        output.WriteLine("beside the conclusions, changing none");
        foreach (var modifier in stated.OrderBy(modifier => modifier.Protocol, StringComparer.Ordinal))
        {
            var direction = modifier.Direction.Replace(DirectionPrefix, string.Empty, StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant();
            output.WriteLine($"  {direction,-12}{modifier.Code} ({Heading(modifier.Protocol)}): {modifier.Detail}");
        }

        output.WriteLine();
    }

    private ProtocolBlock Block(IGrouping<string, Answer.Decision> protocol, List<string> sources)
    {
        var shown = _shown.SelectMany(shown => protocol.Where(decision => IsShown(shown.Id, decision)).Select(decision => (shown.Label, Decision: decision))).ToList();
        return new ProtocolBlock(
            Heading(protocol.Key),
            [.. shown.SelectMany(row => Rows(row.Label, row.Decision, sources))],
            [
                .. shown.SelectMany(row => Remarks(row.Label, row.Decision)).Distinct(StringComparer.Ordinal),
                .. shown.SelectMany(row => row.Decision.Warnings).Distinct().Select(warning => $"warning {warning.Code}: {warning.Detail}"),
            ]);
    }

    // Of options that stand beside each other only those are shown that may apply.
    private bool IsShown(string id, Answer.Decision decision) => id.EndsWith('.')
        ? decision.Id.StartsWith(id, StringComparison.Ordinal) && decision.Possible.Contains("APPLIES", StringComparer.Ordinal)
        : decision.Id == id && (_showsUndefined || decision.Outcome != OutcomePrefix + "NOT_DEFINED");

    private static int Width(IEnumerable<string> cells) => cells.Select(cell => cell.Length).DefaultIfEmpty().Max();

    // protocols/{id}/versions/{version}
    internal static string Heading(string protocol) => protocol.Split('/') is [_, var id, _, var version] ? $"{id} {version}" : protocol;

    // One row for the conclusion, and one more for each further rule that is still possible.
    private IEnumerable<Row> Rows(string label, Answer.Decision decision, List<string> sources)
    {
        // Options that share a label are told apart by their own names.
        var option = _shown.FirstOrDefault(shown => shown.Id.EndsWith('.') && decision.Id.StartsWith(shown.Id, StringComparison.Ordinal)).Id;
        var conclusion = option is null ? Conclusion(decision) : $"{decision.Id[option.Length..]}: {Conclusion(decision)}";
        if (decision.Because.Count == 0)
        {
            yield return new Row(label, conclusion, string.Empty, string.Empty);
        }

        foreach (var rule in decision.Because)
        {
            yield return new Row(label, conclusion, rule.Id, Place(rule, sources));
            (label, conclusion) = (string.Empty, string.Empty);
        }
    }

    internal static string Conclusion(Answer.Decision decision) => decision.Outcome switch
    {
        "OUTCOME_CONDITIONAL" => string.Join(" or ", decision.Possible) + ", conditional",
        _ when decision.Possible.Count > 0 => string.Join(" or ", decision.Possible),
        _ => decision.Outcome.Replace(OutcomePrefix, string.Empty, StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant(),
    };

    internal static string Place(Answer.Rule rule, List<string> sources)
    {
        if (rule.Citations.ToArray() is not [var first, .. var others])
        {
            return string.Empty;
        }

        if (!sources.Contains(first.Source, StringComparer.Ordinal))
        {
            sources.Add(first.Source);
        }

        var more = others.Length > 0 ? $" (and {others.Length} more)" : string.Empty;
        return $"[{sources.IndexOf(first.Source) + 1}] {first.Locator}{more}";
    }

    private static IEnumerable<string> Remarks(string label, Answer.Decision decision) =>
    [
        .. decision.Requires.Select(required => $"given   {required.Decision} is {required.Needed.Replace('_', ' ')}: {State(required.State)}{Open(required)}"),
        .. decision.Conditions.Select(condition => $"if      {condition.Id}: {condition.Detail}{Otherwise(label, condition)}"),
        .. decision.Missing.Select(missing => $"missing for {label}: {missing.Field}; {string.Join("; ", missing.WouldDecide.Select(Leads))}"),
        .. decision.IfConfirmed.Select(confirmed => $"then    {label}, if {confirmed.Decision} is {confirmed.Conclusion}: {string.Join(" or ", confirmed.Possible)}"),
        .. decision.Contradictions.Select(contradiction => $"against {string.Join(", ", contradiction.Fields)}: {contradiction.Detail}"),
    ];

    internal static string State(string state) => state.Replace("REQUIREMENT_STATE_", string.Empty, StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant();

    private static string Open(Answer.Requirement required) => required.Missing.Count == 0 ? string.Empty : $"; missing: {string.Join(", ", required.Missing)}";

    private static string Otherwise(string label, Answer.Condition condition) =>
        condition.Otherwise.Count == 0 ? string.Empty : $" Otherwise {label} is {string.Join(" or ", condition.Otherwise)}.";

    private static string Leads(Answer.WouldDecide value) => $"{value.Value} leaves {string.Join(" or ", value.Possible)}";

    private sealed record ProtocolBlock(string Heading, IReadOnlyList<Row> Rows, IReadOnlyList<string> Remarks);

    private sealed record Row(string Label, string Conclusion, string Rule, string Place);
}
