using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Clinical;
using Relapse.Tests.Edge;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Classification;

/// <summary>How a cohort flows: what a caller who stops reading, goes away or runs out of time does to the server, and what our own bug does.</summary>
public sealed class CohortFlowTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_stops_reading_stops_the_reading()
    {
        var flow = new Flow();
        await using var server = await Watched(flow);
        using var call = Client(server).ClassifyCohort(cancellationToken: Cancel);
        const int Chunks = 60;
        var chunk = new ClassifyCohortRequest { Items = { Cohort.Children(100) } };

        var writing = Task.Run(
            async () =>
            {
                await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = new CohortSettings { Protocols = { "protocols/all-rez-bfm" } } }, Cancel);
                for (var i = 0; i < Chunks; i++)
                {
                    await call.RequestStream.WriteAsync(chunk, Cancel);
                }

                await call.RequestStream.CompleteAsync();
            },
            Cancel);
        // Answers of more than half a megabyte each fill what lies between; then nothing more is read.
        await LimitsTests.WaitUntil(() => Task.FromResult(flow.Standing));
        var (read, taken) = (flow.Read, flow.Written);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        Assert.Equal((read, taken), (flow.Read, flow.Written));
        Assert.InRange(read, 1, Chunks / 2);

        var answers = 0;
        await foreach (var answer in call.ResponseStream.ReadAllAsync(Cancel))
        {
            answers += answer.Results.Count;
        }

        await writing;
        Assert.Equal(Chunks * 100, answers);
        Assert.Equal(0, flow.ReadsBeforeTheAnswerWasTaken);
        server.AssertNoErrorsLogged();
    }

    [Theory]
    [InlineData(0)] // while the server waits for the next chunk
    [InlineData(1)] // while it answers one
    [InlineData(20)] // while it waits for its answers to be taken, or is about to
    public async Task A_caller_that_goes_away_ends_the_work(int chunks)
    {
        var flow = new Flow();
        await using var server = await Watched(flow);
        // What is seen first of a caller who goes away differs from one to the next.
        const int Callers = 12;
        for (var gone = 1; gone <= Callers; gone++)
        {
            using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            using var call = Client(server).ClassifyCohort(cancellationToken: caller.Token);
            await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = new CohortSettings(), Items = { Cohort.Children(5) } }, Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            var writing = WriteAsync(call, chunks, caller.Token);
            await Task.Delay(gone * 5, Cancel);

            await caller.CancelAsync();

            await writing;
            await LimitsTests.WaitUntil(() => Task.FromResult(Ends(server) == gone));
        }

        server.AssertNoErrorsLogged();
        Assert.True(flow.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_deadline_ends_the_work_of_a_chunk()
    {
        var flow = new Flow();
        await using var server = await Watched(flow);
        using var call = Client(server).ClassifyCohort(deadline: DateTime.UtcNow.AddMilliseconds(300), cancellationToken: Cancel);
        var late = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = new CohortSettings() }, Cancel);
            while (true)
            {
                await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Items = { Cohort.Children(500) } }, Cancel);
                await call.ResponseStream.MoveNext(Cancel);
            }
        });

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await flow.Ended.WaitAsync(LimitsTests.Patience, Cancel);
        server.AssertNoErrorsLogged();
    }

    [Fact]
    public async Task Our_own_bug_in_one_item_is_that_items_status_and_ends_nothing()
    {
        await using var server = new RelapseServer { Configure = builder => builder.Services.AddSingleton<LoadCatalog>(() => ProtocolCatalog.Of([Broken()], newestIsCurrent: true)) };
        await server.InitializeAsync();
        await server.ReadyAsync();
        var sound = new CohortItem { ItemId = "sound", Case = new RelapseCase() };
        var hit = new CohortItem { ItemId = "hit", Case = new RelapseCase { RelapseNumber = 2, Established = { new EstablishedConclusion { Decision = "timing", Protocol = "protocols/i-bfm-sg", Conclusion = "NO_SUCH" } } } };

        using var call = Client(server).ClassifyCohort(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Settings = new CohortSettings(), Items = { sound, hit, new CohortItem { ItemId = "after", Case = new RelapseCase() } } }, Cancel);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        var results = call.ResponseStream.Current.Results;
        Assert.True(await call.ResponseStream.MoveNext(Cancel));

        Assert.Equal([true, false, true], results.Select(result => result.Classification is not null));
        Assert.Equal((int)StatusCode.Internal, results[1].Error.Code);
        var correlationId = results[1].Error.GetDetail<Google.Rpc.RequestInfo>()!.RequestId;
        var logged = Assert.Single(server.Logs.Errors).Text;
        Assert.Contains(correlationId, logged, StringComparison.Ordinal);
        Assert.Contains("ClassificationService/ClassifyCohort", logged, StringComparison.Ordinal);
        server.AssertNothingEchoed(results[1].Error.ToString(), "NO_SUCH");
        Assert.Equal((3L, 2L, 1L), (call.ResponseStream.Current.Summary.Items, call.ResponseStream.Current.Summary.Classified, call.ResponseStream.Current.Summary.Refused));
    }

    /// <summary>A protocol whose document promises a conclusion that its diagrams do not have, as a bug would.</summary>
    private static CompiledProtocol Broken()
    {
        var protocol = DocumentText.Shipped.Compile().Protocol!;
        protocol.Document.Decisions["timing"].Conclusions.Add("NO_SUCH");
        return protocol;
    }

    /// <summary>How many calls have ended otherwise than by an answer, whatever the log says of why.</summary>
    private static int Ends(RelapseServer server) => server.Logs.All.Count(log => log.Id.Name is "CallEndedEarly" or "Unexpected");

    private static async Task WriteAsync(AsyncDuplexStreamingCall<ClassifyCohortRequest, ClassifyCohortResponse> call, int chunks, CancellationToken cancellation)
    {
        try
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                await call.RequestStream.WriteAsync(new ClassifyCohortRequest { Items = { Cohort.Children(100) } }, cancellation);
            }
        }
        catch (Exception gone) when (gone is RpcException or OperationCanceledException or InvalidOperationException)
        {
            // The call is over, and its answers are not read.
        }
    }

    private static ClassificationService.ClassificationServiceClient Client(RelapseServer server) => new(server.Channel);

    private static async Task<RelapseServer> Watched(Flow flow)
    {
        var server = new RelapseServer
        {
            Configure = builder => builder.Services.AddSingleton(flow).Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<FlowWatch>()),
        };
        await server.InitializeAsync();
        await server.ReadyAsync();
        return server;
    }

    /// <summary>What the server read and what of its answers was taken.</summary>
    private sealed class Flow
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _written;
        private long _changed = Environment.TickCount64;
        private int _writing;

        public int Read { get; private set; }

        public long Written => Interlocked.Read(ref _written);

        public int ReadsBeforeTheAnswerWasTaken { get; private set; }

        /// <summary>Whether an answer has been waiting to be taken for some time.</summary>
        public bool Standing => Volatile.Read(ref _writing) == 1 && Environment.TickCount64 - Interlocked.Read(ref _changed) > 1500;

        public Task Ended => _ended.Task;

        public void BeginRead()
        {
            Read++;
            ReadsBeforeTheAnswerWasTaken += Volatile.Read(ref _writing);
            Interlocked.Exchange(ref _changed, Environment.TickCount64);
        }

        public async Task Write(Func<Task> write)
        {
            Volatile.Write(ref _writing, 1);
            Interlocked.Exchange(ref _changed, Environment.TickCount64);
            await write();
            Interlocked.Increment(ref _written);
            Volatile.Write(ref _writing, 0);
        }

        public void End() => _ended.TrySetResult();
    }

    private sealed class FlowWatch(Flow flow) : Interceptor
    {
        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                await continuation(new Reader<TRequest>(requestStream, flow), new Writer<TResponse>(responseStream, flow), context);
            }
            finally
            {
                flow.End();
            }
        }
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> inner, Flow flow) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            flow.BeginRead();
            return inner.MoveNext(cancellationToken);
        }
    }

    private sealed class Writer<T>(IServerStreamWriter<T> inner, Flow flow) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => flow.Write(() => inner.WriteAsync(message));

        public Task WriteAsync(T message, CancellationToken cancellationToken) => flow.Write(() => inner.WriteAsync(message, cancellationToken));
    }
}
