using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Every golden case of every shipped version, each a test of its own.</summary>
public sealed class GoldenCaseTests
{
    private static readonly Dictionary<string, GoldenCases> _cases = Shipped.Library.Versions.ToDictionary(
        version => version.Id,
        version => DocumentReader.Read<GoldenCases>(Shipped.Bytes($"{version.Id}/{version.Version}/cases.yaml")).Message,
        StringComparer.Ordinal);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (protocol, golden) in _cases.SelectMany(entry => entry.Value.Cases.Select(golden => (entry.Key, golden.Id))))
            {
                data.Add(protocol, golden);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_answer_is_the_one_transcribed_from_the_source(string protocol, string id)
    {
        var golden = _cases[protocol].Cases.Single(golden => golden.Id == id);
        var differences = GoldenCaseRunner.Run(Shipped.Protocol(protocol), golden).ToArray();
        Assert.True(
            differences.Length == 0,
            $"{protocol} {golden.Id}: {golden.Title}\nsource: {golden.Source}\nwhy: {golden.Why}\n{string.Join("\n", differences.Select(difference => $"{difference.Path}: {difference.Message}"))}");
    }

    [Fact]
    public void Every_version_has_golden_cases_dated_and_with_ids_of_their_own() => Assert.All(_cases, entry =>
    {
        Assert.NotEmpty(entry.Value.Cases);
        Assert.Equal(entry.Value.Cases.Count, entry.Value.Cases.DistinctBy(golden => golden.Id).Count());
        Assert.All(entry.Value.Cases, golden => Assert.True(DateOnly.TryParseExact(golden.Added, "yyyy-MM-dd", out _), golden.Id));
    });
}
