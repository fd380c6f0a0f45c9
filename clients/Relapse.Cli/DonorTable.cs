namespace Relapse.Cli;

/// <summary>A ranked list as a table for people: rank, donor, tier, what blocks it, and how it stands to the next.</summary>
internal static class DonorTable
{
    public static void Print(DonorList list, TextWriter output)
    {
        output.WriteLine(list.Summary.Policy);
        var (id, tier) = (Width(list.Ranked.Select(donor => donor.DonorId)), Width(list.Ranked.Select(Tier)));
        foreach (var donor in list.Ranked)
        {
            output.WriteLine($"  {Rank(donor),-7}{donor.DonorId.PadRight(id)}  {Tier(donor).PadRight(tier)}  {Remark(donor)}".TrimEnd());
        }

        output.WriteLine();
        output.WriteLine(list.Summary.FirstPlace.Possible.Count == 0 ? "nobody can come first" : $"can come first: {string.Join(", ", list.Summary.FirstPlace.Possible)}");
        foreach (var unknown in list.Summary.FirstPlace.Missing)
        {
            output.WriteLine($"  missing: {unknown.Field} ({unknown.Criterion}{(unknown.NotInSource ? ", not in the source" : string.Empty)})");
        }

        output.WriteLine();
        foreach (var warning in list.Summary.Warnings)
        {
            output.WriteLine($"{warning.Code}: {warning.Detail}");
        }
    }

    private static int Width(IEnumerable<string> cells) => cells.Select(cell => cell.Length).DefaultIfEmpty().Max();

    private static string Rank(DonorList.Donor donor) => donor.RankMin == donor.RankMax ? $"{donor.RankMin}" : $"{donor.RankMin}-{donor.RankMax}";

    private static string Tier(DonorList.Donor donor) =>
        donor.Tier.Length > 0 ? donor.Tier : donor.TierReason == "NOT_KNOWN" ? string.Join(" or ", donor.PossibleTiers) : $"no tier: {donor.TierReason.Replace('_', ' ').ToLowerInvariant()}";

    private static string Remark(DonorList.Donor donor)
    {
        var remarks = donor.Blocks
            .Select(block => $"{(block.OverriddenBy.Length > 0 ? "set aside by " + block.OverriddenBy + ": " : block.State == "BLOCK_STATE_OPEN" ? "perhaps blocked: " : "blocked: ")}{block.Code}")
            .Concat(donor.Warnings)
            .Concat(donor.Tied ? ["tied by the source"] : [])
            .Concat(donor.ToNext is { NotInSource: true, DecidedBy: { Length: > 0 } by, State: "COMPARISON_STATE_FIRST" } ? [$"before the next by {by}, not in the source"] : []);
        return string.Join("; ", remarks);
    }
}
