using System.Text.Json;

namespace Relapse.Cli;

/// <summary>What of a ranked list is printed. Absent means empty, as in the answer to a case.</summary>
internal sealed record DonorList
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IReadOnlyList<Donor> Ranked { get; init; } = [];

    public ListSummary Summary { get; init; } = new();

    /// <exception cref="JsonException">It is not JSON, or not of this shape.</exception>
    public static DonorList Parse(string json) => JsonSerializer.Deserialize<DonorList>(json, Json) ?? new DonorList();

    internal sealed record Donor(string DonorId = "", int RankMin = 0, int RankMax = 0, string Tier = "", string TierReason = "", string Blocked = "", bool Tied = false)
    {
        public IReadOnlyList<string> PossibleTiers { get; init; } = [];

        public IReadOnlyList<Block> Blocks { get; init; } = [];

        public IReadOnlyList<string> Warnings { get; init; } = [];

        public Relation? ToNext { get; init; }
    }

    internal sealed record Block(string Code = "", string State = "", string OverriddenBy = "");

    internal sealed record Relation(string State = "", string DecidedBy = "", bool NotInSource = false);

    internal sealed record ListSummary(string Policy = "")
    {
        public FirstPlace FirstPlace { get; init; } = new();

        public IReadOnlyList<Warning> Warnings { get; init; } = [];
    }

    internal sealed record FirstPlace
    {
        public IReadOnlyList<string> Possible { get; init; } = [];

        public IReadOnlyList<Unknown> Missing { get; init; } = [];
    }

    internal sealed record Unknown(string Field = "", string Criterion = "", bool NotInSource = false);

    internal sealed record Warning(string Code = "", string Detail = "");
}
