using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Tests.Edge;

namespace Relapse.Tests.Gateway;

public sealed class GrpcThroughGatewayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unary_call_is_answered()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        var answer = await gateway.Client.ClassifyRelapseAsync(For("mine"), cancellationToken: Cancel);
        Assert.Equal("mine", answer.CaseRef);
    }

    [Fact]
    public async Task Error_details_pass_unchanged()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var direct = GrpcChannel.ForAddress(backend.GrpcAddress);
        var there = await Refused(new ClassificationService.ClassificationServiceClient(direct), For("refuse"));
        var here = await Refused(gateway.Client, For("refuse"));
        Assert.Equal(StatusCode.InvalidArgument, here.StatusCode);
        Assert.Equal("case.marrow.blasts_percent", Assert.Single(here.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
        Assert.Equal(there.GetRpcStatus(), here.GetRpcStatus());
    }

    [Fact]
    public async Task Messages_stream_in_both_directions_one_by_one_and_the_trailers_arrive()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var call = Echo(gateway);
        for (byte message = 1; message <= 3; message++)
        {
            // Read before the next is written: nothing on the way waits for the stream to end.
            await call.RequestStream.WriteAsync([message], Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            Assert.Equal([message], call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal("all", call.GetTrailers().GetValue("echoed"));
    }

    [Fact]
    public async Task A_stream_longer_and_slower_than_any_json_body_may_be_goes_on()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend, "RELAPSE_MAX_JSON_BYTES=1024", "RELAPSE_JSON_IDLE_SECONDS=1");
        using var call = Echo(gateway);
        await EchoOnce(call, 4096);

        // Longer than the JSON face's idle time, and than the grace that Kestrel gives a body before it wants 240 bytes a second.
        await Task.Delay(TimeSpan.FromSeconds(6), Cancel);
        await EchoOnce(call, 4096);
    }

    [Fact]
    public async Task Cancellation_reaches_the_service()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var call = gateway.Client.ClassifyRelapseAsync(For("hang"), cancellationToken: caller.Token);
        await backend.Witness.CallBegan.WaitAsync(LimitsTests.Patience, Cancel);
        Assert.False(backend.Witness.CallCancelled.IsCompleted);
        await caller.CancelAsync();
        await backend.Witness.CallCancelled.WaitAsync(LimitsTests.Patience, Cancel);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task The_deadline_travels()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        _ = await gateway.Client.ClassifyRelapseAsync(For("mine"), cancellationToken: Cancel);
        var deadline = DateTime.UtcNow.AddSeconds(3);
        var refused = await Refused(gateway.Client, For("hang"), deadline);
        Assert.Equal(StatusCode.DeadlineExceeded, refused.StatusCode);
        Assert.InRange(backend.Witness.Deadline, deadline.AddSeconds(-1), deadline.AddSeconds(1));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_is_deadline_exceeded()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend, "RELAPSE_GRPC_IDLE_SECONDS=1");
        var refused = await Refused(gateway.Client, For("hang"));
        Assert.Equal(StatusCode.DeadlineExceeded, refused.StatusCode);
        Assert.Equal("DEADLINE_EXCEEDED", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
    }

    [Fact]
    public async Task A_dead_service_is_unavailable_with_a_time_to_try_again_and_a_living_one_is_found_again()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        _ = await gateway.Client.ClassifyRelapseAsync(For("mine"), cancellationToken: Cancel);
        await backend.Kill();
        var refused = await Refused(gateway.Client, For("mine"));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("SERVICE_UNREACHABLE", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal(1, refused.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.Seconds);

        await using var again = await Backend.Start(new Uri(backend.HttpAddress).Port, new Uri(backend.GrpcAddress).Port);
        await LimitsTests.WaitUntil(async () => await Succeeds(gateway));
    }

    [Fact]
    public async Task A_service_that_dies_while_it_answers_is_unavailable_too()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        using var call = Echo(gateway);
        await EchoOnce(call, 1);
        await backend.Kill();
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("SERVICE_UNREACHABLE", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
    }

    [Fact]
    public async Task A_message_too_large_for_the_service_is_resource_exhausted()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        var request = For("mine");
        request.Protocols.Add(new string('p', 5 * 1024 * 1024));
        Assert.Equal(StatusCode.ResourceExhausted, (await Refused(gateway.Client, request)).StatusCode);
    }

    [Fact]
    public async Task Too_many_calls_are_resource_exhausted()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend, "RELAPSE_CALLS_PER_SECOND=1");
        var calls = Enumerable.Range(0, 20).Select(_ => gateway.Client.ClassifyRelapseAsync(For("mine"), cancellationToken: Cancel).ResponseAsync).ToList();
        _ = await Task.WhenAny(Task.WhenAll(calls));
        Assert.Contains(calls, call => call.IsCompletedSuccessfully);
        var refused = Assert.IsType<RpcException>(calls.First(call => call.IsFaulted).Exception!.InnerException);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal("TOO_MANY_CALLS", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
    }

    [Fact]
    public async Task A_service_that_is_not_configured_is_unimplemented()
    {
        await using var backend = await Backend.Start();
        await using var gateway = await GatewayProcess.Before(backend);
        var registry = new Relapse.Contracts.Registry.V1.RegistryService.RegistryServiceClient(gateway.Channel);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await registry.ListProtocolsAsync(new Relapse.Contracts.Registry.V1.ListProtocolsRequest(), cancellationToken: Cancel));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    private static ClassifyRelapseRequest For(string reference) => new() { Case = new RelapseCase { CaseRef = reference } };

    private static AsyncDuplexStreamingCall<byte[], byte[]> Echo(GatewayProcess gateway) =>
        gateway.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(StreamProbeBase.EchoMethod, null, new CallOptions(cancellationToken: Cancel));

    private static async Task EchoOnce(AsyncDuplexStreamingCall<byte[], byte[]> call, int length)
    {
        await call.RequestStream.WriteAsync(new byte[length], Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(length, call.ResponseStream.Current.Length);
    }

    private static async Task<RpcException> Refused(
        ClassificationService.ClassificationServiceClient client, ClassifyRelapseRequest request, DateTime? deadline = null) =>
        await Assert.ThrowsAsync<RpcException>(async () => await client.ClassifyRelapseAsync(request, deadline: deadline, cancellationToken: Cancel));

    private static async Task<bool> Succeeds(GatewayProcess gateway)
    {
        try
        {
            return (await gateway.Client.ClassifyRelapseAsync(For("mine"), cancellationToken: Cancel)).CaseRef == "mine";
        }
        catch (RpcException unavailable) when (unavailable.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
