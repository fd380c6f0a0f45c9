using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Hosting;

namespace Relapse.Tests.Registry;

/// <summary>A server that is told to go down in the middle of a message to somebody who follows labels.</summary>
public sealed class WatchAtShutdownTests
{
    [Fact]
    public async Task The_message_arrives_and_the_watch_ends_with_unavailable()
    {
        await using var server = new RelapseServer
        {
            Configure = builder => builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<StopInTheMiddle>()),
        };
        await server.InitializeAsync();
        await server.ReadyAsync();
        using var watch = new RegistryService.RegistryServiceClient(server.Channel).WatchLabels(
            new WatchLabelsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var messages = new List<WatchLabelsResponse>();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var message in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                messages.Add(message);
            }
        });

        Assert.Equal((StatusCode.Unavailable, "SHUTTING_DOWN"), (error.StatusCode, error.Reason()));
        Assert.Single(messages);
    }

    private sealed class StopInTheMiddle(IHostApplicationLifetime lifetime) : Interceptor
    {
        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            continuation(request, new Writer<TResponse>(responseStream, lifetime), context);
    }

    private sealed class Writer<T>(IServerStreamWriter<T> inner, IHostApplicationLifetime lifetime) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return inner.WriteAsync(message, cancellationToken);
        }
    }
}
