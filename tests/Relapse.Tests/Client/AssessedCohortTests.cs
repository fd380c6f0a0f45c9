using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Client.Cohorts;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Classification;

namespace Relapse.Tests.Client;

/// <summary>A cohort assessed over the client: each conclusion with the protocol and decision it is of, however often the stream breaks.</summary>
public sealed class AssessedCohortTests : IClassFixture<ClientHouse>
{
    private static readonly AssessCohortSettings Settings = new() { Protocols = { "protocols/ukall-r3", "protocols/cog" }, RequestId = "assessed" };
    private readonly ClientHouse _house;

    public AssessedCohortTests(ClientHouse house)
    {
        _house = house;
        house.Arrivals.Forget();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_torn_cohort_is_assessed_as_one_that_held_and_each_conclusion_says_what_it_is_of()
    {
        List<AssessItem> items = [.. Cohort.Mixed(random: 30).Select(item => new AssessItem { ItemId = item.ItemId, Case = item.Case })];
        var (held, whole) = await Assess(items, tearAt: []);
        var (torn, summed) = await Assess(items, tearAt: [1, 9, 20]);

        Assert.Equal(items.Select(item => item.ItemId), torn.Select(item => item.ItemId));
        Assert.Equal(held.Select(Line), torn.Select(Line));
        Assert.Equal((whole.Items, whole.Assessed, whole.Refused), (summed.Items, summed.Assessed, summed.Refused));
        Assert.Equal(whole.Tallies.Select(Line), summed.Tallies.Select(Line));
        Assert.True(_house.Arrivals.Of("AssessCohort").Count > 2, "It never broke.");

        Assert.InRange(torn.Count(item => item.Error is not null), 1, items.Count - 1);
        var first = torn.First(item => item.Error is null);
        var alone = await new AssessmentService.AssessmentServiceClient(_house.Server.Channel).AssessCaseAsync(
            new AssessCaseRequest { Case = items.First(item => item.ItemId == first.ItemId).Case, Protocols = { Settings.Protocols }, Parts = { Part.Classification } }, cancellationToken: Cancel);
        Assert.All(alone.Classification.Answer.Decisions.Where(decision => decision.Outcome != Outcome.NotDefined), decision =>
            Assert.Equal(decision.Possible, first.Conclusions.Single(concluded => (concluded.Protocol, concluded.Decision) == (decision.Protocol, decision.Decision_)).Possible));
    }

    [Fact]
    public void Versions_are_those_of_the_first_message_and_are_pinned_with_their_readings()
    {
        var cohort = new AssessmentCohort(
            new AssessmentService.AssessmentServiceClient(_house.Server.Channel),
            new AssessCohortSettings { Protocols = { "protocols/a" }, Readings = { new ReadingChoice { Protocol = "protocols/a", Reading = "r" } } });
        var item = new AssessItemResult { ItemId = "1", Conclusions = new CaseConclusions { Conclusions = { new Conclusion { Decision = 0 } } } };
        cohort.Results(Header("protocols/a/versions/1"));
        cohort.Count(cohort.Results(new AssessCohortResponse { Results = { item } }));

        Assert.True(cohort.IsUnderSameVersions(cohort.Results(Header("protocols/a/versions/1"))));
        Assert.False(cohort.IsUnderSameVersions(cohort.Results(Header("protocols/a/versions/2"))));
        cohort.PinVersions();
        Assert.Equal(["protocols/a/versions/1"], cohort.Settings().Settings.Protocols);
        Assert.Equal("protocols/a/versions/1", cohort.Settings().Settings.Readings[0].Protocol);
        Assert.Matches("^[0-9a-f]{32}$", cohort.Settings().Settings.RequestId);

        item.Conclusions.Conclusions[0].Decision = 1;
        Assert.Equal(StatusCode.DataLoss, Assert.Throws<RpcException>(() => cohort.Results(new AssessCohortResponse { Results = { item } })).StatusCode);

        static AssessCohortResponse Header(string version) => new() { Decisions = { new ProtocolDecision { Protocol = version, Decision = "risk_group" } } };
    }

    /// <summary>The first message says the versions that decide something of the parts: a protocol that decides nothing of them is not there.</summary>
    [Fact]
    public void A_reading_is_pinned_by_the_name_of_its_protocol_and_not_by_its_place()
    {
        var cohort = new AssessmentCohort(
            new AssessmentService.AssessmentServiceClient(_house.Server.Channel),
            new AssessCohortSettings
            {
                Protocols = { "protocols/b", "protocols/a", "protocols/c", "protocols/c/versions/1" }, Parts = { Part.Mrd },
                Readings = { new ReadingChoice { Protocol = "protocols/a", Reading = "r" }, new ReadingChoice { Protocol = "protocols/c", Reading = "r" }, new ReadingChoice { Protocol = "protocols/c/versions/1", Reading = "r" } },
            });
        string[] versions = ["protocols/a/versions/1", "protocols/c/versions/2", "protocols/c/versions/1"];
        cohort.Count(cohort.Results(new AssessCohortResponse { Decisions = { versions.Select(version => new ProtocolDecision { Protocol = version, Decision = "mrd_response" }) } }));

        cohort.PinVersions();

        Assert.Equal(["protocols/b", .. versions], cohort.Settings().Settings.Protocols);
        Assert.Equal(versions, cohort.Settings().Settings.Readings.Select(choice => choice.Protocol));
    }

    [Fact]
    public void Protocols_that_decide_nothing_of_the_parts_are_not_made_into_all_there_are()
    {
        var cohort = new AssessmentCohort(new AssessmentService.AssessmentServiceClient(_house.Server.Channel), new AssessCohortSettings { Protocols = { "protocols/b" }, Parts = { Part.Mrd } });
        cohort.Count(cohort.Results(new AssessCohortResponse()));

        cohort.PinVersions();

        Assert.Equal(["protocols/b"], cohort.Settings().Settings.Protocols);
    }

    private async Task<(List<AssessedItem> Results, AssessCohortSummary Summary)> Assess(List<AssessItem> items, int[] tearAt)
    {
        await using var line = new FragileLine(_house.Server.GrpcAddress);
        await using var provider = _house.Register(address: line.Address);
        var answers = provider.GetRequiredService<RelapseClient>().AssessCohort(items.ToAsyncEnumerable(), Settings, new CohortOptions { ChunkItems = 4 });
        var results = new List<AssessedItem>();
        await foreach (var result in answers.WithCancellation(Cancel))
        {
            results.Add(result);
            if (tearAt.Contains(results.Count))
            {
                line.Tear();
            }
        }

        return (results, answers.Summary);
    }

    private static string Line(AssessedItem item) =>
        $"{item.ItemId} {string.Join(' ', item.Conclusions.Select(one => $"{one.Protocol}/{one.Decision}={one.Outcome}({string.Join(',', one.Possible)})"))} {string.Join(' ', item.Missing)} {item.Error}";

    private static string Line(DecisionTally tally) =>
        $"{tally.Protocol}/{tally.Decision} {tally.Outcomes} {string.Join(' ', tally.Conclusions.OrderBy(count => count.Conclusion, StringComparer.Ordinal))}";
}
