using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.House;

namespace Relapse.Tests.Client;

/// <summary>protos/service-config.json, and the client that does what it says.</summary>
public sealed class RetryTests : IClassFixture<ClientHouse>, IDisposable
{
    private readonly ClientHouse _house;

    public RetryTests(ClientHouse house)
    {
        _house = house;
        house.Arrivals.Forget();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Google.Protobuf.Reflection.ServiceDescriptor[] Services =>
    [
        AssessmentService.Descriptor, ClassificationService.Descriptor, MrdService.Descriptor, OutcomeService.Descriptor, RegistryService.Descriptor, TransplantService.Descriptor,
    ];

    public void Dispose() => _house.Server.AssertNoErrorsLogged();

    [Fact]
    public async Task A_server_that_is_unavailable_twice_is_asked_three_times()
    {
        Fail(StatusCode.Unavailable, times: 2);
        await using var provider = _house.Register();
        Assert.Equal("mine", (await Classify(provider)).CaseRef);
        Assert.Equal(3, _house.Arrivals.Of("ClassifyRelapse").Count);
    }

    [Fact]
    public async Task A_server_that_stays_unavailable_is_asked_as_often_as_is_published_and_its_last_word_is_thrown()
    {
        Fail(StatusCode.Unavailable, times: int.MaxValue);
        await using var provider = _house.Register();
        var error = RelapseError.From(await Assert.ThrowsAsync<RpcException>(() => Classify(provider)));
        Assert.Equal((StatusCode.Unavailable, "FOR_A_TEST", TimeSpan.FromSeconds(3)), (error.Code, error.Reason, error.RetryDelay));
        using var config = JsonDocument.Parse(Repository.Read("protos/service-config.json"));
        Assert.Equal(config.RootElement.GetProperty("methodConfig")[0].GetProperty("retryPolicy").GetProperty("maxAttempts").GetInt32(), _house.Arrivals.Of("ClassifyRelapse").Count);
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.FailedPrecondition)]
    public async Task Nothing_else_is_tried_again(StatusCode code)
    {
        Fail(code, times: 1);
        await using var provider = _house.Register();
        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => Classify(provider))).StatusCode);
        Assert.Single(_house.Arrivals.All);
    }

    [Fact]
    public async Task A_label_is_moved_once_because_the_second_time_would_find_it_moved()
    {
        Fail(StatusCode.Unavailable, times: 1);
        await using var provider = _house.Register();
        var registry = provider.GetRequiredService<RegistryService.RegistryServiceClient>();
        await Assert.ThrowsAsync<RpcException>(async () => await registry.MoveLabelAsync(new MoveLabelRequest(), cancellationToken: Cancel));
        Assert.Single(_house.Arrivals.All);
    }

    [Fact]
    public async Task Without_retries_a_call_is_made_once()
    {
        Fail(StatusCode.Unavailable, times: 1);
        await using var provider = _house.Register(options => options.Retry = false);
        await Assert.ThrowsAsync<RpcException>(() => Classify(provider));
        Assert.Single(_house.Arrivals.All);
    }

    [Fact]
    public async Task The_deadline_is_that_of_all_attempts_together()
    {
        Fail(StatusCode.Unavailable, times: int.MaxValue);
        await using var provider = _house.Register(options => options.Deadline = TimeSpan.FromMilliseconds(150));
        Assert.Contains((await Assert.ThrowsAsync<RpcException>(() => Classify(provider))).StatusCode, new[] { StatusCode.DeadlineExceeded, StatusCode.Unavailable });
        Assert.InRange(_house.Arrivals.All.Count, 1, 3);
    }

    [Fact]
    public void Every_service_of_the_contract_has_its_policy_and_what_has_none_is_in_the_contract_and_not_unary_but_one()
    {
        using var config = JsonDocument.Parse(Repository.Read("protos/service-config.json"));
        var methods = config.RootElement.GetProperty("methodConfig");
        var (retried, once) = (methods[0], methods[1]);
        Assert.Equal(["UNAVAILABLE"], retried.GetProperty("retryPolicy").GetProperty("retryableStatusCodes").EnumerateArray().Select(code => code.GetString()));
        Assert.False(once.TryGetProperty("retryPolicy", out _));
        Assert.Equal(Services.Select(service => service.FullName), retried.GetProperty("name").EnumerateArray().Select(name => name.GetProperty("service").GetString()));
        // A stream that the caller writes would have to be kept whole to be sent again.
        var written = Services.SelectMany(service => service.Methods).Where(method => method.IsClientStreaming || method.Name == nameof(RegistryService.RegistryServiceClient.MoveLabel)).Select(method => method.FullName);
        Assert.Equal(
            written.Order(StringComparer.Ordinal),
            once.GetProperty("name").EnumerateArray().Select(name => $"{name.GetProperty("service").GetString()}.{name.GetProperty("method").GetString()}").Order(StringComparer.Ordinal));
    }

    private static async Task<ClassifyRelapseResponse> Classify(ServiceProvider provider) => await provider.GetRequiredService<RelapseClient>().Classification
        .ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = new RelapseCase { CaseRef = "mine" }, Protocols = { "protocols/cog" } }, cancellationToken: Cancel);

    private void Fail(StatusCode code, int times)
    {
        var failed = 0;
        _house.Arrivals.Before = _ =>
        {
            if (Interlocked.Increment(ref failed) > times)
            {
                return Task.CompletedTask;
            }

            var status = new Google.Rpc.Status { Code = (int)code, Message = "Made by a test." };
            status.Details.Add(Any.Pack(new ErrorInfo { Reason = "FOR_A_TEST", Domain = "relapse" }));
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(3)) }));
            throw status.ToRpcException();
        };
    }
}
