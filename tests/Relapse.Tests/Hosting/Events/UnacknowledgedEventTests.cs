using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Registry.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Tests.Hosting.Remote;

namespace Relapse.Tests.Hosting.Events;

/// <summary>A broker that refuses, fails, hangs or is gone, and a process without one.</summary>
public sealed class UnacknowledgedEventTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "EVENT_REFUSED", "refused")]
    [InlineData(StatusCode.PermissionDenied, "EVENT_REFUSED", "refused")]
    [InlineData(StatusCode.FailedPrecondition, "EVENT_REFUSED", "refused")]
    [InlineData(StatusCode.ResourceExhausted, "EVENT_REFUSED", "refused")]
    [InlineData(StatusCode.Internal, "EVENT_NOT_ACKNOWLEDGED", "not_acknowledged")]
    [InlineData(StatusCode.Unavailable, "EVENT_NOT_ACKNOWLEDGED", "not_acknowledged")]
    public async Task What_the_sidecar_says_is_the_callers_unavailable_without_its_words(StatusCode said, string reason, string counted)
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = await Server("--RELAPSE_DAPR_ADDRESS=" + sidecar.Address);
        sidecar.Refuses = said;
        using var measured = new Measured();
        var request = CaseEventTests.Classify(CaseEventTests.NewId(), publish: true);

        var error = await Refused(server, request);

        Assert.Equal((StatusCode.Unavailable, reason), (error.StatusCode, error.Reason()));
        Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.True(measured[counted] > 0);
        server.AssertNothingEchoed(error.ToString(), request.Case.CaseRef, request.RequestId, "OUTCOME_", "error when publish");
        var json = await server.PostAsync("/v1/classification/relapses:classify", JsonFormatter.Default.Format(request));
        json.AssertError(HttpStatusCode.ServiceUnavailable, (int)StatusCode.Unavailable, reason);

        sidecar.Refuses = null;
        await CaseEventTests.Client(server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
        Assert.Single(sidecar.Asked.Select(asked => (string)Sidecar.CloudEvent(asked.Request)["id"]!).Distinct(StringComparer.Ordinal));
        Assert.Single(sidecar.Published);
        Assert.True(measured["acknowledged"] > 0);
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task One_that_hangs_is_given_up_before_the_callers_deadline_and_after_its_own_time_where_there_is_none()
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = await Server("--RELAPSE_DAPR_ADDRESS=" + sidecar.Address, "--RELAPSE_EVENTS_SECONDS=2");
        var request = CaseEventTests.Classify(CaseEventTests.NewId(), publish: true);
        await CaseEventTests.Client(server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
        sidecar.Gate = new TaskCompletionSource().Task;

        var hasNoTime = await Refused(server, request, DateTime.UtcNow.AddSeconds(1));
        Assert.Equal((StatusCode.Unavailable, "EVENT_NOT_ACKNOWLEDGED"), (hasNoTime.StatusCode, hasNoTime.Reason()));

        var started = Stopwatch.GetTimestamp();
        var hasAllTime = await Refused(server, request);
        Assert.Equal((StatusCode.Unavailable, "EVENT_NOT_ACKNOWLEDGED"), (hasAllTime.StatusCode, hasAllTime.Reason()));
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(1.9));
        Assert.NotEmpty((await CaseEventTests.Client(server).ClassifyRelapseAsync(CaseEventTests.Classify("", publish: false), cancellationToken: Cancel)).Decisions);
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task One_that_is_killed_in_the_middle_is_said_to_be_that_and_used_again_once_it_is_back()
    {
        var sidecar = await Sidecar.StartAsync();
        await using var server = await Server("--RELAPSE_DAPR_ADDRESS=" + sidecar.Address, "--RELAPSE_EVENTS_SECONDS=60");
        sidecar.Gate = new TaskCompletionSource().Task;
        var request = CaseEventTests.Classify(CaseEventTests.NewId(), publish: true);
        var waiting = Refused(server, request);
        while (sidecar.Asked.IsEmpty)
        {
            await Task.Delay(5, Cancel);
        }

        await sidecar.DisposeAsync();
        Assert.Equal("EVENT_NOT_ACKNOWLEDGED", (await waiting).Reason());
        Assert.Equal("EVENT_NOT_ACKNOWLEDGED", (await Refused(server, request)).Reason());
        Assert.Contains(server.Logs.All, log => log.Id.Name == "EventsFail");

        await using var again = await Sidecar.StartAsync(new Uri(sidecar.Address).Port);
        await UntilAnswered(server, request);
        Assert.Equal(
            (string)Sidecar.CloudEvent(sidecar.Asked.First().Request)["id"]!,
            (string)Sidecar.CloudEvent(Assert.Single(again.Published))["id"]!);
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_no_failure_of_the_sidecar()
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = await Server("--RELAPSE_DAPR_ADDRESS=" + sidecar.Address);
        sidecar.Gate = new TaskCompletionSource().Task;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var call = CaseEventTests.Client(server).ClassifyRelapseAsync(CaseEventTests.Classify(CaseEventTests.NewId(), publish: true), cancellationToken: gone.Token);
        while (sidecar.Asked.IsEmpty)
        {
            await Task.Delay(5, Cancel);
        }

        await gone.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await call);
        while (!server.Logs.All.Any(log => log.Id.Name == "CallEndedEarly"))
        {
            await Task.Delay(5, Cancel);
        }

        Assert.DoesNotContain(server.Logs.All, log => log.Id.Name == "EventsFail");
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task Without_a_sidecar_an_event_is_refused_for_what_it_is_and_everything_else_works()
    {
        await using var server = await Server();
        var request = CaseEventTests.Classify(CaseEventTests.NewId(), publish: true);

        var error = await Refused(server, request);

        Assert.Equal((StatusCode.FailedPrecondition, "EVENTS_NOT_CONFIGURED"), (error.StatusCode, error.Reason()));
        Assert.Equal("publish", Assert.Single(error.GetRpcStatus()!.GetDetail<PreconditionFailure>()!.Violations).Subject);
        request.Case.Marrow.BlastsPercent = 140;
        Assert.Equal(["case.marrow.blasts_percent"], (await Refused(server, request)).Fields());
        Assert.NotEmpty((await CaseEventTests.Client(server).ClassifyRelapseAsync(CaseEventTests.Classify("", publish: false), cancellationToken: Cancel)).Decisions);
        Assert.All(await PublishesEvents(server), Assert.False);
    }

    [Fact]
    public async Task Each_service_says_whether_it_publishes_events()
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = await Server("--RELAPSE_DAPR_ADDRESS=" + sidecar.Address);
        Assert.All(await PublishesEvents(server), Assert.True);
        Assert.False((await new OutcomeService.OutcomeServiceClient(server.Channel).GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.PublishesEvents);
    }

    [Fact]
    public async Task The_component_and_the_topic_are_those_configured_and_the_token_is_shown()
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = await Server(
            "--RELAPSE_DAPR_ADDRESS=" + sidecar.Address, "--RELAPSE_EVENTS_PUBSUB=elsewhere", "--RELAPSE_EVENTS_TOPIC=relapse", "--DAPR_API_TOKEN=key-of-the-sidecar");

        var error = await Refused(server, CaseEventTests.Classify(CaseEventTests.NewId(), publish: true));

        Assert.Equal("EVENT_REFUSED", error.Reason());
        var (request, headers) = Assert.Single(sidecar.Asked);
        Assert.Equal(("elsewhere", "relapse"), (request.PubsubName, request.Topic));
        Assert.Equal("key-of-the-sidecar", headers.GetValue("dapr-api-token"));
        Assert.DoesNotContain("key-of-the-sidecar", server.Logs.Text, StringComparison.Ordinal);
    }

    private static async Task<RelapseServer> Server(params string[] arguments)
    {
        var server = new RelapseServer { Arguments = arguments };
        await server.InitializeAsync();
        return server;
    }

    // As a caller who was told UNAVAILABLE does, and no longer than for three seconds.
    private static async Task UntilAnswered(RelapseServer server, ClassifyRelapseRequest request)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await CaseEventTests.Client(server).ClassifyRelapseAsync(request, cancellationToken: Cancel);
                return;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable && attempt < 30)
            {
                await Task.Delay(100, Cancel);
            }
        }
    }

    private static Task<RpcException> Refused(RelapseServer server, ClassifyRelapseRequest request, DateTime? deadline = null) =>
        Assert.ThrowsAsync<RpcException>(async () => await CaseEventTests.Client(server).ClassifyRelapseAsync(request, deadline: deadline, cancellationToken: Cancel));

    private static async Task<bool[]> PublishesEvents(RelapseServer server) =>
    [
        (await CaseEventTests.Client(server).GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.PublishesEvents,
        (await new MrdService.MrdServiceClient(server.Channel).GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.PublishesEvents,
        (await new TransplantService.TransplantServiceClient(server.Channel).GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.PublishesEvents,
        (await new RegistryService.RegistryServiceClient(server.Channel).GetServiceInfoAsync(new(), cancellationToken: Cancel)).Info.PublishesEvents,
    ];
}
