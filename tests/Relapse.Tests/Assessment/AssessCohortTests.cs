using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Classification;
using Relapse.Tests.Edge;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Assessment;

/// <summary>A cohort is concluded of as its cases are one by one, in order, and what is wrong with one ends no other.</summary>
public sealed class AssessCohortTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AssessmentService.AssessmentServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Each_item_is_concluded_of_as_the_whole_case_alone()
    {
        string[] protocols = ["protocols/ukall-r3", "protocols/review-2014"];
        var items = Items(12);
        var (header, results, summary) = await Run(new AssessCohortSettings { Protocols = { protocols } }, items, chunk: 7);

        Assert.Equal(items.Select(item => item.ItemId), results.Select(result => result.ItemId));
        Assert.Equal((items.Count, results.Count(result => result.Conclusions is not null), results.Count(result => result.Error is not null)), (summary.Items, summary.Assessed, summary.Refused));
        foreach (var (item, result) in items.Zip(results))
        {
            if (result.Error is { } error)
            {
                var refused = await Assert.ThrowsAsync<RpcException>(() => Alone(item.Case));
                Assert.Equal((int)refused.StatusCode, error.Code);
                continue;
            }

            var alone = await Alone(item.Case);
            Decision[] decisions = [.. alone.Classification.Answer.Decisions, .. alone.Response.Answer.Decisions, .. alone.Mrd.Answer.Decisions, .. alone.Eligibility.Answer.Decisions];
            Assert.All(result.Conclusions.Conclusions, concluded =>
            {
                var of = header[concluded.Decision];
                var decision = decisions.Single(decision => (decision.Protocol, decision.Decision_) == (of.Protocol, of.Decision));
                Assert.Equal((decision.Outcome, decision.Possible), (concluded.Outcome, concluded.Possible));
            });
            Assert.Equal(decisions.Count(decision => decision.Outcome != Outcome.NotDefined), result.Conclusions.Conclusions.Count);
            Assert.Empty(alone.Missing.Select(needed => needed.Field).Except(result.Conclusions.Missing));
        }

        var counted = summary.Tallies.SelectMany(tally => tally.Outcomes).Sum(count => count.Items);
        Assert.Equal(summary.Assessed * header.Count, counted);

        async Task<AssessCaseResponse> Alone(RelapseCase? @case) => await Client.AssessCaseAsync(
            new AssessCaseRequest { Case = @case, Protocols = { protocols }, Parts = { Part.Classification, Part.Mrd, Part.Response, Part.Eligibility } }, cancellationToken: Cancel);
    }

    /// <summary>Answers to cases of which nothing is known are long: a service gives as many as fit, and is asked for the rest.</summary>
    [Fact]
    public async Task A_chunk_of_which_no_service_gives_all_answers_at_once_is_answered_whole()
    {
        await using var narrow = new RelapseServer { Arguments = ["--RELAPSE_MAX_ANSWER_BYTES=30000"] };
        await narrow.InitializeAsync();
        using var call = new AssessmentService.AssessmentServiceClient(narrow.Channel).AssessCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(
            new AssessCohortRequest { Settings = new AssessCohortSettings { Protocols = { "protocols/ukall-r3" } }, Items = { Enumerable.Range(0, 40).Select(number => new AssessItem { ItemId = $"{number}", Case = new RelapseCase() }) } }, Cancel);
        await call.RequestStream.CompleteAsync();
        var messages = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"{number}"), messages.SelectMany(message => message.Results).Select(result => result.ItemId));
        Assert.All(messages.SelectMany(message => message.Results), result => Assert.NotNull(result.Conclusions));
        // What is sent on is no longer than what was taken in, and each message says how far it comes.
        Assert.All(messages.Where(message => message.Results.Count > 0), message => Assert.InRange(message.CalculateSize(), 1, 30000));
        Assert.InRange(messages.Count(message => message.Results.Count > 0), 2, 40);
        long answered = 0;
        Assert.All(messages.Where(message => message.Results.Count > 0), message => Assert.Equal(answered += message.Results.Count, message.Answered));
    }

    [Fact]
    public async Task How_many_are_answered_is_said_so_that_a_broken_stream_is_taken_up_after_them()
    {
        var items = Items(6);
        using var call = Client.AssessCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new AssessCohortRequest { Settings = new AssessCohortSettings { Protocols = { "protocols/cog" } } }, Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.NotEmpty(call.ResponseStream.Current.Decisions);
        long before = 0;
        foreach (var chunk in items.Chunk(4))
        {
            await call.RequestStream.WriteAsync(new AssessCohortRequest { Items = { chunk } }, Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            Assert.Equal(before += chunk.Length, call.ResponseStream.Current.Answered);
        }

        await call.RequestStream.WriteAsync(new AssessCohortRequest(), Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(before, call.ResponseStream.Current.Answered);
    }

    [Fact]
    public async Task A_large_chunk_is_answered_in_parts_so_that_few_whole_answers_are_held_at_once()
    {
        using var call = Client.AssessCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(
            new AssessCohortRequest { Settings = new AssessCohortSettings { Protocols = { "protocols/cog" }, Parts = { Part.Classification } }, Items = { Enumerable.Range(0, 200).Select(number => new AssessItem { ItemId = $"{number}", Case = new RelapseCase() }) } }, Cancel);
        await call.RequestStream.CompleteAsync();
        var messages = (await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel)).Where(message => message.Results.Count > 0).ToList();
        Assert.All(messages, message => Assert.InRange(message.Results.Count, 1, 64));
        Assert.Equal(Enumerable.Range(0, 200).Select(number => $"{number}"), messages.SelectMany(message => message.Results).Select(result => result.ItemId));
    }

    [Fact]
    public async Task What_is_wrong_with_the_settings_or_a_chunk_ends_the_call_with_every_fault()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => Run(new AssessCohortSettings { Protocols = { "protocols/none" }, Parts = { Part.Outcome, Part.Mrd, Part.Mrd }, RequestId = "\n" }, [], 1));
        Assert.Equal(["settings.parts[0]", "settings.parts[2]", "settings.protocols[0]", "settings.request_id"], refused.Fields().Order(StringComparer.Ordinal));

        using var none = Client.AssessCohort(cancellationToken: Cancel);
        await none.RequestStream.CompleteAsync();
        Assert.Equal(["settings"], (await Assert.ThrowsAsync<RpcException>(async () => await none.ResponseStream.MoveNext(Cancel))).Fields());

        using var twice = Client.AssessCohort(cancellationToken: Cancel);
        await twice.RequestStream.WriteAsync(new AssessCohortRequest { Settings = new AssessCohortSettings { Protocols = { "protocols/cog" } } }, Cancel);
        await twice.RequestStream.WriteAsync(new AssessCohortRequest { Settings = new AssessCohortSettings(), Items = { new AssessItem { ItemId = "a" }, new AssessItem { ItemId = "a" } } }, Cancel);
        Assert.Equal(["items[1].item_id", "settings"], (await Assert.ThrowsAsync<RpcException>(async () => await twice.ResponseStream.ReadAllAsync(Cancel).LastAsync(Cancel))).Fields().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cohort_without_one_of_its_services_ends_to_be_taken_up_again()
    {
        await using var alone = new RelapseServer { Arguments = ["--RELAPSE_SERVICE_TRANSPLANT_GRPC=http://127.0.0.1:9"] };
        await alone.InitializeAsync();
        using var call = new AssessmentService.AssessmentServiceClient(alone.Channel).AssessCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new AssessCohortRequest { Settings = new AssessCohortSettings(), Items = { Items(1) } }, Cancel);
        var failed = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.ReadAllAsync(Cancel).LastAsync(Cancel));
        Assert.Equal((StatusCode.Unavailable, "SERVICE_UNREACHABLE"), (failed.StatusCode, failed.Reason()));
    }

    [Fact]
    public async Task A_caller_that_stops_reading_stops_the_reading()
    {
        const int Chunks = 60;
        const int Chunk = 20;
        using var call = Client.AssessCohort(cancellationToken: Cancel);
        var written = 0;
        var writing = Task.Run(
            async () =>
            {
                await call.RequestStream.WriteAsync(new AssessCohortRequest { Settings = new AssessCohortSettings { Protocols = { "protocols/cog" }, Parts = { Part.Classification } } }, Cancel);
                for (var number = 0; number < Chunks; number++)
                {
                    await call.RequestStream.WriteAsync(new AssessCohortRequest { Items = { Enumerable.Range(0, Chunk).Select(Refused) } }, Cancel);
                    Interlocked.Increment(ref written);
                }

                await call.RequestStream.CompleteAsync();
            },
            Cancel);
        // What lies between is full after a few chunks; then no more are taken.
        var before = -1;
        await LimitsTests.WaitUntil(async () =>
        {
            (before, var last) = (Volatile.Read(ref written), before);
            await Task.Delay(TimeSpan.FromMilliseconds(700), Cancel);
            return before > 0 && before == last;
        });
        Assert.InRange(before, 1, Chunks / 2);

        var results = 0;
        await foreach (var message in call.ResponseStream.ReadAllAsync(Cancel))
        {
            results += message.Results.Count;
        }

        await writing;
        Assert.Equal(Chunks * Chunk, results);
    }

    /// <summary>Of which a great deal is wrong.</summary>
    private static AssessItem Refused(int number) => new() { ItemId = $"{number}", Case = new RelapseCase { Mrd = { Enumerable.Range(0, 1500).Select(_ => new MrdResult { Quantified = "x" }) } } };

    private static List<AssessItem> Items(int random) => [.. Cohort.Mixed(random).Select(item => new AssessItem { ItemId = item.ItemId, Case = item.Case })];

    private async Task<(IReadOnlyList<ProtocolDecision> Header, List<AssessItemResult> Results, AssessCohortSummary Summary)> Run(AssessCohortSettings settings, List<AssessItem> items, int chunk)
    {
        using var call = Client.AssessCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new AssessCohortRequest { Settings = settings }, Cancel);
        foreach (var some in items.Chunk(chunk))
        {
            await call.RequestStream.WriteAsync(new AssessCohortRequest { Items = { some } }, Cancel);
        }

        await call.RequestStream.CompleteAsync();
        var messages = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        return (messages[0].Decisions, [.. messages.SelectMany(message => message.Results)], messages[^1].Summary);
    }
}
