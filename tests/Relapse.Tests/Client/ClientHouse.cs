using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Relapse.Client;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Client;

/// <summary>Every service behind loopback ports, with an interceptor that notes what arrives and does what a test tells it to first.</summary>
public sealed class ClientHouse : IAsyncLifetime
{
    internal RelapseServer Server { get; private set; } = new();

    internal Arrivals Arrivals { get; } = new();

    internal string[] Arguments { get; init; } = [];

    public async ValueTask InitializeAsync()
    {
        Server = new RelapseServer
        {
            Arguments = Arguments,
            Configure = builder => builder.Services.AddSingleton(Arrivals).Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<Watch>()),
        };
        await Server.InitializeAsync();
        await Server.ReadyAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>The client as a program registers it.</summary>
    internal ServiceProvider Register(Action<RelapseClientOptions>? configure = null, Uri? address = null)
    {
        var services = new ServiceCollection();
        services.AddRelapseClient(options =>
        {
            options.Address = address ?? Server.GrpcAddress;
            configure?.Invoke(options);
        });
        return services.BuildServiceProvider();
    }

    private sealed class Watch(Arrivals arrivals) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            await arrivals.NoteAsync(context);
            return await continuation(request, context);
        }

        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            await arrivals.NoteAsync(context);
            await continuation(requestStream, responseStream, context);
        }
    }
}

/// <summary>The calls that arrived, each with what it brought; and what becomes of the next ones.</summary>
internal sealed class Arrivals
{
    private readonly Lock _sync = new();
    private readonly List<Arrival> _all = [];

    /// <summary>What happens before a call is answered.</summary>
    public Func<ServerCallContext, Task>? Before { get; set; }

    public IReadOnlyList<Arrival> All
    {
        get
        {
            lock (_sync)
            {
                return [.. _all];
            }
        }
    }

    public IReadOnlyList<Arrival> Of(string method) => [.. All.Where(arrival => arrival.Method.EndsWith("/" + method, StringComparison.Ordinal))];

    public void Forget()
    {
        lock (_sync)
        {
            _all.Clear();
        }

        Before = null;
    }

    public Task NoteAsync(ServerCallContext context)
    {
        lock (_sync)
        {
            _all.Add(new Arrival(context.Method, context.RequestHeaders.GetValue("authorization"), context.Deadline));
        }

        return Before?.Invoke(context) ?? Task.CompletedTask;
    }
}

internal sealed record Arrival(string Method, string? Authorization, DateTime Deadline);
