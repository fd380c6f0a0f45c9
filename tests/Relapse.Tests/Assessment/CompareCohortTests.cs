using Grpc.Core;
using Relapse.Assessment.Cohorts;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Classification;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Assessment;

/// <summary>A cohort under two versions: who moved and by which rules, the cross-table, and the agreement.</summary>
public sealed class CompareCohortTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string One = "protocols/i-bfm-sg/versions/2014.1";
    private const string Other = "protocols/all-rez-bfm/versions/2002.1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AssessmentService.AssessmentServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Movers_and_cells_are_those_of_the_cases_one_by_one()
    {
        var items = Cohort.Mixed(60).Select(item => new AssessItem { ItemId = item.ItemId, Case = item.Case }).ToList();
        var (movers, refused, comparison) = await Run(new CompareCohortSettings { One = "protocols/i-bfm-sg", Other = Other, Decision = "risk_group" }, items);

        var expected = new Dictionary<(string, string), long>();
        List<string> moved = [], bad = [];
        foreach (var (index, item) in items.Index())
        {
            var id = item.ItemId.Length > 0 ? item.ItemId : $"{index}";
            ClassifyRelapseResponse answer;
            try
            {
                answer = await new ClassificationService.ClassificationServiceClient(server.Channel).ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = item.Case, Protocols = { One, Other } }, cancellationToken: Cancel);
            }
            catch (RpcException)
            {
                bad.Add(id);
                continue;
            }

            var (one, other) = (Group(answer, One), Group(answer, Other));
            expected[(Key(one), Key(other))] = expected.GetValueOrDefault((Key(one), Key(other))) + 1;
            if (Key(one) != Key(other))
            {
                moved.Add(id);
                var mover = movers.Single(mover => mover.ItemId == id);
                Assert.Equal((one.Possible, other.Possible), (mover.One.Possible, mover.Other.Possible));
                Assert.Equal(other.Because.Select(because => because.Rule).Order(StringComparer.Ordinal), mover.Other.Rules);
                Assert.Equal(answer.Agreements.Single(agreement => agreement.Decision == "risk_group").Partings, mover.Partings);
            }
        }

        Assert.Equal(moved, movers.Select(mover => mover.ItemId));
        Assert.Equal(bad, refused.Select(result => result.ItemId));
        Assert.Equal((One, Other, "risk_group", items.Count, bad.Count, moved.Count), (comparison.One, comparison.Other, comparison.Decision, comparison.Items, comparison.Refused, comparison.Moved));
        Assert.Equal(expected.OrderBy(cell => cell.Key), comparison.Cells.ToDictionary(cell => (string.Join('|', cell.One), string.Join('|', cell.Other)), cell => cell.Items).OrderBy(cell => cell.Key));
        Assert.Equal(moved.Count, comparison.MovingRules.Sum(rules => rules.Items));
        Assert.InRange(comparison.Agreement.Kappa, comparison.Agreement.Lower, comparison.Agreement.Upper);

        static Decision Group(ClassifyRelapseResponse answer, string protocol) => answer.Decisions.Single(decision => decision.Protocol == protocol && decision.Decision_ == "risk_group");
        static string Key(Decision decision) => string.Join('|', decision.Possible);
    }

    [Fact]
    public async Task Two_protocols_are_compared_on_what_is_advised()
    {
        var items = Enumerable.Range(0, 3).Select(number => new AssessItem { ItemId = $"{number}", Case = WholeCase.Of(number == 0 ? null : "5e-4") }).ToList();
        var (_, _, comparison) = await Run(new CompareCohortSettings { One = "protocols/ukall-r3", Other = Other, Decision = "post_remission" }, items);
        Assert.Equal(3, comparison.Items);
        Assert.Contains(comparison.Cells, cell => cell is { One: ["TRANSPLANT"], Other: ["CONTINUATION"], Items: 2 });
    }

    /// <summary>The later version can be read so that T-cell is low: those children move, by its own rule, and no others.</summary>
    [Fact]
    public async Task Two_versions_of_one_protocol_are_compared_each_in_its_own_readings()
    {
        var (earlier, registry) = (RegistryHouse.Fresh(), new RegistryService.RegistryServiceClient(server.Channel));
        var later = earlier with { Version = "2", Read = true };
        await registry.PublishProtocolVersionAsync(earlier.Publish(), cancellationToken: Cancel);
        await registry.PublishProtocolVersionAsync(later.Publish(), cancellationToken: Cancel);
        var items = Enumerable.Range(0, 5).Select(number => new AssessItem { ItemId = $"{number}", Case = new RelapseCase { Lineage = number < 2 ? Lineage.TCell : Lineage.BCellPrecursor } }).ToList();
        var settings = new CompareCohortSettings { One = earlier.Name, Other = later.Name, Decision = "risk_group" };
        var (movers, _, comparison) = await Run(settings, items);
        Assert.Equal((earlier.Name, later.Name, 0, 5), (comparison.One, comparison.Other, comparison.Moved, comparison.Items));
        Assert.Empty(movers);

        settings.Readings.Add(new ReadingChoice { Protocol = later.Name, Reading = "t_cell_group", Value = "AS_LOW" });
        (movers, _, comparison) = await Run(settings, items);
        Assert.Equal(["0", "1"], movers.Select(mover => mover.ItemId));
        Assert.All(movers, mover => Assert.Equal(("HIGH", "high", "LOW", "low-as-read"), (mover.One.Possible.Single(), mover.One.Rules.Single(), mover.Other.Possible.Single(), mover.Other.Rules.Single())));
        Assert.Equal([("HIGH", "LOW", 2), ("LOW", "LOW", 3)], comparison.Cells.Select(cell => (cell.One.Single(), cell.Other.Single(), cell.Items)).Order());
    }

    [Fact]
    public async Task An_answer_of_more_than_may_be_sent_at_once_comes_in_several_messages()
    {
        await using var narrow = new RelapseServer { Arguments = ["--RELAPSE_MAX_ANSWER_BYTES=200000"] };
        await narrow.InitializeAsync();
        using var call = new AssessmentService.AssessmentServiceClient(narrow.Channel).CompareCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(
            new CompareCohortRequest
            {
                Settings = new CompareCohortSettings { One = One, Other = Other, Decision = "risk_group" },
                Items = { Enumerable.Range(0, 60).Select(number => new AssessItem { ItemId = $"{number}", Case = new RelapseCase { Mrd = { Enumerable.Range(0, 200).Select(_ => new MrdResult { Quantified = "x" }) } } }) },
            },
            Cancel);
        await call.RequestStream.CompleteAsync();

        var messages = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);

        Assert.All(messages, message => Assert.InRange(message.CalculateSize(), 1, 200_000));
        Assert.InRange(messages.Count(message => message.Refused.Count > 0), 2, 60);
        Assert.Equal(Enumerable.Range(0, 60).Select(number => $"{number}"), messages.SelectMany(message => message.Refused).Select(refused => refused.ItemId));
        Assert.Equal(60, messages[^1].Comparison.Refused);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_refused_with_every_fault()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => Run(new CompareCohortSettings { One = "protocols/none", Other = "cog", Decision = "nothing" }, []));
        Assert.Equal(["settings.decision", "settings.one", "settings.other"], refused.Fields().Order(StringComparer.Ordinal));
        Assert.Equal(["settings.other"], (await Assert.ThrowsAsync<RpcException>(() => Run(new CompareCohortSettings { One = "protocols/cog", Other = "protocols/cog/versions/2012.1", Decision = "timing" }, []))).Fields());
        Assert.Equal((StatusCode.NotFound, "DECISION_NOT_FOUND"), await Refused.By(() => Run(new CompareCohortSettings { One = "protocols/cog", Other = "protocols/review-2014", Decision = "risk_group" }, [])));
    }

    /// <summary>Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, third edition, Table 18.1: 100 subjects, kappa 0.68, standard error 0.087.</summary>
    [Fact]
    public void Kappa_and_its_interval_are_those_of_the_textbook()
    {
        string[] words = ["PSYCHOTIC", "NEUROTIC", "ORGANIC"];
        long[,] table = { { 75, 1, 4 }, { 5, 4, 1 }, { 0, 0, 10 } };
        var agreement = CohenKappa.Of((from one in Enumerable.Range(0, 3) from other in Enumerable.Range(0, 3) select (one, other)).ToDictionary(cell => (words[cell.one], words[cell.other]), cell => table[cell.one, cell.other]))!;
        Assert.Equal(100, agreement.Items);
        Assert.Equal(0.89, agreement.Observed, 9);
        Assert.Equal(0.66, agreement.Expected, 9);
        Assert.Equal(0.68, agreement.Kappa, 2);
        Assert.Equal(0.087, (agreement.Upper - agreement.Kappa) / 1.96, tolerance: 0.001);
        Assert.Equal(agreement.Kappa - agreement.Lower, agreement.Upper - agreement.Kappa, 9);
    }

    [Fact]
    public void Where_both_say_one_word_of_everybody_there_is_no_kappa_and_where_nobody_is_settled_nothing()
    {
        var same = CohenKappa.Of(new Dictionary<(string, string), long> { [("HIGH", "HIGH")] = 5 })!;
        Assert.Equal((1.0, false), (same.Observed, same.HasKappa));
        Assert.Null(CohenKappa.Of(new Dictionary<(string, string), long>()));
        Assert.Equal(1, CohenKappa.Of(new Dictionary<(string, string), long> { [("HIGH", "HIGH")] = 5, [("LOW", "LOW")] = 5 })!.Kappa);
    }

    private async Task<(List<Mover> Movers, List<AssessItemResult> Refused, CohortComparison Comparison)> Run(CompareCohortSettings settings, List<AssessItem> items)
    {
        using var call = Client.CompareCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new CompareCohortRequest { Settings = settings }, Cancel);
        foreach (var chunk in items.Chunk(25))
        {
            await call.RequestStream.WriteAsync(new CompareCohortRequest { Items = { chunk } }, Cancel);
        }

        await call.RequestStream.CompleteAsync();
        var messages = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        return ([.. messages.SelectMany(message => message.Movers)], [.. messages.SelectMany(message => message.Refused)], messages[^1].Comparison);
    }
}
