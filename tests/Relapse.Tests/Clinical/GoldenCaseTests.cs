using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Protocol.V1;

namespace Relapse.Tests.Clinical;

/// <summary>Every golden case of every shipped version, each a test of its own.</summary>
public sealed class GoldenCaseTests
{
    private static readonly Dictionary<string, GoldenCases> _cases = Shipped.Library.Versions.ToDictionary(
        Shipped.Of,
        version => DocumentReader.Read<GoldenCases>(Shipped.Bytes($"{Shipped.Of(version)}/cases.yaml")).Message,
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

    public static TheoryData<string, string> CasesThatRequire
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (protocol, golden) in _cases.SelectMany(entry => entry.Value.Cases.Where(golden => golden.Expect.Keys.Any(decision => Requires(entry.Key, decision))).Select(golden => (entry.Key, golden.Id))))
            {
                data.Add(protocol, golden);
            }
            return data;
        }
    }

    /// <summary>A version is certified on its own; what another document decides of what its advice requires is held here.</summary>
    [Theory]
    [MemberData(nameof(CasesThatRequire))]
    public void What_advice_requires_is_as_transcribed_with_the_library_at_hand(string protocol, string id)
    {
        var golden = _cases[protocol].Cases.Single(golden => golden.Id == id);
        var differences = GoldenCaseRunner.Run(Shipped.Protocol(protocol), golden, new ModifierSource(Shipped.Protocol("review-2014"), []))
            // Modifiers are expected of the version alone.
            .Where(difference => !difference.Message.Contains("the modifier", StringComparison.Ordinal)).ToArray();
        Assert.True(differences.Length == 0, $"{protocol} {id}: {string.Join("\n", differences.Select(difference => difference.Message))}");
    }

    private static bool Requires(string protocol, string decision) =>
        Shipped.Protocol(protocol).Document.Decisions.TryGetValue(decision, out var table) && table.Requires.Count > 0;

    [Fact]
    public void Every_version_has_golden_cases_dated_and_with_ids_of_their_own() => Assert.All(_cases, entry =>
    {
        Assert.NotEmpty(entry.Value.Cases);
        Assert.Equal(entry.Value.Cases.Count, entry.Value.Cases.DistinctBy(golden => golden.Id).Count());
        Assert.All(entry.Value.Cases, golden => Assert.True(DateOnly.TryParseExact(golden.Added, "yyyy-MM-dd", out _), golden.Id));
    });

    /// <summary>A statement that no case expects, or none leaves out, could be shown to the wrong child without a case failing.</summary>
    [Fact]
    public void Every_statement_of_the_context_is_expected_by_one_case_and_left_out_by_another() => Assert.All(_cases, entry =>
    {
        var statements = Shipped.Protocol(entry.Key).Document.Context;
        var expected = entry.Value.Cases.SelectMany(golden => golden.Context);
        var leftOut = entry.Value.Cases.SelectMany(golden => golden.NoContext).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(statements.Select(statement => $"{statement.Id} APPLIES").Except(expected, StringComparer.Ordinal));
        Assert.Empty(statements.Where(statement => statement.When.Count > 0).Select(statement => statement.Id).Except(leftOut, StringComparer.Ordinal));
        // A misspelled id would be left out everywhere.
        Assert.Empty(leftOut.Except(statements.Select(statement => statement.Id), StringComparer.Ordinal));
    });
}
