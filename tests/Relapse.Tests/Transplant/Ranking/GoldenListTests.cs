using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.House;
using Relapse.Tests.Transplant.Hla;
using Relapse.Transplant;

namespace Relapse.Tests.Transplant.Ranking;

/// <summary>
/// Cases transcribed from the review, its reading and the sheet of donor facts by somebody who did not see the code, each with its sources,
/// why, and where the sources disagree. They need the real reference data.
/// </summary>
public sealed class GoldenListTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<IReadOnlyDictionary<string, Case>> Cases = new(() =>
        JsonNode.Parse(Repository.Read("tests/Relapse.Tests/Transplant/Ranking/golden.json"))!.AsArray()
            .Select(node => node.Deserialize<Case>(Json)!).ToDictionary(one => one.Id, StringComparer.Ordinal));

    public static TheoryData<string> Ids => [.. Cases.Value.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_list_is_as_the_sources_have_it(string id)
    {
        var golden = Cases.Value[id];
        var release = Releases.Real;
        var request = JsonParser.Default.Parse<RankDonorsRequest>(golden.Request.ToJsonString());
        var expected = golden.Expected;
        foreach (var (first, second) in expected.Before.Select(pair => (pair.First, pair.Then)).Concat(expected.Tied.Select(pair => (pair[0], pair[1]))))
        {
            request.Compare.Add(new DonorPair { First = first, Second = second });
        }

        var answer = RankedCall.Answer(request, new HlaReference(release, null));
        CheckTiers(expected, answer);
        if (golden.NeedsSequencesOfA && release.MissingFiles.Contains("A_prot.fasta"))
        {
            CheckOpen(expected, answer);
            return;
        }

        CheckPairs(expected, answer);
        CheckFirst(expected, answer);
        if (expected.Frontier is { } frontier)
        {
            Assert.Equal(
                frontier.Select(point => (point.From, string.Join(' ', point.Possible))),
                answer.Summary.Frontier.Select(point => ($"{point.Date.Year:0000}-{point.Date.Month:00}-{point.Date.Day:00}", string.Join(' ', point.Possible))));
        }
    }

    private static void CheckTiers(Expectation expected, RankDonorsResponse answer)
    {
        var donors = answer.Ranked.ToDictionary(donor => donor.DonorId, StringComparer.Ordinal);
        Assert.All(expected.Tiers, entry => Assert.Equal(entry.Value, donors[entry.Key].Tier));
        Assert.All(expected.PossibleTiers, entry => Assert.Equal(entry.Value, donors[entry.Key].PossibleTiers));
        Assert.All(expected.NoTier, id => Assert.Equal("", donors[id].Tier));
        if (expected.Blocked is { } blocked)
        {
            Assert.Equal(blocked, answer.Ranked.Where(donor => donor.Blocked == BlockState.Blocked).Select(donor => donor.DonorId).Order(StringComparer.Ordinal));
        }
    }

    private static void CheckPairs(Expectation expected, RankDonorsResponse answer)
    {
        var compared = answer.Summary.Comparisons.ToDictionary(one => (one.First, one.Second));
        string[] list = [.. answer.Ranked.Select(donor => donor.DonorId)];
        foreach (var pair in expected.Before)
        {
            var found = compared[(pair.First, pair.Then)];
            Assert.Equal((ComparisonState.First, !pair.InTheSource), (found.State, found.NotInSource));
            Assert.True(Array.IndexOf(list, pair.First) < Array.IndexOf(list, pair.Then));
        }

        // The list may go by a criterion that is labelled as not in the source.
        Assert.All(expected.Tied, pair => Assert.True(
            compared[(pair[0], pair[1])] is { State: ComparisonState.Tied or ComparisonState.NotOrdered } or { NotInSource: true, State: ComparisonState.First or ComparisonState.Second }));
    }

    // Whether a donor has Bw4 on HLA-A cannot be read then: what is expected stays possible, and what decides is said to be open.
    private static void CheckOpen(Expectation expected, RankDonorsResponse answer)
    {
        Assert.Subset(answer.Summary.FirstPlace.Possible.ToHashSet(StringComparer.Ordinal), (expected.CanBeFirst ?? []).ToHashSet(StringComparer.Ordinal));
        Assert.Contains(answer.Summary.Comparisons, one => one is { State: ComparisonState.Open, DecidedBy: "nk_alloreactive" });
        Assert.All(expected.Before, pair => Assert.Contains(answer.Summary.Comparisons, one =>
            one.First == pair.First && one.Second == pair.Then && one.State is ComparisonState.First or ComparisonState.Open));
    }

    private static void CheckFirst(Expectation expected, RankDonorsResponse answer)
    {
        if (expected.CanBeFirst is { } first)
        {
            Assert.Equal(first, answer.Summary.FirstPlace.Possible.Order(StringComparer.Ordinal));
        }

        if (expected.MissingFor is { } missing)
        {
            // Of whom something is missing; what the centre has not set is nobody's.
            var found = answer.Summary.FirstPlace.Missing.Where(one => !one.NotInSource && !one.Field.StartsWith("settings.", StringComparison.Ordinal)).ToList();
            Assert.Equal(missing.Count == 0, found.Count == 0);
            Assert.All(missing, id => Assert.Contains(found, one => one.DonorId == id || (id == "patient" && one.Field.StartsWith("recipient", StringComparison.Ordinal))));
        }
    }

    private sealed record Case(string Id, JsonNode Request, Expectation Expected, bool NeedsSequencesOfA = false);

    private sealed record Expectation
    {
        public IReadOnlyDictionary<string, string> Tiers { get; init; } = new Dictionary<string, string>();

        public IReadOnlyDictionary<string, string[]> PossibleTiers { get; init; } = new Dictionary<string, string[]>();

        public IReadOnlyList<string> NoTier { get; init; } = [];

        public IReadOnlyList<string>? Blocked { get; init; }

        public IReadOnlyList<Pair> Before { get; init; } = [];

        public IReadOnlyList<string[]> Tied { get; init; } = [];

        public IReadOnlyList<string>? CanBeFirst { get; init; }

        public IReadOnlyList<string>? MissingFor { get; init; }

        public IReadOnlyList<Point>? Frontier { get; init; }
    }

    private sealed record Pair(string First, string Then, bool InTheSource);

    private sealed record Point(string From, IReadOnlyList<string> Possible);
}
