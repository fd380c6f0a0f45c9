using Grpc.Net.Client;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Relapse.Contracts;

namespace Relapse.Client;

/// <summary>Makes Relapse known to a program's services.</summary>
public static class RelapseClientRegistration
{
    // A request is kept until it is answered, to be sent again: the largest that a server takes, unless told otherwise.
    private const int LargestRequest = 4 * 1024 * 1024;
    private const int KeptRequests = 64 * 1024 * 1024;

    /// <summary>
    /// Registers <see cref="RelapseClient"/> and the typed client of every service (<c>ClassificationService.ClassificationServiceClient</c>
    /// and the others) with the gRPC client factory. They share one channel. Wrong options are refused when the host starts, or when
    /// the first client is asked for.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Says where Relapse is, and how it is called.</param>
    /// <returns>The builder of the HTTP client underneath, for handlers, certificates, interceptors and whatever else the factory can.</returns>
    public static IHttpClientBuilder AddRelapseClient(this IServiceCollection services, Action<RelapseClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<RelapseClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RelapseClientOptions>, RelapseClientOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CallDefaults>();
        AddService(services, client => client.Assessment);
        AddService(services, client => client.Classification);
        AddService(services, client => client.Mrd);
        AddService(services, client => client.Outcome);
        AddService(services, client => client.Registry);
        AddService(services, client => client.Transplant);
        // In this order: the deadline is one for all times that a call is made.
        return services.AddGrpcClient<RelapseClient>((provider, factory) => factory.Address = Options(provider).Address)
            .AddInterceptor(InterceptorScope.Client, provider => provider.GetRequiredService<CallDefaults>())
            .AddInterceptor(InterceptorScope.Client, provider => AskingAgain(provider.GetRequiredService<TimeProvider>(), Options(provider)))
            .ConfigureChannel((provider, channel) => Configure(channel, Options(provider)))
            .ConfigurePrimaryHttpMessageHandler(Connections);
    }

    private static RelapseClientOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<RelapseClientOptions>>().Value;

    private static CutOffAnswers AskingAgain(TimeProvider time, RelapseClientOptions options)
    {
        var once = PublishedServiceConfig.NotRetried(PublishedServiceConfig.Read());
        return new CutOffAnswers(method => options.Retry && !once.Contains(method.FullName), time);
    }

    private static void AddService<TClient>(IServiceCollection services, Func<RelapseClient, TClient> service)
        where TClient : class =>
        services.TryAddTransient(provider => service(provider.GetRequiredService<RelapseClient>()));

    private static void Configure(GrpcChannelOptions channel, RelapseClientOptions options)
    {
        channel.MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        // Whether a token may be sent in the clear has been judged with the options.
        channel.UnsafeUseInsecureChannelCallCredentials = options.Address?.Scheme == Uri.UriSchemeHttp;
        channel.MaxRetryBufferPerCallSize = LargestRequest;
        channel.MaxRetryBufferSize = KeptRequests;
        if (options.Retry)
        {
            channel.ServiceConfig = PublishedServiceConfig.Read();
            channel.MaxRetryAttempts = null;
        }
    }

    // A server that vanished without closing its connection is found by pings.
    private static SocketsHttpHandler Connections() => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };
}
