using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>ClassifyCohort: answers chunk by chunk in order, the summary last, and what callers can do wrong.</summary>
public sealed class CohortTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClassificationService.ClassificationServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Chunks_are_answered_one_by_one_in_order_and_the_summary_comes_last()
    {
        var items = Cohort.Mixed(random: 60);
        using var call = Client.ClassifyCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = new CohortSettings { RequestId = "cohort" }, Items = { items[..3] } }, Cancel);
        List<CohortItemResult> results = [.. (await Next(call)).Results];
        foreach (var chunk in items[3..].Chunk(16))
        {
            // Answered before the next is written.
            await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Items = { chunk } }, Cancel);
            var answer = await Next(call);
            Assert.Null(answer.Summary);
            Assert.Equal(chunk.Length, answer.Results.Count);
            results.AddRange(answer.Results);
        }

        await call.RequestStream.CompleteAsync();
        var last = await Next(call);
        Assert.False(await call.ResponseStream.MoveNext(Cancel));

        Assert.Empty(last.Results);
        AssertSummary(last.Summary, results);
        Assert.Equal("cohort", last.Summary.RequestId);
        var batch = await Client.BatchClassifyRelapsesAsync(new BatchClassifyRelapsesRequest { Items = { items }, RequestId = "cohort" }, cancellationToken: Cancel);
        Assert.Equal(batch.Results, results);
    }

    [Fact]
    public async Task Settings_alone_are_not_answered_and_a_later_message_without_items_is_an_empty_chunk()
    {
        var answers = await Send(new ClassifyCohortRequest { Settings = new CohortSettings() }, new ClassifyCohortRequest(), new ClassifyCohortRequest { Items = { new CohortItem { Case = new RelapseCase() } } });

        Assert.Equal([0, 1, 0], answers.Select(answer => answer.Results.Count));
        Assert.Equal((1L, 1L, 0L), (answers[2].Summary.Items, answers[2].Summary.Classified, answers[2].Summary.Refused));
        Assert.Matches("^[0-9a-f]{32}$", answers[2].Summary.RequestId);
        Assert.Equal(answers[2].Summary.RequestId, answers[1].Results[0].Classification.Receipts[0].RequestId);
    }

    [Fact]
    public async Task A_cohort_without_items_has_a_summary()
    {
        var summary = Assert.Single(await Send(new ClassifyCohortRequest { Settings = new CohortSettings { Protocols = { "protocols/cog" } } })).Summary;

        Assert.Equal(0, summary.Items);
        Assert.Equal(8, summary.Tallies.Count);
        Assert.All(summary.Tallies, tally => Assert.Empty(tally.Outcomes));
    }

    [Fact]
    public async Task One_id_may_come_again_in_another_chunk_but_not_in_its_own()
    {
        var item = new CohortItem { ItemId = "again", Case = new RelapseCase() };
        var settings = new CohortSettings { Protocols = { "protocols/cog" } };
        Assert.Equal(2, (await Send(new ClassifyCohortRequest { Settings = settings, Items = { item } }, new ClassifyCohortRequest { Items = { item } }))[^1].Summary.Items);

        var refused = await Refused(new ClassifyCohortRequest { Settings = settings }, new ClassifyCohortRequest { Items = { item, new CohortItem(), item } });
        Assert.Equal((StatusCode.InvalidArgument, "items[2].item_id"), (refused.StatusCode, Assert.Single(refused.Fields())));
    }

    [Fact]
    public async Task Settings_missing_repeated_or_faulty_end_the_call()
    {
        var item = new ClassifyCohortRequest { Items = { new CohortItem { Case = new RelapseCase() } } };
        var settings = new ClassifyCohortRequest { Settings = new CohortSettings() };

        Assert.Equal((StatusCode.InvalidArgument, "settings"), Fault(await Refused()));
        Assert.Equal((StatusCode.InvalidArgument, "settings"), Fault(await Refused(new ClassifyCohortRequest())));
        Assert.Equal((StatusCode.InvalidArgument, "settings"), Fault(await Refused(item, settings)));
        Assert.Equal((StatusCode.InvalidArgument, "settings"), Fault(await Refused(settings, item, settings)));
        Assert.Equal((StatusCode.NotFound, "settings.protocols[0]"), Fault(await Refused(new ClassifyCohortRequest { Settings = new CohortSettings { Protocols = { "protocols/nowhere" } } })));
        var faulty = new CohortSettings { Protocols = { "cog" }, RequestId = new string('x', 65), Readings = { new ReadingChoice { Protocol = "protocols/cog", Reading = "none" } } };
        Assert.Equal(["settings.protocols[0]", "settings.readings[0].protocol", "settings.request_id"], (await Refused(new ClassifyCohortRequest { Settings = faulty })).Fields().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_chunk_too_long_or_too_large_is_resource_exhausted()
    {
        var settings = new ClassifyCohortRequest { Settings = new CohortSettings() };
        var tooMany = new ClassifyCohortRequest { Items = { Enumerable.Range(0, 1001).Select(_ => new CohortItem()) } };
        var error = await Refused(settings, tooMany);
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_ITEMS"), (error.StatusCode, error.Reason()));

        var tooLarge = new ClassifyCohortRequest { Items = { new CohortItem { Case = new RelapseCase { CaseRef = new string('7', 4 << 20) } } } };
        error = await Refused(settings, tooLarge);
        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), (error.StatusCode, error.Reason()));
    }

    [Theory]
    [InlineData("00 00 00 00 05 FF FF FF FF FF")] // a frame whose message is no message
    [InlineData("00 00 00 00 40 0A 00")] // a frame that ends early
    [InlineData("00 00 00")] // not even a frame's head
    [InlineData("01 00 00 00 02 0A 00")] // compressed, without saying how
    public async Task Bytes_that_are_no_message_are_the_callers_fault_in_the_middle_of_a_stream_too(string hex)
    {
        var settings = new ClassifyCohortRequest { Settings = new CohortSettings() }.ToByteArray();
        byte[] frames = [0, 0, 0, 0, (byte)settings.Length, .. settings, .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))];
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.GrpcAddress, "/relapse.classification.v1.ClassificationService/ClassifyCohort"))
        {
            Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(frames),
        };
        request.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/grpc");

        using var response = await client.SendAsync(request, Cancel);
        await response.Content.LoadIntoBufferAsync(Cancel);

        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        Assert.Equal("3", Assert.Single(headers.GetValues("grpc-status")));
        var details = Assert.Single(headers.GetValues("grpc-status-details-bin"));
        Assert.Equal("MALFORMED_MESSAGE", Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '='))).GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
    }

    private static void AssertSummary(CohortSummary summary, List<CohortItemResult> results)
    {
        var answers = results.Where(result => result.Classification is not null).Select(result => result.Classification).ToList();
        Assert.Equal((results.Count, answers.Count, results.Count - answers.Count), (summary.Items, summary.Classified, summary.Refused));
        Assert.Equal(answers[0].Decisions.Select(decision => (decision.Protocol, decision.Decision_)), summary.Tallies.Select(tally => (tally.Protocol, tally.Decision)));
        foreach (var tally in summary.Tallies)
        {
            var decisions = answers.Select(answer => answer.Decisions.Single(decision => decision.Protocol == tally.Protocol && decision.Decision_ == tally.Decision)).ToList();
            Assert.Equal(decisions.CountBy(decision => decision.Outcome).OrderBy(count => count.Key), tally.Outcomes.Select(count => KeyValuePair.Create(count.Outcome, (int)count.Items)));
            Assert.Equal(
                decisions.Where(decision => decision.Outcome is Outcome.Determined or Outcome.Conditional).CountBy(decision => decision.Possible[0]).OrderBy(count => count.Key, StringComparer.Ordinal),
                tally.Conclusions.OrderBy(count => count.Conclusion, StringComparer.Ordinal).Select(count => KeyValuePair.Create(count.Conclusion, (int)count.Items)));
        }
    }

    private async Task<List<ClassifyCohortResponse>> Send(params ClassifyCohortRequest[] messages)
    {
        using var call = Client.ClassifyCohort(cancellationToken: Cancel);
        foreach (var message in messages)
        {
            await call.RequestStream.WriteAsync(message, Cancel);
        }

        await call.RequestStream.CompleteAsync();
        List<ClassifyCohortResponse> answers = [];
        await foreach (var answer in call.ResponseStream.ReadAllAsync(Cancel))
        {
            answers.Add(answer);
        }

        return answers;
    }

    /// <summary>The status with which the call ends; a caller may still be writing when it does.</summary>
    private async Task<RpcException> Refused(params ClassifyCohortRequest[] messages)
    {
        using var call = Client.ClassifyCohort(cancellationToken: Cancel);
        try
        {
            foreach (var message in messages)
            {
                await call.RequestStream.WriteAsync(message, Cancel);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception late) when (late is RpcException or InvalidOperationException)
        {
            // What it is refused for is read below.
        }

        return await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Cancel))
            {
            }
        });
    }

    private static (StatusCode Code, string Field) Fault(RpcException refused) => (refused.StatusCode, Assert.Single(refused.Fields()));

    private static async Task<ClassifyCohortResponse> Next(AsyncDuplexStreamingCall<ClassifyCohortRequest, ClassifyCohortResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        return call.ResponseStream.Current;
    }
}
