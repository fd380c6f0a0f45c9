using System.Text.Json;

namespace Relapse.Cli;

/// <summary>What of an assessment is printed. Absent means empty.</summary>
internal sealed record Assessment
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IReadOnlyList<Protocol> Protocols { get; init; } = [];

    public IReadOnlyList<Needed> Missing { get; init; } = [];

    public IReadOnlyList<Answer.Modifier> Modifiers { get; init; } = [];

    public IReadOnlyList<string> Unavailable { get; init; } = [];

    public DecidedPart Classification { get; init; } = new();

    public DecidedPart Eligibility { get; init; } = new();

    public OutcomePart Outcome { get; init; } = new();

    /// <exception cref="JsonException">It is not JSON, or not of this shape.</exception>
    public static Assessment Parse(string json) => JsonSerializer.Deserialize<Assessment>(json, Json) ?? new Assessment();

    internal sealed record Protocol(string Title = "")
    {
        [System.Text.Json.Serialization.JsonPropertyName("protocol")]
        public string Name { get; init; } = string.Empty;

        public IReadOnlyList<Finding> Stands { get; init; } = [];

        public IReadOnlyList<Finding> Next { get; init; } = [];
    }

    internal sealed record Finding(string Decision = "", string Outcome = "")
    {
        public IReadOnlyList<string> Possible { get; init; } = [];

        public IReadOnlyList<Answer.Rule> Because { get; init; } = [];

        public IReadOnlyList<Answer.Condition> Conditions { get; init; } = [];

        public IReadOnlyList<Answer.Requirement> Requires { get; init; } = [];

        public IReadOnlyList<Step> Way { get; init; } = [];

        public IReadOnlyList<Answer.Warning> Warnings { get; init; } = [];

        public IReadOnlyList<Answer.Contradiction> Contradictions { get; init; } = [];

        public IReadOnlyList<Answer.Confirmation> IfConfirmed { get; init; } = [];
    }

    internal sealed record Step(string Decision = "")
    {
        public IReadOnlyList<string> Possible { get; init; } = [];

        public IReadOnlyList<string> Measurements { get; init; } = [];
    }

    internal sealed record Needed(string Field = "")
    {
        public IReadOnlyList<NeededFor> NeededFor { get; init; } = [];
    }

    internal sealed record NeededFor(string Protocol = "", string Decision = "");

    internal sealed record DecidedPart
    {
        public Answer? Answer { get; init; }
    }

    internal sealed record OutcomePart
    {
        public Figures? Answer { get; init; }
    }

    internal sealed record Figures(string Detail = "");
}
