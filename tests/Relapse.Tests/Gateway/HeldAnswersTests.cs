using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Relapse.Client;
using Relapse.Contracts.Classification.V1;
using Relapse.Gateway;
using Relapse.Tests.Client;

namespace Relapse.Tests.Gateway;

/// <summary>A service that is killed while it answers, and callers who have nothing but the published service config.</summary>
public sealed class HeldAnswersTests
{
    // Of memory.
    private const int Piece = 64 * 1024;

    private readonly List<HeldAnswer> _answers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Cut.Reset)]
    [InlineData(Cut.Line)]
    public async Task Half_an_answer_is_unavailable_so_that_the_published_retries_ask_again(Cut cut)
    {
        await using var server = await new CuttingServer(cut, times: 1).StartAsync();
        await using var gateway = await Before(server);
        using var channel = GrpcChannel.ForAddress($"http://{gateway.Channel.Target}", new GrpcChannelOptions { ServiceConfig = PublishedServiceConfig.Read() });
        Assert.Equal(CuttingServer.Whole, await new ClassificationService.ClassificationServiceClient(channel).ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: Cancel));
        Assert.Equal(2, server.Calls);
    }

    [Fact]
    public async Task Without_retries_it_is_said_as_of_a_service_that_cannot_be_reached()
    {
        await using var server = await new CuttingServer(Cut.Line, times: 1).StartAsync();
        await using var gateway = await Before(server);
        var cut = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Client.ClassifyRelapseAsync(new ClassifyRelapseRequest(), cancellationToken: Cancel));
        Assert.Equal((StatusCode.Unavailable, "SERVICE_UNREACHABLE"), (cut.StatusCode, RelapseError.From(cut).Reason));
    }

    [Fact]
    public async Task The_first_message_goes_when_it_is_whole_and_what_follows_at_once()
    {
        var room = new HeldAnswers();
        using var caller = new MemoryStream();
        await using var answer = new HeldAnswer(caller, room);
        var message = Message(1000);
        await answer.WriteAsync(message.AsMemory(0, 600), Cancel);
        await answer.WriteAsync(message.AsMemory(600, 300), Cancel);
        Assert.Equal(0, caller.Length);
        await answer.WriteAsync(message.AsMemory(900), Cancel);
        Assert.Equal(message, caller.ToArray());
        await answer.WriteAsync(message.AsMemory(0, 600), Cancel);
        Assert.Equal((byte[])[.. message, .. message[..600]], caller.ToArray());
    }

    [Fact]
    public async Task A_message_that_is_too_long_to_be_kept_passes_as_it_comes()
    {
        using var caller = new MemoryStream();
        await using var answer = new HeldAnswer(caller, new HeldAnswers());
        await answer.WriteAsync(Message(HeldAnswers.Longest + 1).AsMemory(0, 600), Cancel);
        Assert.Equal(600, caller.Length);
    }

    [Fact]
    public async Task No_more_memory_is_taken_than_there_is_room_for_which_is_left_when_an_answer_ends()
    {
        var room = new HeldAnswers(mostTogether: 2 * Piece);
        var kept = await Begin(room, 600);
        Assert.Equal((0, 0, 600), (kept.Length, (await Begin(room, 600)).Length, (await Begin(room, 600)).Length));
        await _answers[0].DisposeAsync();
        Assert.Equal(0, (await Begin(room, 600)).Length);
    }

    /// <summary>A service that says that much will come takes no room for it yet.</summary>
    [Fact]
    public async Task Memory_is_taken_as_an_answer_comes_and_one_that_finds_none_left_passes_whole()
    {
        var room = new HeldAnswers(mostTogether: 3 * Piece);
        var message = Message(HeldAnswers.Longest);
        var first = await Begin(room, Piece + 1);
        var second = await Begin(room, 10);
        Assert.Equal((0, 0), (first.Length, second.Length));
        await _answers[0].WriteAsync(message.AsMemory(0, Piece), Cancel);
        Assert.Equal((2 * Piece) + 1, first.Length);
        await _answers[1].WriteAsync(message.AsMemory(0, 2 * Piece), Cancel);
        Assert.Equal(0, second.Length);
        await _answers[1].WriteAsync(message.AsMemory(0, Piece), Cancel);
        Assert.Equal((3 * Piece) + 10, second.Length);
    }

    [Fact]
    public async Task A_message_of_many_pieces_goes_as_it_came()
    {
        var message = Message((5 * Piece) + 17);
        using var caller = new MemoryStream();
        await using var answer = new HeldAnswer(caller, new HeldAnswers());
        foreach (var part in message.Chunk(50_001))
        {
            Assert.Equal(0, caller.Length);
            await answer.WriteAsync(part, Cancel);
        }

        Assert.Equal(message, caller.ToArray());
    }

    [Fact]
    public async Task What_is_not_held_is_counted_by_its_reason()
    {
        var counted = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => Listen(instrument, listening) };
        var test = Environment.CurrentManagedThreadId;
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            // Of this test alone: nothing below waits.
            if (Environment.CurrentManagedThreadId == test)
            {
                counted.Enqueue((string)tags[0].Value!);
            }
        });
        listener.Start();
        await Begin(new HeldAnswers(), 600);
        await Begin(new HeldAnswers(mostTogether: 100), 600);
        await Begin(new HeldAnswers(), 3);
        await Begin(new HeldAnswers(), 600, HeldAnswers.Longest + 1);
        Assert.Equal(["no_room", "split_prefix", "too_long"], counted);

        static void Listen(Instrument instrument, MeterListener listening)
        {
            if (instrument.Name == "relapse.answers.not_held")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        }
    }

    /// <summary>A service that answers before its caller has said everything, and leaves the caller's side open.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_ends_early_is_ended_for_a_caller_who_still_writes(bool withMessage)
    {
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var service = builder.Build();
        service.MapPost("/{service}/{method}", async context =>
        {
            context.Response.ContentType = "application/grpc";
            if (withMessage)
            {
                await context.Response.Body.WriteAsync(Message(100), Cancel);
            }

            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.CompleteAsync();
            // A handler that returned would reset what it has not read.
            await isOver.Task;
        });
        await service.StartAsync(Cancel);
        await using var gateway = await GatewayProcess.Before([$"RELAPSE_SERVICE_CLASSIFICATION_GRPC={service.Urls.Single()}", $"RELAPSE_SERVICE_CLASSIFICATION_HTTP={service.Urls.Single()}"]);
        using var call = gateway.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(StreamProbeBase.EchoMethod, null, new CallOptions(cancellationToken: Cancel));
        await call.RequestStream.WriteAsync([1, 2, 3], Cancel);
        try
        {
            Assert.Equal(withMessage, await call.ResponseStream.MoveNext(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel));
            Assert.False(withMessage && await call.ResponseStream.MoveNext(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel));
            Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        }
        finally
        {
            isOver.SetResult();
        }
    }

    private async Task<MemoryStream> Begin(HeldAnswers room, int come, int length = HeldAnswers.Longest)
    {
        var caller = new MemoryStream();
        var answer = new HeldAnswer(caller, room);
        _answers.Add(answer);
        await answer.WriteAsync(Message(length).AsMemory(0, come), Cancel);
        return caller;
    }

    private static Task<GatewayProcess> Before(CuttingServer server) =>
        GatewayProcess.Before([$"RELAPSE_SERVICE_CLASSIFICATION_GRPC={server.Address}", $"RELAPSE_SERVICE_CLASSIFICATION_HTTP={server.Address}"]);

    private static byte[] Message(int length)
    {
        var message = new byte[5 + length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        Random.Shared.NextBytes(message.AsSpan(5));
        return message;
    }
}
