using System.Collections.Immutable;
using Relapse.Contracts.Outcome.V1;

namespace Relapse.Outcomes;

/// <summary>How far rows answer a question, and what an answer says of it in words.</summary>
internal static class AnswerWords
{
    /// <summary>What outcome hangs on most by the sources, so that an answer without it says so.</summary>
    private static readonly string[] Core = [Dimension.Timing, Dimension.Site, Dimension.Lineage];

    /// <summary>By the row that fits best.</summary>
    public static AnswerStatus StatusOf(IEnumerable<(EvidenceRow Row, RowMatch Match)> rows) => rows.Select(entry => entry.Match.Level).DefaultIfEmpty(MatchLevel.NotApplicable).Min() switch
    {
        MatchLevel.Exact => AnswerStatus.Exact,
        MatchLevel.Broader => AnswerStatus.Broader,
        MatchLevel.Conditional => AnswerStatus.Conditional,
        MatchLevel.Open => AnswerStatus.Open,
        _ => AnswerStatus.None,
    };

    /// <summary>Of one endpoint and clock.</summary>
    public static string OfGroup(AnswerStatus status) => status switch
    {
        AnswerStatus.Exact => "At least one of these figures is about exactly this combination, as far as it is told.",
        AnswerStatus.Broader => "None of these figures is about exactly this combination; they are of broader populations that this child is part of, or of other years.",
        AnswerStatus.Conditional => "None of these figures is about exactly this combination as it is stated; they apply provided that what each of them says holds.",
        _ => "None of these figures is certainly about this combination; they hang on facts that are not known.",
    };

    /// <summary>Of the whole answer.</summary>
    /// <param name="status">By the rows of outcomes.</param>
    /// <param name="groups">All groups.</param>
    /// <param name="told">The dimensions that the question tells.</param>
    public static string OfAnswer(AnswerStatus status, IReadOnlyCollection<EstimateGroup> groups, ImmutableArray<string> told)
    {
        var text = status switch
        {
            AnswerStatus.Exact => $"Figures of exactly this combination, as far as it is told ({List(told)}), are published of {List(Exact(groups, EndpointKind.Outcome))}. {NotTold(told)}Each group says how far its own figures are.",
            AnswerStatus.Broader => "No published estimate for this combination. The nearest figures are of broader populations that this child is part of, or of other years; each says in what.",
            AnswerStatus.Conditional => "No published estimate for this combination as it is stated. The nearest figures apply provided that what each of them says holds.",
            AnswerStatus.Open => "No published estimate for this combination as far as it is known. The nearest figures hang on facts that are not known; each names them.",
            _ => "No published estimate for this combination, and none that this child's could be part of. The nearest figures are of other children; each says in what they differ.",
        };
        var described = Exact(groups, EndpointKind.Descriptive);
        return described.Length == 0 || status is AnswerStatus.Exact ? text : $"{text} What is published of exactly this combination describes relapses, and is no outcome: {List(described)}.";
    }

    /// <summary>Of facts that contradict each other.</summary>
    public static string OfContradiction(string otherwise) => $"The facts contradict each other, as the warnings say, and nothing is concluded from those. By the others: {otherwise}";

    private static string NotTold(ImmutableArray<string> told)
    {
        ImmutableArray<string> lacking = [.. Core.Except(told)];
        return lacking.IsEmpty ? "" : $"Outcome hangs on what is not known here as well: {List(lacking)}. ";
    }

    private static ImmutableArray<string> Exact(IReadOnlyCollection<EstimateGroup> groups, EndpointKind kind) =>
        [.. groups.Where(group => group.Status is AnswerStatus.Exact && group.Kind == kind).Select(group => group.Title).Distinct()];

    private static string List(ImmutableArray<string> words) => string.Join("; ", words.Select(word => word.Replace('_', ' ')));
}
