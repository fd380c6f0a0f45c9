using System.Net;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>BatchClassifyRelapses by gRPC and by JSON: each item as a call for it alone, and no item ends another.</summary>
public sealed class BatchTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private const string Path = "/v1/classification/relapses:batchClassify";

    private static readonly string[] _two = ["protocols/cog", "protocols/i-bfm-sg"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClassificationService.ClassificationServiceClient Client => new(server.Channel);

    public void Dispose() => server.AssertNoErrorsLogged();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public async Task Every_item_is_answered_as_a_call_for_it_alone(bool trace, int protocols)
    {
        var batch = new BatchClassifyRelapsesRequest
        {
            Items = { Cohort.Mixed(random: 40) }, RequestId = "same", IncludeTrace = trace, Protocols = { _two.Take(protocols) },
            Readings = { new[] { new ReadingChoice { Protocol = "protocols/i-bfm-sg", Reading = "csf_confirmation", Value = "TWO_SAMPLES" } }.Take(protocols) },
        };

        var answer = await Client.BatchClassifyRelapsesAsync(batch, cancellationToken: Cancel);
        var json = await server.PostAsync(Path, JsonFormatter.Default.Format(batch));

        Assert.Equal(batch.Items.Select(item => item.ItemId), answer.Results.Select(result => result.ItemId));
        foreach (var (item, result) in batch.Items.Zip(answer.Results))
        {
            await SameAlone(item, result, new ClassifyRelapseRequest { Case = item.Case, RequestId = "same", IncludeTrace = trace, Protocols = { batch.Protocols }, Readings = { batch.Readings } });
        }

        Assert.Equal(HttpStatusCode.OK, json.Http);
        Assert.Equal(answer, new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(Google.Protobuf.Reflection.TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, ResourceInfo.Descriptor))).Parse<BatchClassifyRelapsesResponse>(json.Body));
    }

    [Fact]
    public async Task A_refused_item_has_every_fault_by_the_path_of_a_single_request()
    {
        var answer = await Client.BatchClassifyRelapsesAsync(new BatchClassifyRelapsesRequest { Items = { Cohort.Mixed(random: 0) } }, cancellationToken: Cancel);

        var faults = answer.Results.Where(result => result.Error is not null).ToDictionary(result => result.ItemId, result => result.Error);
        Assert.Equal(["no case", "nowhere", "two faults"], faults.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["case"], Fields(faults["no case"]));
        Assert.Equal(["case.marrow.blasts_percent", "case.timing.relapse_date"], Fields(faults["two faults"]).Order(StringComparer.Ordinal));
        Assert.Equal(((int)StatusCode.InvalidArgument, "INVALID_REQUEST"), (faults["two faults"].Code, faults["two faults"].GetDetail<ErrorInfo>()!.Reason));
        Assert.Equal(((int)StatusCode.NotFound, "PROTOCOL_NOT_FOUND"), (faults["nowhere"].Code, faults["nowhere"].GetDetail<ErrorInfo>()!.Reason));
        Assert.Equal(["case.established[0].protocol"], Fields(faults["nowhere"]));
        server.AssertNothingEchoed(faults["two faults"].ToString(), "140");
    }

    [Fact]
    public async Task Everything_wrong_with_what_the_items_share_is_said_at_once_and_nothing_of_the_items()
    {
        var batch = new BatchClassifyRelapsesRequest
        {
            Items = { new CohortItem { ItemId = "a" }, new CohortItem { ItemId = "b" }, new CohortItem { ItemId = "a" }, new CohortItem { ItemId = new string('x', 65) }, new CohortItem { ItemId = "tab\t" }, new CohortItem(), new CohortItem() },
            Protocols = { "protocols/nowhere", "cog" }, RequestId = new string('y', 65),
        };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.BatchClassifyRelapsesAsync(batch, cancellationToken: Cancel));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(
            ["items[2].item_id", "items[3].item_id", "items[4].item_id", "protocols[0]", "protocols[1]", "request_id"],
            error.Fields().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_empty_batch_and_one_that_is_too_long_are_refused()
    {
        var empty = await server.PostAsync(Path, "{}");
        empty.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["items"], empty.Fields);

        var tooMany = new BatchClassifyRelapsesRequest { Items = { Enumerable.Range(0, 1001).Select(_ => new CohortItem { Case = new RelapseCase() }) } };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.BatchClassifyRelapsesAsync(tooMany, cancellationToken: Cancel));
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_ITEMS"), (error.StatusCode, error.Reason()));
        (await server.PostAsync(Path, JsonFormatter.Default.Format(tooMany))).AssertError(HttpStatusCode.TooManyRequests, 8, "TOO_MANY_ITEMS");
    }

    [Fact]
    public async Task By_json_a_fault_of_form_is_one_of_the_whole_request_and_of_meaning_one_of_its_item()
    {
        var form = await server.PostAsync(Path, """{"items":[{"case":{}},{"case":{"marrow":{"blastsPercent":"80"},"nothing":1}}]}""");
        form.AssertError(HttpStatusCode.BadRequest, 3, "INVALID_REQUEST");
        Assert.Equal(["items[1].case.marrow.blasts_percent", "items[1].case.nothing"], form.Fields.Order(StringComparer.Ordinal));

        var meaning = await server.PostAsync(Path, """{"items":[{"itemId":"sound","case":{}},{"itemId":"not","case":{"marrow":{"blastsPercent":140}}}]}""");
        Assert.Equal(HttpStatusCode.OK, meaning.Http);
        var results = meaning.Json.GetProperty("results");
        Assert.True(results[0].TryGetProperty("classification", out _));
        Assert.Equal(3, results[1].GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains("case.marrow.blasts_percent", results[1].GetProperty("error").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_cases_of_which_everything_is_known_fit_both_faces_with_their_answers()
    {
        Assert.Empty(CaseValidator.Validate(Cohort.Rich(0)));
        var batch = new BatchClassifyRelapsesRequest { Items = { Enumerable.Range(0, 1000).Select(number => new CohortItem { ItemId = $"{number}", Case = Cohort.Rich(number) }) }, Protocols = { "protocols/all-rez-bfm" } };
        var json = new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(batch);

        var answer = await Client.BatchClassifyRelapsesAsync(batch, cancellationToken: Cancel);
        var overJson = await server.PostAsync(Path, json);

        TestContext.Current.SendDiagnosticMessage($"1,000 rich cases: gRPC {batch.CalculateSize()} in, {answer.CalculateSize()} out; JSON {json.Length} in, {overJson.Body.Length} out");
        Assert.Equal(1000, answer.Results.Count(result => result.Classification is not null));
        Assert.Equal(HttpStatusCode.OK, overJson.Http);
        Assert.Equal(1000, overJson.Json.GetProperty("results").GetArrayLength());
    }

    private async Task SameAlone(CohortItem item, CohortItemResult result, ClassifyRelapseRequest alone)
    {
        try
        {
            Assert.Equal(await Client.ClassifyRelapseAsync(alone, cancellationToken: Cancel), result.Classification);
        }
        catch (RpcException refused)
        {
            Assert.True(refused.GetRpcStatus()!.Equals(result.Error), item.ItemId);
        }
    }

    private static string[] Fields(Google.Rpc.Status status) => [.. status.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field)];
}
