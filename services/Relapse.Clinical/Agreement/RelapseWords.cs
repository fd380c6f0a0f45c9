using Relapse.Clinical.Facts;
using Relapse.Decisions;

namespace Relapse.Clinical;

/// <summary>
/// Says of which relapses conditions hold: `late B-cell precursor isolated marrow relapse`, made of the documents' own labels, or, of what
/// is no kind of relapse, `where blood blasts are present`.
/// </summary>
internal sealed class RelapseWords(ComparedSide one, ComparedSide other, ProtocolWords words)
{
    /// <summary>To begin a sentence with; empty for no conditions.</summary>
    public string For(IReadOnlyList<RegionCondition> conditions) => Kind(conditions) is { } kind ? $"For {kind}" : conditions.Count == 0 ? "" : "Where " + Facts(conditions);

    /// <summary>To end one with.</summary>
    public string On(IReadOnlyList<RegionCondition> conditions) => Kind(conditions) is { } kind ? "on " + kind : "where " + Facts(conditions);

    /// <summary>Of whom they hold: `late isolated marrow relapse`, `relapse where blasts in the marrow, in percent, are more than 25, up to 30`.</summary>
    public string Patients(IReadOnlyList<RegionCondition> conditions)
    {
        var kinds = conditions.Where(condition => IsDecision(condition.Name) || (condition.Intervals.IsEmpty && condition.Labels.All(FactWords.IsKind))).ToList();
        var kind = kinds.Count == 0 ? "relapse" : Kind(kinds);
        var clocks = ClockSpanWords.Of(conditions.Where(condition => ClockWords.IsClock(condition.Name)).ToList());
        var rest = conditions.Where(condition => !ClockWords.IsClock(condition.Name) && (kind is null || !kinds.Contains(condition))).ToList();
        return (kind ?? "relapse") + (clocks.Length > 0 ? " " + clocks : "") + (rest.Count > 0 ? (clocks.Length > 0 ? ", where " : " where ") + Facts(rest) : "");
    }

    public bool IsDecision(string name) => one.Protocol.Decisions.ContainsKey(name);

    /// <summary>A fact, a reading or what a rule leaves open, with its unit after a comma; of a result, at whose time point.</summary>
    public string Fact(string name) => FindingWords.Of(name, one.Protocol, other.Protocol)
        ?? (IsReading(name) ? $"the reading of {ProtocolWords.Spoken(name)}" : FactWords.Of(name).Replace(FactWords.OwnTimePoint, TimePoint(name), StringComparison.Ordinal));

    private bool IsReading(string name) => one.Protocol.Document.Readings.ContainsKey(name) || other.Protocol.Document.Readings.ContainsKey(name);

    /// <summary>Two results may stand in one sentence, and each protocol has time points of its own.</summary>
    private string TimePoint(string name)
    {
        ComparedSide[] whose = [.. new[] { one, other }.Where(side => side.Measured.GetValueOrDefault(MeasuredInputs.Plain(name)) == name)];
        return whose is [var only] ? $"the time point of {words.Name(only.Protocol)}" : whose.Length == 2 ? "the time point of both" : FactWords.OwnTimePoint;
    }

    /// <summary>How early, whose leukaemia, where; each label without the noun that all of them share, which is said once.</summary>
    private string? Kind(IReadOnlyList<RegionCondition> conditions)
    {
        var labels = conditions.Where(condition => IsDecision(condition.Name)).SelectMany(Words).ToList();
        string[] nouns = [.. labels.Select(label => label.Split(' ')[^1]).Distinct(StringComparer.Ordinal)];
        if (nouns is not [var noun] || labels.Contains(noun)
            || conditions.Any(condition => !IsDecision(condition.Name) && (condition.Intervals.Length > 0 || !condition.Labels.All(FactWords.IsKind))))
        {
            return null;
        }

        var parts = conditions.OrderBy(Order).Select(condition => ProtocolWords.Or(Words(condition).Select(word => IsDecision(condition.Name) ? word[..^(noun.Length + 1)] : word)));
        return $"{string.Join(' ', parts)} {noun}";
    }

    /// <summary>Those that do not hold of everyone; clocks, of which both must be said for either to be understood, in any case.</summary>
    public IEnumerable<RegionCondition> Telling(IEnumerable<RegionCondition> conditions) => conditions.Where(condition =>
        ClockWords.IsClock(condition.Name)
        || (IsDecision(condition.Name) ? !one.Protocol.Document.Decisions[condition.Name].Conclusions.All(condition.Labels.Contains)
            : !FactWords.IsOfEveryone(condition) && !FindingWords.IsAny(condition, one.Protocol, other.Protocol)));

    private string Facts(IEnumerable<RegionCondition> conditions) => ProtocolWords.And(conditions.OrderBy(Order).Select(condition =>
    {
        var fact = IsDecision(condition.Name) ? ProtocolWords.Spoken(condition.Name) : Fact(condition.Name);
        return $"{fact}{(fact.Contains(',', StringComparison.Ordinal) ? "," : "")} {(FactWords.IsPlural(fact) ? "are" : "is")} {ProtocolWords.Or(Words(condition))}";
    }));

    private IEnumerable<string> Words(RegionCondition condition) => IsDecision(condition.Name)
        ? condition.Labels.Select(word => word == CompiledDecision.OutOfScope ? ProtocolWords.Spoken(word) : words.PlainLabel(one.Protocol.Name, condition.Name, word))
        : condition.Labels.Select(word => FactWords.OfWord(condition.Name, word)).Concat(condition.Intervals.Select(interval => FactWords.OfInterval(condition.Name, interval)));

    private int Order(RegionCondition condition) => !IsDecision(condition.Name) ? 1 : ClockWords.IsTimed(one, condition.Name) ? 0 : 2;
}
