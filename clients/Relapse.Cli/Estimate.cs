using System.Text.Json;

namespace Relapse.Cli;

/// <summary>What of an answer of EstimateOutcome is printed. Absent means empty, as in the answer to a case.</summary>
internal sealed record Estimate(string Detail = "")
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IReadOnlyList<Group> Groups { get; init; } = [];

    public IReadOnlyList<Row> Nearest { get; init; } = [];

    public IReadOnlyList<Conflict> Conflicts { get; init; } = [];

    public IReadOnlyList<Answer.Warning> Warnings { get; init; } = [];

    public IReadOnlyList<ContextRow> Context { get; init; } = [];

    /// <exception cref="JsonException">It is not JSON, or not of this shape.</exception>
    public static Estimate Parse(string json) => JsonSerializer.Deserialize<Estimate>(json, Json) ?? new Estimate();

    internal sealed record Group(string Title = "", string Clock = "", int LeftOut = 0, string Detail = "")
    {
        public IReadOnlyList<Row> Rows { get; init; } = [];

        public IReadOnlyList<Family> Families { get; init; } = [];
    }

    internal sealed record Family(string Title = "", int? Patients = null);

    internal sealed record Row(string Match = "", string Frequency = "")
    {
        public Figure Figure { get; init; } = new();

        public Interval? Interval { get; init; }

        public IReadOnlyList<Dimension> Dimensions { get; init; } = [];

        public IReadOnlyList<Answer.Citation> Citations { get; init; } = [];
    }

    internal sealed record Figure(string Id = "", string Population = "", string Clock = "", string Endpoint = "", double? HorizonYears = null, double? HorizonFromYears = null, double? HorizonToYears = null, int? N = null)
    {
        public Published Estimate { get; init; } = new();

        public Era? Era { get; init; }
    }

    internal sealed record Published(double? Percent = null, double? Low = null, double? High = null, double? Value = null, string Unit = "", string Qualifier = "");

    internal sealed record Era(int From = 0, int To = 0);

    internal sealed record Interval(double Low = 0, double High = 0, string Origin = "", string Label = "");

    internal sealed record Dimension(string Detail = "")
    {
        [System.Text.Json.Serialization.JsonPropertyName("dimension")]
        public string Name { get; init; } = string.Empty;

        public IReadOnlyList<string> Missing { get; init; } = [];
    }

    internal sealed record Conflict(string Id = "", string Text = "")
    {
        public IReadOnlyList<Side> Sides { get; init; } = [];
    }

    internal sealed record Side(string Says = "")
    {
        public IReadOnlyList<string> Rows { get; init; } = [];
    }

    internal sealed record ContextRow(string Match = "")
    {
        public Statement Statement { get; init; } = new();
    }

    internal sealed record Statement(string Id = "", string Text = "");
}
