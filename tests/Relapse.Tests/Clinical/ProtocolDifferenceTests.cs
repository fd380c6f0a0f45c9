using System.Collections.Immutable;
using System.Text;
using Relapse.Clinical;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;

namespace Relapse.Tests.Clinical;

/// <summary>For whom protocols conclude differently, in words, held to the review and to the services' own answers.</summary>
public sealed class ProtocolDifferenceTests
{
    private const string Bfm = "all-rez-bfm";

    public static TheoryData<string, string, string> Pairs =>
    [
        .. from one in Shipped.Ids
           from other in Shipped.Ids
           where string.CompareOrdinal(one, other) < 0
           from decision in WellKnownDecisions.All
           where Defines(one, decision) && Defines(other, decision)
           select new TheoryDataRow<string, string, string>(one, other, decision),
    ];

    [Fact]
    public void Dump()
    {
        foreach (var (one, other, decision) in new[] { (Bfm, "ukall-r3", "risk_group"), ("i-bfm-sg", "ukall-r3", "risk_group"), ("cog", Bfm, "timing"), (Bfm, "i-bfm-sg", "risk_group"), (Bfm, "cog", "relapse_site") })
        {
            TestContext.Current.TestOutputHelper!.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(Compare(one, other, decision)));
        }
        Assert.Fail("look");
    }

    private static bool Defines(string protocol, string decision) => Shipped.Protocol(protocol).Document.Decisions.ContainsKey(decision);

    private static DecisionComparison Compare(string one, string other, string decision) =>
        ProtocolDifference.Compare(Read(Shipped.Protocol(one)), Read(Shipped.Protocol(other)), decision);

    private static EvaluatedProtocol Read(CompiledProtocol protocol, params ImmutableArray<ChosenReading> readings) => new(protocol, readings);
}
