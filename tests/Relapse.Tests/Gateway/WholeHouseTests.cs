using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Classification;
using Relapse.Tests.Hosting;
using Relapse.Tests.House;

namespace Relapse.Tests.Gateway;

/// <summary>The real services behind the real gateway.</summary>
public sealed class WholeHouseTests(RelapseServer server) : IClassFixture<RelapseServer>, IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => server.AssertNoErrorsLogged();

    [Fact]
    public async Task Json_says_through_the_gateway_what_it_says_directly()
    {
        await using var gateway = await GatewayProcess.Before(Services());
        var example = Repository.Read("examples/early-isolated-marrow.json").Replace("{\n  \"case\"", "{\n  \"requestId\": \"same\",\n  \"case\"", StringComparison.Ordinal);
        using var content = new StringContent(example, System.Text.Encoding.UTF8, "application/json");
        using var through = await gateway.Http.PostAsync(new Uri("/v1/classification/relapses:classify", UriKind.Relative), content, Cancel);
        var direct = await server.PostAsync("/v1/classification/relapses:classify", example);
        Assert.Equal(direct.Body, await through.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("ISOLATED_MARROW", direct.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_configured_service_is_reached_by_its_word()
    {
        await using var gateway = await GatewayProcess.Before(
            Services(), "RELAPSE_SERVICE_REGISTRY_GRPC=" + server.GrpcAddress, "RELAPSE_SERVICE_REGISTRY_HTTP=" + server.Http.BaseAddress);
        var there = new RegistryService.RegistryServiceClient(server.Channel);
        var here = new RegistryService.RegistryServiceClient(gateway.Channel);
        Assert.Equal(
            await there.ListProtocolsAsync(new ListProtocolsRequest(), cancellationToken: Cancel),
            await here.ListProtocolsAsync(new ListProtocolsRequest(), cancellationToken: Cancel));
        using var json = await gateway.Http.GetAsync(new Uri("/v1/registry/protocols", UriKind.Relative), Cancel);
        Assert.True(json.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Results_of_mrd_are_interpreted_through_the_gateway_as_directly()
    {
        await using var gateway = await GatewayProcess.Before(["RELAPSE_SERVICE_MRD_GRPC=" + server.GrpcAddress, "RELAPSE_SERVICE_MRD_HTTP=" + server.Http.BaseAddress]);
        var request = new InterpretMrdRequest { Case = new Contracts.Case.V1.RelapseCase { Mrd = { Clinical.Measurements.Measured.Quantified("5e-4") } }, RequestId = "same" };
        Assert.Equal(
            await new MrdService.MrdServiceClient(server.Channel).InterpretMrdAsync(request, cancellationToken: Cancel),
            await new MrdService.MrdServiceClient(gateway.Channel).InterpretMrdAsync(request, cancellationToken: Cancel));
        using var content = new StringContent(Google.Protobuf.JsonFormatter.Default.Format(request), System.Text.Encoding.UTF8, "application/json");
        using var json = await gateway.Http.PostAsync(new Uri("/v1/mrd/results:interpret", UriKind.Relative), content, Cancel);
        Assert.True(json.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Estimates_and_their_plot_come_through_the_gateway_as_directly()
    {
        await using var gateway = await GatewayProcess.Before(["RELAPSE_SERVICE_OUTCOME_GRPC=" + server.GrpcAddress, "RELAPSE_SERVICE_OUTCOME_HTTP=" + server.Http.BaseAddress]);
        var request = new EstimateOutcomeRequest { Case = new Contracts.Case.V1.RelapseCase { RelapseNumber = 1 }, RequestId = "same" };
        Assert.Equal(
            await new OutcomeService.OutcomeServiceClient(server.Channel).EstimateOutcomeAsync(request, cancellationToken: Cancel),
            await new OutcomeService.OutcomeServiceClient(gateway.Channel).EstimateOutcomeAsync(request, cancellationToken: Cancel));
        using var content = new StringContent("{\"case\":{\"relapseNumber\":1}}", System.Text.Encoding.UTF8, "application/json");
        using var through = await gateway.Http.PostAsync(new Uri("/v1/outcome/estimates:plot", UriKind.Relative), content, Cancel);
        var direct = await server.PostAsync("/v1/outcome/estimates:plot", "{\"case\":{\"relapseNumber\":1}}");
        Assert.Equal("image/svg+xml", through.Content.Headers.ContentType?.MediaType);
        Assert.Equal(direct.Body, await through.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_cohort_streams_through_the_gateway_chunk_by_chunk_and_is_answered_as_directly()
    {
        await using var gateway = await GatewayProcess.Before(Services());
        var items = Cohort.Mixed(random: 20);
        List<ClassifyCohortResponse> answers = [];
        using var call = gateway.Client.ClassifyCohort(cancellationToken: Cancel);
        foreach (var chunk in items.Chunk(10))
        {
            await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = answers.Count == 0 ? new CohortSettings { RequestId = "same" } : null, Items = { chunk } }, Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            answers.Add(call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(items.Count, call.ResponseStream.Current.Summary.Items);
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
        var direct = new ClassificationService.ClassificationServiceClient(server.Channel);
        var batch = await direct.BatchClassifyRelapsesAsync(new BatchClassifyRelapsesRequest { Items = { items }, RequestId = "same" }, cancellationToken: Cancel);
        Assert.Equal(batch.Results, answers.SelectMany(answer => answer.Results));
    }

    [Fact]
    public async Task What_ends_a_cohort_reaches_its_caller_through_the_gateway_with_its_details()
    {
        await using var gateway = await GatewayProcess.Before(Services());
        using var call = gateway.Client.ClassifyCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new ClassifyCohortRequest(), Cancel);
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancel));
        Assert.Equal((StatusCode.InvalidArgument, "settings"), (refused.StatusCode, Assert.Single(refused.Fields())));
    }

    [Fact]
    public async Task A_batch_larger_than_a_case_may_be_passes_the_gateway()
    {
        await using var gateway = await GatewayProcess.Before(Services());
        var batch = new BatchClassifyRelapsesRequest { Items = { Enumerable.Range(0, 300).Select(number => new CohortItem { Case = Cohort.Rich(number) }) }, Protocols = { "protocols/cog" } };
        var json = Google.Protobuf.JsonFormatter.Default.Format(batch);
        Assert.True(json.Length > 1024 * 1024);
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await gateway.Http.PostAsync(new Uri("/v1/classification/relapses:batchClassify", UriKind.Relative), content, Cancel);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    private string[] Services() =>
    [
        "RELAPSE_SERVICE_CLASSIFICATION_GRPC=" + server.GrpcAddress,
        "RELAPSE_SERVICE_CLASSIFICATION_HTTP=" + server.Http.BaseAddress,
    ];
}
