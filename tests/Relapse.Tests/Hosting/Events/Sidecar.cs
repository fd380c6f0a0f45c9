using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace Relapse.Tests.Hosting.Events;

/// <summary>
/// A stand-in for the sidecar on real loopback ports: serves the gRPC of Dapr's runtime to the real client, and delivers what was published
/// as the sidecar does, by GET /dapr/subscribe and a POST of each event.
/// </summary>
internal sealed class Sidecar : IAsyncDisposable
{
    public const string Pubsub = "pubsub";

    private readonly ConcurrentQueue<PublishEventRequest> _published = new();
    private WebApplication? _app;

    /// <summary>What it says to an event instead of taking it; null: it takes it.</summary>
    public StatusCode? Refuses { get; set; }

    /// <summary>What it waits for before it says anything.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Each event that came, before anything was said to it.</summary>
    public ConcurrentQueue<(PublishEventRequest Request, Grpc.Core.Metadata Headers)> Asked { get; } = new();

    /// <summary>Each event that it took.</summary>
    public IReadOnlyList<PublishEventRequest> Published => [.. _published];

    public string Address { get; private set; } = "";

    public static async Task<Sidecar> StartAsync(int port = 0)
    {
        var sidecar = new Sidecar();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(sidecar);
        sidecar._app = builder.Build();
        sidecar._app.MapGrpcService<Runtime>();
        await sidecar._app.StartAsync(TestContext.Current.CancellationToken);
        sidecar.Address = sidecar._app.Urls.Single();
        return sidecar;
    }

    /// <summary>The attributes and the data of an event.</summary>
    public static JsonObject CloudEvent(PublishEventRequest published) => JsonNode.Parse(published.Data.Span)!.AsObject();

    /// <summary>Brings everything published to a subscriber, in order, and says what it answered to each.</summary>
    public async Task<IReadOnlyList<string>> DeliverAsync(HttpClient subscriber)
    {
        var subscriptions = JsonNode.Parse(await subscriber.GetStringAsync("/dapr/subscribe", TestContext.Current.CancellationToken))!.AsArray();
        var answers = new List<string>();
        foreach (var published in _published)
        {
            foreach (var subscription in subscriptions.Where(each => (string)each!["pubsubName"]! == published.PubsubName && (string)each["topic"]! == published.Topic))
            {
                answers.Add(await PostAsync(subscriber, (string)subscription!["route"]!, published));
            }
        }

        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }

    private static async Task<string> PostAsync(HttpClient subscriber, string route, PublishEventRequest published)
    {
        // Of an event that comes as one, the sidecar leaves what is there and adds how it came.
        var cloudEvent = CloudEvent(published);
        (cloudEvent["topic"], cloudEvent["pubsubname"]) = (published.Topic, published.PubsubName);
        cloudEvent["traceid"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var content = new StringContent(cloudEvent.ToJsonString(), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(published.DataContentType);
        using var answer = await subscriber.PostAsync(route, content, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return !answer.IsSuccessStatusCode ? answer.StatusCode == HttpStatusCode.NotFound ? "DROP" : "RETRY"
            : body.Length > 0 ? (string)JsonNode.Parse(body)!["status"]!
            : "SUCCESS";
    }

    private async Task<Empty> PublishAsync(PublishEventRequest request, ServerCallContext context)
    {
        Asked.Enqueue((request, context.RequestHeaders));
        await Gate.WaitAsync(context.CancellationToken);
        if (Refuses is { } status)
        {
            throw new RpcException(new Status(status, "error when publish to topic: " + request.Data.ToStringUtf8()));
        }

        if (request.PubsubName != Pubsub)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"pubsub {request.PubsubName} is not found"));
        }

        _published.Enqueue(request);
        return new Empty();
    }

    private sealed class Runtime(Sidecar sidecar) : RuntimeBase
    {
        public override Task<Empty> PublishEvent(PublishEventRequest request, ServerCallContext context) => sidecar.PublishAsync(request, context);
    }

    /// <summary>The runtime's service, bound by the descriptor that Dapr.Protos carries; what is not here is UNIMPLEMENTED.</summary>
    [BindServiceMethod(typeof(RuntimeBase), nameof(Bind))]
    internal abstract class RuntimeBase
    {
        private static readonly MethodDescriptor Publishing = DaprReflection.Descriptor.FindTypeByName<Google.Protobuf.Reflection.ServiceDescriptor>("Dapr").FindMethodByName(nameof(PublishEvent));

        public static void Bind(ServiceBinderBase binder, RuntimeBase? _) => binder.AddMethod(
            new Method<PublishEventRequest, Empty>(
                MethodType.Unary, Publishing.Service.FullName, Publishing.Name,
                Marshallers.Create(MessageExtensions.ToByteArray, PublishEventRequest.Parser.ParseFrom),
                Marshallers.Create(MessageExtensions.ToByteArray, Empty.Parser.ParseFrom)),
            (UnaryServerMethod<PublishEventRequest, Empty>)null!);

        public abstract Task<Empty> PublishEvent(PublishEventRequest request, ServerCallContext context);
    }
}
