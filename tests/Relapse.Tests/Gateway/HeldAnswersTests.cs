using System.Buffers.Binary;
using Grpc.Core;
using Grpc.Net.Client;
using Relapse.Client;
using Relapse.Contracts.Classification.V1;
using Relapse.Gateway;
using Relapse.Tests.Client;

namespace Relapse.Tests.Gateway;

/// <summary>A service that is killed while it answers, and callers who have nothing but the published service config.</summary>
public sealed class HeldAnswersTests
{
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
    public async Task No_more_is_kept_than_there_is_room_for_which_is_left_when_an_answer_ends()
    {
        var room = new HeldAnswers(mostTogether: 1500);
        var kept = await Begin();
        var passed = await Begin();
        Assert.Equal((0, 600), (kept.Length, passed.Length));
        await _answers[0].DisposeAsync();
        Assert.Equal(0, (await Begin()).Length);

        async Task<MemoryStream> Begin()
        {
            var caller = new MemoryStream();
            var answer = new HeldAnswer(caller, room);
            _answers.Add(answer);
            await answer.WriteAsync(Message(1000).AsMemory(0, 600), Cancel);
            return caller;
        }
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
