using System.Net;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Tests.Classification;
using Relapse.Tests.Clinical.Measurements;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Mrd;

/// <summary>The batches of the service by gRPC and by JSON: each item as a call for it alone, and no item ends another.</summary>
public sealed class MrdBatchTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Interpret = "/v1/mrd/results:batchInterpret";
    private const string Assess = "/v1/mrd/responses:batchAssess";

    private static readonly JsonParser _parser = new(JsonParser.Settings.Default.WithTypeRegistry(Google.Protobuf.Reflection.TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, ResourceInfo.Descriptor)));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private MrdService.MrdServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Every_item_is_interpreted_as_a_call_for_it_alone_by_both_faces()
    {
        var batch = new BatchInterpretMrdRequest { Items = { Items() }, RequestId = "same", IncludeTrace = true };

        var answer = await Client.BatchInterpretMrdAsync(batch, cancellationToken: Cancel);

        Assert.Equal(batch.Items.Select(item => item.ItemId), answer.Results.Select(result => result.ItemId));
        foreach (var (item, result) in batch.Items.Zip(answer.Results))
        {
            var (alone, error) = await Alone(async () => await Client.InterpretMrdAsync(new InterpretMrdRequest { Case = item.Case, RequestId = "same", IncludeTrace = true }, cancellationToken: Cancel));
            Assert.Equal(alone, result.Interpretation);
            Assert.Equal(error, result.Error);
        }

        Assert.Contains(answer.Results, result => result.Error is not null);
        Assert.Equal(answer, _parser.Parse<BatchInterpretMrdResponse>((await server.PostAsync(Interpret, JsonFormatter.Default.Format(batch))).Body));
    }

    [Theory]
    [InlineData(TimePoint.Unspecified)]
    [InlineData(TimePoint.EndOfBlock1)]
    public async Task Every_item_is_assessed_as_a_call_for_it_alone_by_both_faces(TimePoint point)
    {
        var batch = new BatchAssessResponsesRequest { Items = { Items() }, RequestId = "same", TimePoint = point };

        var answer = await Client.BatchAssessResponsesAsync(batch, cancellationToken: Cancel);

        Assert.Equal(batch.Items.Select(item => item.ItemId), answer.Results.Select(result => result.ItemId));
        foreach (var (item, result) in batch.Items.Zip(answer.Results))
        {
            var (alone, error) = await Alone(async () => await Client.AssessResponseAsync(new AssessResponseRequest { Case = item.Case, RequestId = "same", TimePoint = point }, cancellationToken: Cancel));
            Assert.Equal(alone, result.Assessment);
            Assert.Equal(error, result.Error);
        }

        Assert.Contains(answer.Results, result => result.Assessment is not null);
        Assert.Equal(answer, _parser.Parse<BatchAssessResponsesResponse>((await server.PostAsync(Assess, JsonFormatter.Default.Format(batch))).Body));
    }

    [Theory]
    [InlineData(Interpret)]
    [InlineData(Assess)]
    public async Task An_empty_batch_one_that_is_too_long_and_ids_given_twice_are_refused(string path)
    {
        var empty = await server.PostAsync(path, "{}");
        empty.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["items"], empty.Fields);

        (await server.PostAsync(path, $$"""{"items":[{{string.Join(',', Enumerable.Repeat("""{"case":{}}""", 1001))}}]}""")).AssertError(HttpStatusCode.TooManyRequests, 8, "TOO_MANY_ITEMS");

        var twice = await server.PostAsync(path, """{"items":[{"itemId":"a","case":{}},{"itemId":"a","case":{}}],"protocols":["cog"]}""");
        twice.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["items[1].item_id", "protocols[0]"], twice.Fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_is_full_says_so_of_every_item_it_has_no_room_for()
    {
        await using var small = new RelapseServer { Arguments = ["--RELAPSE_MAX_ANSWER_BYTES=65536"] };
        await small.InitializeAsync();

        var answer = await new MrdService.MrdServiceClient(small.Channel).BatchInterpretMrdAsync(
            new BatchInterpretMrdRequest { Items = { Enumerable.Range(0, 40).Select(number => new MrdItem { ItemId = $"{number}", Case = new RelapseCase() }) } }, cancellationToken: Cancel);

        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"{number}"), answer.Results.Select(result => result.ItemId));
        Assert.NotNull(answer.Results[0].Interpretation);
        Assert.Equal("ANSWER_FULL", answer.Results[^1].Error.GetDetail<ErrorInfo>()!.Reason);
        Assert.True(answer.CalculateSize() <= 65536 || answer.Results[1].Error is not null);
    }

    /// <summary>Random children with series and responses, and cases that cannot be.</summary>
    private static IEnumerable<MrdItem> Items()
    {
        foreach (var (item, seed) in Cohort.Children(20).Select((item, seed) => (item, seed)))
        {
            var random = new Random(seed);
            var @case = item.Case.Clone();
            for (var i = random.Next(5); i > 0; i--)
            {
                @case.Mrd.Add(random.Next(2) == 0
                    ? Measured.Quantified($"0.{random.Next(1, 9999):D5}", (TimePoint)random.Next(0, 10), Measured.Day(random.Next(100)))
                    : Measured.Below("1e-4", (TimePoint)random.Next(0, 10), Measured.Day(random.Next(100)), MrdMethod.Flow));
            }

            @case.Responses.Clear();
            @case.Responses.Add(AssessResponseTests.Remission(TimePoint.EndOfBlock1, 30));
            yield return new MrdItem { ItemId = item.ItemId, Case = @case };
        }

        yield return new MrdItem { ItemId = "no case" };
        yield return new MrdItem { ItemId = "two faults", Case = Cohort.Faulty() };
        yield return new MrdItem { Case = new RelapseCase() };
    }

    private static async Task<(T? Answer, Google.Rpc.Status? Error)> Alone<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return (await call(), null);
        }
        catch (RpcException refused)
        {
            return (null, refused.GetRpcStatus());
        }
    }
}
