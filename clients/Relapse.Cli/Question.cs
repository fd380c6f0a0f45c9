namespace Relapse.Cli;

/// <summary>What is asked of a case, and which decisions of the answer are printed under which label.</summary>
/// <param name="Path">Path of the RPC.</param>
/// <param name="Shown">Ids of the decisions in the order of the table; one that ends in a dot stands for all that begin so.</param>
/// <param name="SaysWhatIsNotDefined">Whether a protocol that lacks a decision is told so.</param>
internal sealed record Question(string Path, IReadOnlyList<(string Id, string Label)> Shown, bool SaysWhatIsNotDefined)
{
    public static Question Classify { get; } = new(
        "/v1/classification/relapses:classify", [("timing", "timing"), ("relapse_site", "site"), ("risk_group", "group")], SaysWhatIsNotDefined: true);

    public static Question Eligibility { get; } = new(
        "/v1/transplant/eligibility:assess", [("post_remission", "advice"), ("salvage_path", "salvage"), ("local_therapy.", "local")], SaysWhatIsNotDefined: false);

    /// <summary>The decisions of an answer that are shown, each with its label.</summary>
    public IEnumerable<(string Label, Answer.Decision Decision)> Of(IReadOnlyCollection<Answer.Decision> decisions) =>
        Shown.SelectMany(shown => decisions.Where(decision => IsOf(shown.Id, decision)).Select(decision => (shown.Label, decision)));

    /// <summary>Of options that stand beside each other those are shown that may apply.</summary>
    private bool IsOf(string id, Answer.Decision decision) => id.EndsWith('.')
        ? decision.Id.StartsWith(id, StringComparison.Ordinal) && decision.Possible.Contains("APPLIES", StringComparer.Ordinal)
        : decision.Id == id && (SaysWhatIsNotDefined || decision.Outcome != "OUTCOME_NOT_DEFINED");
}
