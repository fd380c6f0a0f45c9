using System.Text.Json;

namespace Relapse.Cli;

/// <summary>
/// What of an answer is printed. Read as any caller without generated code would read it: absent means empty.
/// </summary>
internal sealed record Answer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    public IReadOnlyList<Agreement> Agreements { get; init; } = [];

    public IReadOnlyList<Statement> Context { get; init; } = [];

    /// <summary>Of InterpretMrd.</summary>
    public IReadOnlyList<Interpretation> Interpretations { get; init; } = [];

    /// <summary>Of InterpretMrd.</summary>
    public MrdSeries? Series { get; init; }

    /// <summary>Of AssessResponse.</summary>
    public string Assessed { get; init; } = string.Empty;

    /// <summary>Of AssessResponse.</summary>
    public IReadOnlyList<Recovery> CountRecovery { get; init; } = [];

    /// <summary>Of AssessResponse.</summary>
    public IReadOnlyList<EarlierFinding> EarlierFindings { get; init; } = [];

    /// <exception cref="JsonException">It is not JSON, or not of this shape.</exception>
    public static Answer Parse(string json) => JsonSerializer.Deserialize<Answer>(json, Json) ?? new Answer();

    internal sealed record Decision
    {
        [System.Text.Json.Serialization.JsonPropertyName("decision")]
        public string Id { get; init; } = string.Empty;

        public string Protocol { get; init; } = string.Empty;

        public string Outcome { get; init; } = string.Empty;

        public IReadOnlyList<string> Possible { get; init; } = [];

        public IReadOnlyList<Condition> Conditions { get; init; } = [];

        public IReadOnlyList<Rule> Because { get; init; } = [];

        public IReadOnlyList<MissingFact> Missing { get; init; } = [];

        public IReadOnlyList<Warning> Warnings { get; init; } = [];

        public IReadOnlyList<Modifier> Modifiers { get; init; } = [];

        public IReadOnlyList<Contradiction> Contradictions { get; init; } = [];

        public IReadOnlyList<Confirmation> IfConfirmed { get; init; } = [];

        public IReadOnlyList<Requirement> Requires { get; init; } = [];
    }

    internal sealed record Agreement
    {
        [System.Text.Json.Serialization.JsonPropertyName("decision")]
        public string Id { get; init; } = string.Empty;

        public string Summary { get; init; } = string.Empty;

        public IReadOnlyList<Parting> Partings { get; init; } = [];
    }

    internal sealed record Parting(string Detail = "");

    internal sealed record Condition(string Id = "", string Detail = "")
    {
        public IReadOnlyList<string> Otherwise { get; init; } = [];
    }

    internal sealed record Rule
    {
        [System.Text.Json.Serialization.JsonPropertyName("rule")]
        public string Id { get; init; } = string.Empty;

        public IReadOnlyList<Citation> Citations { get; init; } = [];
    }

    internal sealed record Modifier(string Code = "", string Direction = "", string Detail = "", string Protocol = "");

    internal sealed record Citation(string Source = "", string Locator = "");

    internal sealed record MissingFact(string Field = "")
    {
        public IReadOnlyList<WouldDecide> WouldDecide { get; init; } = [];
    }

    internal sealed record WouldDecide(string Value = "")
    {
        public IReadOnlyList<string> Possible { get; init; } = [];
    }

    internal sealed record Warning(string Code = "", string Detail = "");

    internal sealed record Contradiction(string Detail = "")
    {
        public IReadOnlyList<string> Fields { get; init; } = [];
    }

    internal sealed record Requirement(string Decision = "", string Needed = "", string State = "")
    {
        public IReadOnlyList<string> Missing { get; init; } = [];
    }

    internal sealed record Statement(string Id = "", string Kind = "", string Fit = "", string Text = "", string Agent = "", string Status = "", string AsOf = "", string Protocol = "")
    {
        public IReadOnlyList<string> Missing { get; init; } = [];
    }

    internal sealed record Confirmation(string Decision = "", string Conclusion = "")
    {
        public IReadOnlyList<string> Possible { get; init; } = [];
    }

    internal sealed record Interpretation(string Protocol = "", string Decision = "", string Used = "", string Reason = "", string WouldSettle = "")
    {
        public IReadOnlyList<string> AlsoUsed { get; init; } = [];

        public IReadOnlyList<UnusedResult> Unused { get; init; } = [];

        public MrdLevel? Level { get; init; }

        public IReadOnlyList<CutOff> CutOffs { get; init; } = [];
    }

    internal sealed record UnusedResult(string Field = "", string Detail = "");

    internal sealed record MrdLevel(string Min = "", string Max = "", bool MinExclusive = false, bool MaxExclusive = false);

    internal sealed record CutOff(string Level = "", string State = "", bool WithinAssayError = false);

    internal sealed record MrdSeries
    {
        public IReadOnlyList<Point> Points { get; init; } = [];

        public IReadOnlyList<Change> Changes { get; init; } = [];

        public IReadOnlyList<Note> Notes { get; init; } = [];
    }

    internal sealed record Point(string Field = "", string TimePoint = "")
    {
        public MrdLevel? Level { get; init; }
    }

    internal sealed record Change(string From = "", string To = "", string Direction = "", double? MinLog10Reduction = null, double? MaxLog10Reduction = null);

    internal sealed record Note(string Code = "", string Detail = "")
    {
        public IReadOnlyList<string> Fields { get; init; } = [];
    }

    internal sealed record Recovery(string Protocol = "", string Detail = "");

    internal sealed record EarlierFinding(string From = "", string Detail = "");
}
