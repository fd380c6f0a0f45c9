using System.Net;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relapse.Contracts.Classification.V1;
using Status = Google.Rpc.Status;

namespace Relapse.Tests.Gateway;

/// <summary>A service behind the gateway that does what its caller's case reference tells it to.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication app;

    private Backend(WebApplication app) => this.app = app;

    public string HttpAddress => app.Urls.First();

    public string GrpcAddress => app.Urls.Last();

    public Witness Witness => app.Services.GetRequiredService<Witness>();

    public static async Task<Backend> Start(int httpPort = 0, int grpcPort = 0, IPAddress? at = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(at ?? IPAddress.Loopback, httpPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(at ?? IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<Witness>();
        builder.Services.AddGrpc().AddJsonTranscoding(json => json.TypeRegistry = TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor));
        var app = builder.Build();
        app.MapGrpcService<Classification>();
        app.MapGrpcService<StreamProbe>();
        app.MapGet("/v1/classification/bare/{code:int}", (Microsoft.AspNetCore.Http.HttpContext context, int code) => { context.Response.StatusCode = code; });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Backend(app);
    }

    /// <summary>As if killed: connections are cut, nothing is waited for.</summary>
    public Task Kill() => app.StopAsync(new CancellationToken(canceled: true));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private sealed class Classification(Witness witness) : ClassificationService.ClassificationServiceBase
    {
        public override async Task<ClassifyRelapseResponse> ClassifyRelapse(ClassifyRelapseRequest request, ServerCallContext context)
        {
            witness.Called(context);
            switch (request.Case?.CaseRef)
            {
                case "refuse":
                    throw Refusal();
                case "hang":
                    witness.Began(context);
                    await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
            }

            return new ClassifyRelapseResponse { CaseRef = request.Case?.CaseRef ?? string.Empty };
        }

        private static RpcException Refusal() => new Status
        {
            Code = (int)Code.InvalidArgument,
            Message = "two faults",
            Details =
            {
                Any.Pack(new ErrorInfo { Reason = "INVALID_CASE", Domain = "relapse" }),
                Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "case.marrow.blasts_percent", Description = "out of range" } } }),
            },
        }.ToRpcException();
    }
}

/// <summary>What the service saw of its callers.</summary>
internal sealed class Witness
{
    private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int calls;

    public Task CallBegan => began.Task;

    public Task CallCancelled => cancelled.Task;

    public DateTime Deadline { get; private set; }

    public int Calls => calls;

    /// <summary>The authority of the last call.</summary>
    public string? Host { get; private set; }

    public void Called(ServerCallContext context)
    {
        Interlocked.Increment(ref calls);
        Host = context.Host;
    }

    public void Began(ServerCallContext context)
    {
        Deadline = context.Deadline;
        context.CancellationToken.Register(cancelled.SetResult);
        began.SetResult();
    }
}

/// <summary>
/// Streams in the service's package, which the contract does not have yet: an echo in both directions, bound without
/// generated code.
/// </summary>
[BindServiceMethod(typeof(StreamProbeBase), nameof(Bind))]
internal abstract class StreamProbeBase
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Method<byte[], byte[]> EchoMethod { get; } =
        new(MethodType.DuplexStreaming, "relapse.classification.v1.StreamProbe", nameof(Echo), Raw, Raw);

    public static void Bind(ServiceBinderBase binder, StreamProbeBase? service) =>
        binder.AddMethod(EchoMethod, service is null ? null! : new DuplexStreamingServerMethod<byte[], byte[]>(service.Echo));

    public abstract Task Echo(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context);
}

internal sealed class StreamProbe : StreamProbeBase
{
    public override async Task Echo(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        context.ResponseTrailers.Add("echoed", "all");
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            await responses.WriteAsync(request, context.CancellationToken);
        }
    }
}
