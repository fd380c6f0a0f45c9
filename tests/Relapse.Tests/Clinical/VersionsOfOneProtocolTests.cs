using Relapse.Clinical;
using Relapse.Clinical.Documents;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Protocol.V1;
using Relapse.Hosting.Protocols;

namespace Relapse.Tests.Clinical;

/// <summary>A later version beside the one that it corrects: both are there to be named, the later is used, and it forgets nothing.</summary>
public sealed class VersionsOfOneProtocolTests
{
    private const string Earlier = "review-2014/2014.1";
    private const string Later = "review-2014/2014.2";

    /// <summary>Each later version with the one before it.</summary>
    public static TheoryData<string, string> Succeeding
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var protocol in Shipped.Library.Versions.GroupBy(version => version.Id))
            {
                foreach (var (earlier, later) in protocol.Zip(protocol.Skip(1)))
                {
                    pairs.Add(Shipped.Of(earlier), Shipped.Of(later));
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Succeeding))]
    public void The_later_version_is_held_to_every_golden_case_of_the_one_before(string earlier, string later) => Assert.Empty(Cases(earlier).Except(Cases(later)));

    [Theory]
    [MemberData(nameof(Succeeding))]
    public void The_later_version_is_current_and_the_one_before_can_be_named(string earlier, string later)
    {
        var catalog = ProtocolCatalog.Of(Shipped.Library);
        var entry = catalog.Find(later.Split('/')[0])!;

        Assert.Equal(later, Shipped.Of(entry.Current!));
        Assert.Equal(earlier, Shipped.Of(catalog.Evaluated($"{entry.Name}/versions/{earlier.Split('/')[1]}")!));
        // One beside the answers of the others, and one to be compared with them.
        Assert.Equal(entry.Current!.HasModifiersForAll ? [later] : [], catalog.Alongside.Where(version => version.Id == entry.Id).Select(Shipped.Of));
    }

    /// <summary>Measured in clinical standard risk (P17), and 2014.1 states it wherever both are found.</summary>
    [Theory]
    [InlineData("12", false)]
    [InlineData("17.99", false)]
    [InlineData("18", true)]
    [InlineData("30", true)]
    public void NRAS_with_high_hyperdiploidy_is_stated_in_standard_risk_alone(string months, bool standard)
    {
        var @case = SoundCase.LateCombined().With(changed => changed.Timing = new Timing { MonthsFromDiagnosis = months, MonthsPrecision = MonthsPrecision.Exact });
        @case.Genetics.Add(new[] { GeneticMarker.Nras, GeneticMarker.HighHyperdiploidy }.Select(marker => new GeneticFinding { Marker = marker, Status = FindingStatus.Present }));

        Assert.True(IsStated(Earlier));
        Assert.Equal(standard, IsStated(Later));

        bool IsStated(string version) => Shipped.Protocol(version).Decide(@case, "relapse_site").Modifiers.Any(modifier => modifier.Code == "NRAS_WITH_HIGH_HYPERDIPLOIDY");
    }

    /// <summary>What 2014.2 corrects stands beside the conclusions.</summary>
    [Fact]
    public void Review_2014_concludes_as_it_did() => Assert.Equal(
        Shipped.Protocol(Earlier).Document.Decisions.ToDictionary(),
        Shipped.Protocol(Later).Document.Decisions.ToDictionary());

    private static IEnumerable<string> Cases(string version) =>
        DocumentReader.Read<GoldenCases>(Shipped.Bytes($"{version}/cases.yaml")).Message.Cases.Select(golden => golden.Id);
}
