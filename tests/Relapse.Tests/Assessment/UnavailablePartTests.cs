using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Edge;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Hosting;
using Relapse.Tests.Hosting.Events;

namespace Relapse.Tests.Assessment;

/// <summary>A service that is down, hangs or asks for a token: what becomes of its part, and of the rest.</summary>
public sealed class UnavailablePartTests
{
    private static readonly string[] Words = ["CLASSIFICATION", "MRD", "TRANSPLANT", "OUTCOME"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_part_of_a_service_that_is_down_has_its_status_and_the_rest_is_complete()
    {
        await using var server = await Server("--RELAPSE_SERVICE_OUTCOME_GRPC=" + Nobody());
        var answer = await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } });

        Assert.Equal([Part.Outcome], answer.Unavailable);
        Assert.Equal((int)StatusCode.Unavailable, answer.Outcome.Unavailable.Code);
        Assert.DoesNotContain("127.0.0.1", answer.Outcome.Unavailable.Message, StringComparison.Ordinal);
        Assert.NotNull(answer.Classification.Answer);
        Assert.NotNull(answer.Mrd.Answer);
        Assert.NotNull(answer.Response.Answer);
        Assert.NotEmpty(answer.Protocols.Single().Next);
        Assert.Empty(answer.Receipts);
    }

    [Fact]
    public async Task What_comes_next_is_left_out_where_its_service_is_down_and_where_the_case_stands_is_not()
    {
        await using var server = await Server("--RELAPSE_SERVICE_TRANSPLANT_GRPC=" + Nobody());
        var answer = await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } });

        Assert.Equal([Part.Eligibility], answer.Unavailable);
        Assert.Empty(answer.Protocols.Single().Next);
        Assert.Contains(answer.Protocols.Single().Stands, finding => finding.Decision == "mrd_response");
    }

    [Fact]
    public async Task With_every_service_down_the_call_is_unavailable_to_be_tried_again()
    {
        await using var server = await Server([.. Words.Select(word => $"--RELAPSE_SERVICE_{word}_GRPC={Nobody()}")]);
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(server, new AssessCaseRequest { Case = WholeCase.Of() }));
        Assert.Equal((StatusCode.Unavailable, "NO_SERVICE_REACHED"), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task A_service_that_hangs_is_given_up_before_the_callers_deadline_and_the_rest_is_answered()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await Server("--RELAPSE_SERVICE_OUTCOME_GRPC=http://" + silent.LocalEndpoint);
        await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Parts = { Part.Classification } });
        var answer = await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Parts = { Part.Classification, Part.Outcome } }, DateTime.UtcNow.AddSeconds(5));

        Assert.Equal([Part.Outcome], answer.Unavailable);
        Assert.Equal((int)StatusCode.DeadlineExceeded, answer.Outcome.Unavailable.Code);
        Assert.NotNull(answer.Classification.Answer);
    }

    /// <summary>What is asked before anything is published takes no time from the parts that are.</summary>
    [Fact]
    public async Task A_service_that_hangs_leaves_time_for_the_parts_that_are_published_after_it_is_asked()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var sidecar = await Sidecar.StartAsync();
        await using var server = await Server("--RELAPSE_SERVICE_OUTCOME_GRPC=http://" + silent.LocalEndpoint, "--RELAPSE_DAPR_ADDRESS=" + sidecar.Address);
        await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Parts = { Part.Classification } });
        var answer = await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Parts = { Part.Classification, Part.Outcome }, RequestId = "hangs", Publish = true }, DateTime.UtcNow.AddSeconds(6));

        Assert.Equal([Part.Outcome], answer.Unavailable);
        Assert.NotNull(answer.Classification.Answer);
        Assert.Single(sidecar.Published);
    }

    [Fact]
    public async Task The_callers_deadline_and_going_away_reach_the_service_that_is_asked()
    {
        await using var slow = new SlowOutcome();
        await using var server = await Server("--RELAPSE_SERVICE_OUTCOME_GRPC=" + await slow.StartAsync());
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var deadline = DateTime.UtcNow.AddSeconds(30);
        using var call = new AssessmentService.AssessmentServiceClient(server.Channel).AssessCaseAsync(
            new AssessCaseRequest { Case = WholeCase.Of(), Parts = { Part.Outcome } }, deadline: deadline, cancellationToken: gone.Token);
        var asked = await slow.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Assert.InRange(asked.Deadline, DateTime.UtcNow, deadline);

        await gone.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await call);
        await slow.Left.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    /// <summary>A replica that is killed while it answers, and another that is asked then.</summary>
    [Fact]
    public async Task A_part_whose_line_breaks_is_asked_again()
    {
        await using var breaking = new SlowOutcome { Breaks = true };
        await using var server = await Server("--RELAPSE_SERVICE_OUTCOME_GRPC=" + await breaking.StartAsync());
        var answer = await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Parts = { Part.Outcome } });
        Assert.Empty(answer.Unavailable);
        Assert.NotNull(answer.Outcome.Answer);
        Assert.Equal(2, breaking.Calls);
    }

    /// <summary>One case is one call, however many parts it is asked in.</summary>
    [Fact]
    public async Task What_a_process_asks_itself_is_not_counted_among_the_calls_that_it_takes_at_once()
    {
        await using var server = await Server("--RELAPSE_MAX_CONCURRENT_CALLS=1", "--RELAPSE_CALLS_PER_SECOND=1");
        var answer = await Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } });
        Assert.Empty(answer.Unavailable);

        // Whoever says so from outside is counted as everybody is.
        var asked = new Metadata { { OwnQuestions.Header, new string('0', 64) } };
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new OutcomeService.OutcomeServiceClient(server.Channel).GetServiceInfoAsync(new(), asked, cancellationToken: Cancel));
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_CALLS"), (refused.StatusCode, refused.Reason()));
    }

    /// <summary>Another release, or a token that has just expired: nothing has been published when the whole ends for it.</summary>
    [Fact]
    public async Task Nothing_is_published_where_a_service_that_is_asked_first_refuses()
    {
        await using var sidecar = await Sidecar.StartAsync();
        await using var refusing = new SlowOutcome { Refuses = true };
        await using var server = await Server("--RELAPSE_SERVICE_OUTCOME_GRPC=" + await refusing.StartAsync(), "--RELAPSE_DAPR_ADDRESS=" + sidecar.Address);
        var refused = await Assert.ThrowsAsync<RpcException>(() => Assess(server, new AssessCaseRequest { Case = WholeCase.Of(), RequestId = "refused", Publish = true }));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Empty(sidecar.Published);
    }

    [Fact]
    public async Task The_callers_token_goes_with_every_question()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = new RelapseServer { Arguments = issuer.Arguments };
        await server.InitializeAsync();
        var answer = await new AssessmentService.AssessmentServiceClient(server.Channel).AssessCaseAsync(
            new AssessCaseRequest { Case = WholeCase.Of(), Protocols = { "protocols/ukall-r3" } },
            new Metadata { { "authorization", "Bearer " + issuer.Token("north", "relapse.read") } },
            cancellationToken: Cancel);
        Assert.Empty(answer.Unavailable);
        Assert.NotEmpty(answer.Receipts);
    }

    [Fact]
    public async Task A_process_of_its_own_is_told_where_every_service_is()
    {
        var builder = Relapse.Hosting.RelapseHost.CreateBuilder(["--RELAPSE_SERVICE_MRD_GRPC=nowhere", "--RELAPSE_PART_SECONDS=0"]);
        var refused = Assert.Throws<Relapse.Edge.SettingsRefusedException>(() => Relapse.Assessment.AssessmentModule.AddAssessment(builder));
        await Task.CompletedTask;
        Assert.Equal(
            ["RELAPSE_PART_SECONDS", "RELAPSE_SERVICE_CLASSIFICATION_GRPC", "RELAPSE_SERVICE_MRD_GRPC", "RELAPSE_SERVICE_OUTCOME_GRPC", "RELAPSE_SERVICE_TRANSPLANT_GRPC"],
            refused.Faults.Select(fault => fault.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    private static async Task<RelapseServer> Server(params string[] arguments)
    {
        var server = new RelapseServer { Arguments = arguments };
        await server.InitializeAsync();
        return server;
    }

    private static async Task<AssessCaseResponse> Assess(RelapseServer server, AssessCaseRequest request, DateTime? deadline = null) =>
        await new AssessmentService.AssessmentServiceClient(server.Channel).AssessCaseAsync(request, deadline: deadline, cancellationToken: Cancel);

    // A port that was free a moment ago.
    private static string Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return "http://" + listener.LocalEndpoint;
    }

    /// <summary>A service of outcome that says what it was asked with, and then nothing until its caller is gone.</summary>
    private sealed class SlowOutcome : OutcomeService.OutcomeServiceBase, IAsyncDisposable
    {
        private WebApplication? _app;

        public TaskCompletionSource<ServerCallContext> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Breaks its first call instead, and answers the next.</summary>
        public bool Breaks { get; init; }

        /// <summary>Refuses every call.</summary>
        public bool Refuses { get; init; }

        public int Calls { get; private set; }

        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<EstimateOutcomeResponse> EstimateOutcome(EstimateOutcomeRequest request, ServerCallContext context)
        {
            Calls++;
            if (Refuses)
            {
                throw new Google.Rpc.Status { Code = (int)StatusCode.Unauthenticated, Message = "No." }.ToRpcException();
            }

            if (Breaks)
            {
                if (Calls == 1)
                {
                    context.GetHttpContext().Abort();
                }

                return new EstimateOutcomeResponse();
            }

            Asked.TrySetResult(context);
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Left.TrySetResult();
            return new EstimateOutcomeResponse();
        }

        public async Task<string> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2));
            builder.Logging.ClearProviders();
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(this);
            _app = builder.Build();
            _app.MapGrpcService<SlowOutcome>();
            await _app.StartAsync(Cancel);
            return _app.Urls.Single();
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
            {
                await _app.DisposeAsync();
            }
        }
    }
}
