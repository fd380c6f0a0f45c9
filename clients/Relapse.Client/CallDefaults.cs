using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;

namespace Relapse.Client;

/// <summary>What every call has that does not say otherwise itself: a token, and a unary one a deadline.</summary>
internal sealed class CallDefaults(IOptions<RelapseClientOptions> options, TimeProvider time) : Interceptor
{
    private readonly TimeSpan? _deadline = options.Value.Deadline;
    private readonly CallCredentials? _token = options.Value.Token is { } token ? Bearer(token) : null;

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, WithDeadline(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, WithDeadline(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context, context.Options));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(With(context, context.Options));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(With(context, context.Options));

    private ClientInterceptorContext<TRequest, TResponse> WithDeadline<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class => With(
        context,
        context.Options.Deadline is null && _deadline is { } deadline ? context.Options.WithDeadline(time.GetUtcNow().UtcDateTime + deadline) : context.Options);

    private ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, CallOptions call)
        where TRequest : class
        where TResponse : class => new(context.Method, context.Host, call.Credentials is null && _token is not null ? call.WithCredentials(_token) : call);

    private static CallCredentials Bearer(Func<CancellationToken, ValueTask<string?>> token) => CallCredentials.FromInterceptor(async (context, metadata) =>
    {
        if (await token(context.CancellationToken).ConfigureAwait(false) is { Length: > 0 } bearer)
        {
            metadata.Add("Authorization", "Bearer " + bearer);
        }
    });
}
