using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Relapse.Client;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Edge.Authentication;
using ClassificationInfo = Relapse.Contracts.Classification.V1.GetServiceInfoRequest;

namespace Relapse.Tests.Client;

/// <summary>AddRelapseClient: what is registered, and what every call has then.</summary>
public sealed class RegistrationTests : IClassFixture<ClientHouse>, IDisposable
{
    private readonly ClientHouse _house;

    public RegistrationTests(ClientHouse house)
    {
        _house = house;
        house.Arrivals.Forget();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _house.Server.AssertNoErrorsLogged();

    [Fact]
    public async Task The_client_of_every_service_is_registered_and_calls()
    {
        await using var provider = _house.Register();

        Assert.NotEmpty((await provider.GetRequiredService<AssessmentService.AssessmentServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.Service);
        Assert.NotEmpty((await provider.GetRequiredService<ClassificationService.ClassificationServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.Service);
        Assert.NotEmpty((await provider.GetRequiredService<MrdService.MrdServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.Service);
        Assert.NotEmpty((await provider.GetRequiredService<OutcomeService.OutcomeServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.Service);
        Assert.NotEmpty((await provider.GetRequiredService<RegistryService.RegistryServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.Service);
        Assert.NotEmpty((await provider.GetRequiredService<TransplantService.TransplantServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.Service);
        Assert.Equal(6, _house.Arrivals.Of("GetServiceInfo").Count);
    }

    [Fact]
    public async Task All_clients_share_one_connection_and_it_is_the_http_client_factorys()
    {
        await using var line = new FragileLine(_house.Server.GrpcAddress);
        var services = new ServiceCollection();
        var passed = 0;
        services.AddRelapseClient(options => options.Address = line.Address).AddHttpMessageHandler(() => new Counter(() => passed++));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<RelapseClient>().Classification.GetServiceInfoAsync(new(), cancellationToken: Cancel);
        await provider.GetRequiredService<MrdService.MrdServiceClient>().GetServiceInfoAsync(new(), cancellationToken: Cancel);

        Assert.Equal((1, 2), (line.Connections, passed));
    }

    [Fact]
    public void Every_fault_of_the_options_is_said_at_once()
    {
        static OptionsValidationException Refused(Action<RelapseClientOptions> configure)
        {
            var services = new ServiceCollection();
            services.AddRelapseClient(configure);
            using var provider = services.BuildServiceProvider();
            return Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<RelapseClient>());
        }

        Assert.Equal(3, Refused(options => (options.Deadline, options.MaxReceiveMessageSize) = (TimeSpan.Zero, 0)).Failures.Count());
        Assert.Contains("https:// or http://", Refused(options => options.Address = new Uri("dns:///relapse")).Message, StringComparison.Ordinal);
        Assert.Contains("in the clear", Refused(options => (options.Address, options.Token) = (new Uri("http://relapse.example"), _ => ValueTask.FromResult<string?>("t"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_goes_to_another_machine_in_the_clear_only_where_that_is_allowed()
    {
        var services = new ServiceCollection();
        services.AddRelapseClient(options => (options.Address, options.Token, options.AllowTokenOverCleartext) = (new Uri("http://relapse.example"), _ => ValueTask.FromResult<string?>("t"), true));
        await using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<RelapseClient>());
    }

    [Fact]
    public async Task Each_call_asks_for_its_token_and_one_that_is_empty_is_not_sent()
    {
        Queue<string?> tokens = new(["one", "two", null, ""]);
        await using var provider = _house.Register(options => options.Token = _ => ValueTask.FromResult(tokens.Dequeue()));
        var client = provider.GetRequiredService<RelapseClient>();
        for (var call = 0; call < 4; call++)
        {
            await client.Classification.GetServiceInfoAsync(new ClassificationInfo(), cancellationToken: Cancel);
        }

        Assert.Equal(["Bearer one", "Bearer two", null, null], _house.Arrivals.All.Select(arrival => arrival.Authorization));
    }

    [Fact]
    public async Task A_server_that_asks_for_tokens_takes_the_providers_on_every_kind_of_call()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var house = new ClientHouse { Arguments = issuer.Arguments };
        await house.InitializeAsync();
        await using var with = house.Register(options => options.Token = _ => ValueTask.FromResult<string?>(issuer.Token("north", "relapse.read")));
        await using var without = house.Register();

        var client = with.GetRequiredService<RelapseClient>();
        Assert.Equal("mine", (await client.Classification.ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = new RelapseCase { CaseRef = "mine" } }, cancellationToken: Cancel)).CaseRef);
        Assert.Single(await client.ClassifyCohort(new[] { new CohortItem { Case = new RelapseCase() } }.ToAsyncEnumerable()).ToListAsync(Cancel));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await without.GetRequiredService<RelapseClient>().Classification.GetServiceInfoAsync(new(), cancellationToken: Cancel));
        Assert.Equal((StatusCode.Unauthenticated, "UNAUTHENTICATED"), (refused.StatusCode, RelapseError.From(refused).Reason));
    }

    [Fact]
    public async Task A_unary_call_has_the_default_deadline_unless_it_has_its_own_and_a_stream_has_none()
    {
        await using var provider = _house.Register(options => options.Deadline = TimeSpan.FromMinutes(7));
        var client = provider.GetRequiredService<RelapseClient>();
        var now = DateTime.UtcNow;
        await client.Classification.GetServiceInfoAsync(new ClassificationInfo(), cancellationToken: Cancel);
        await client.Classification.GetServiceInfoAsync(new ClassificationInfo(), deadline: now.AddMinutes(2), cancellationToken: Cancel);
        await client.ClassifyCohort(AsyncEnumerable.Empty<CohortItem>()).ToListAsync(Cancel);
        await using var unlimited = _house.Register(options => options.Deadline = null);
        await unlimited.GetRequiredService<RelapseClient>().Classification.GetServiceInfoAsync(new ClassificationInfo(), cancellationToken: Cancel);

        var deadlines = _house.Arrivals.All.Select(arrival => arrival.Deadline).ToList();
        Assert.InRange(deadlines[0], now.AddMinutes(6), now.AddMinutes(8));
        Assert.InRange(deadlines[1], now.AddMinutes(1), now.AddMinutes(3));
        Assert.Equal([DateTime.MaxValue, DateTime.MaxValue], deadlines[2..]);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_at_the_deadline()
    {
        _house.Arrivals.Before = context => Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        await using var provider = _house.Register(options => options.Deadline = TimeSpan.FromMilliseconds(200));

        var late = await Assert.ThrowsAsync<RpcException>(async () => await provider.GetRequiredService<RelapseClient>().Classification.GetServiceInfoAsync(new ClassificationInfo(), cancellationToken: Cancel));

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
    }

    [Fact]
    public async Task The_most_bytes_of_an_answer_are_the_options()
    {
        await using var provider = _house.Register(options => options.MaxReceiveMessageSize = 1024);
        var full = await Assert.ThrowsAsync<RpcException>(async () => await provider.GetRequiredService<RelapseClient>().Classification.ClassifyRelapseAsync(new ClassifyRelapseRequest { Case = new RelapseCase() }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.ResourceExhausted, full.StatusCode);
    }

    [Fact]
    public async Task An_error_is_read_typed()
    {
        await using var provider = _house.Register();
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await provider.GetRequiredService<RelapseClient>().Classification.ClassifyRelapseAsync(
            new ClassifyRelapseRequest { Case = new RelapseCase { RelapseNumber = 0, Marrow = new Marrow { BlastsPercent = 140 } } }, cancellationToken: Cancel));

        var error = RelapseError.From(refused);
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST", "relapse", null, ""), (error.Code, error.Reason, error.Domain, error.RetryDelay, error.CorrelationId));
        Assert.Contains(new FieldFault("case.marrow.blasts_percent", "must be 0 to 100 percent, both inclusive"), error.Faults);
        Assert.Contains("\n  case.marrow.blasts_percent: must be", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_only_the_connection_knows_of_has_no_reason()
    {
        var error = RelapseError.From(new RpcException(new Status(StatusCode.Unavailable, "Connection refused.")));
        Assert.Equal((StatusCode.Unavailable, "Connection refused.", "", "Unavailable: Connection refused."), (error.Code, error.Message, error.Reason, error.ToString()));
    }

    [Fact]
    public void Details_that_are_none_are_as_good_as_no_details() =>
        Assert.Equal("", RelapseError.From(new RpcException(new Status(StatusCode.Internal, ""), new Metadata { { "grpc-status-details-bin", [0xff, 0xff] } })).Reason);

    private sealed class Counter(Action count) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
