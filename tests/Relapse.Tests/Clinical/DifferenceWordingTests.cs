using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Tests.Clinical;

/// <summary>The sentences on two protocols, as a clinician has to be able to read them.</summary>
public sealed class DifferenceWordingTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            string[] ids = [.. Shipped.Ids.Where(id => !id.Contains('/', StringComparison.Ordinal))];
            return [.. from one in ids from other in ids where string.CompareOrdinal(one, other) < 0 select (one, other)];
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void No_sentence_speaks_of_rules_or_of_what_holds_of_everyone(string one, string other)
    {
        var rules = new[] { one, other }.SelectMany(id => Shipped.Protocol(id).Document.Decisions.Values).SelectMany(table => table.Rules).Where(rule => rule.Then.Values_.Count > 1).Select(rule => rule.Id).ToHashSet();
        foreach (var said in WellKnownDecisions.Classification.Where(id => Has(one, id) && Has(other, id)).Select(id => Compare(one, other, id)))
        {
            Assert.All(said.Regions.Select(region => region.Patients).Append(said.Summary).Concat(said.NotComparable), sentence =>
            {
                Assert.DoesNotContain(rules, rule => sentence.Contains(rule, StringComparison.Ordinal));
                Assert.DoesNotMatch(@"[\[\]]|\bany\b|, inf|up to 100\b|\bcns\b", sentence);
            });
        }
    }

    [Fact]
    public void Out_of_scope_is_said_by_the_scope_that_is_not_shared()
    {
        // The same groups, but for exactly six months; IntReALL SR is for 1 to 17 years. That both ask for a first relapse is not said.
        var said = Compare("i-bfm-sg", "intreall-sr-2010", "risk_group");

        var region = said.Regions.First(each => each.OtherConcludes.Contains("OUT_OF_SCOPE") && each.OneConcludes.Contains("NO_GROUP"));
        Assert.Equal("relapse where age at relapse, in years, is less than 1 or 18 or more and relapse site is M2 marrow alone or criteria of no site class met", region.Patients);
    }

    private static bool Has(string id, string decision) => Shipped.Protocol(id).Decisions.ContainsKey(decision);

    private static DecisionComparison Compare(string one, string other, string decision) =>
        ProtocolDifference.Compare(new(Shipped.Protocol(one), []), new(Shipped.Protocol(other), []), decision);
}
