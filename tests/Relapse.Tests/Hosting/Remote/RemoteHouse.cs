using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relapse.Classification;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;
using Relapse.Tests.Edge.Authentication;
using Relapse.Tests.Registry;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>A registry on ports of its own, an issuer of tokens, and any number of services that follow it over loopback.</summary>
internal sealed class RemoteHouse : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private TestIssuer _issuer = null!;
    private string _kept = "";

    public RelapseServer Registry { get; private set; } = null!;

    /// <summary>The registry as a caller of a centre reaches it.</summary>
    public RegistryFace As(string centre) => RegistryFace.Of(Registry, "gRPC", _issuer.Token(centre));

    /// <summary>What a caller of a centre sends along, with these scopes.</summary>
    public Metadata Headers(string centre, string scope) => new() { { "authorization", "Bearer " + _issuer.Token(centre, scope) } };

    public static async Task<RemoteHouse> StartAsync(bool withRegistry = true)
    {
        var house = new RemoteHouse { _issuer = await TestIssuer.StartAsync() };
        house._kept = house._folder.Path;
        Directory.CreateDirectory(house._folder.Path);
        if (withRegistry)
        {
            await house.StartRegistryAsync();
        }

        return house;
    }

    /// <summary>Starts the registry, on what the one before left.</summary>
    public async Task StartRegistryAsync()
    {
        Registry = new RelapseServer { Arguments = ["--RELAPSE_REGISTRY_FOLDER=" + _kept, "--RELAPSE_GRPC_PORT=" + _port, .. _issuer.Arguments] };
        await Registry.InitializeAsync();
    }

    public ValueTask StopRegistryAsync() => Registry.DisposeAsync();

    /// <summary>The next registry has nothing of the one before.</summary>
    public void Forget() => _kept = Path.Combine(_folder.Path, "another");

    /// <summary>A service that follows the registry, by a token with these scopes.</summary>
    public Task<RemoteService> ServiceAsync(string scope = "relapse.read relapse.replicate", params string[] arguments) => ServiceAsync(null, scope, arguments);

    /// <summary>The same with a clock of its own.</summary>
    public Task<RemoteService> ServiceAsync(TimeProvider? clock, string scope = "relapse.read relapse.replicate", params string[] arguments)
    {
        var token = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N") + ".token");
        File.WriteAllText(token, _issuer.Token(null, scope) + "\n");
        return RemoteService.StartAsync(
            [$"--RELAPSE_REGISTRY_ADDRESS=http://127.0.0.1:{_port}", "--RELAPSE_REGISTRY_TOKEN_FILE=" + token, .. _issuer.Arguments, .. arguments], _issuer, clock);
    }

    public async ValueTask DisposeAsync()
    {
        if (Registry is not null)
        {
            await Registry.DisposeAsync();
        }

        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The classification service in a process without a registry.</summary>
internal sealed class RemoteService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestIssuer _issuer;
    private readonly GrpcChannel _channel;

    private RemoteService(WebApplication app, TestIssuer issuer, CapturedLogs logs)
    {
        (_app, _issuer, Logs) = (app, issuer, logs);
        _channel = GrpcChannel.ForAddress(app.Urls.Last(), new GrpcChannelOptions { MaxReceiveMessageSize = null });
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public CapturedLogs Logs { get; }

    public HttpClient Http { get; }

    public bool IsReady => _app.Services.GetRequiredService<ProtocolSource>().IsLoaded;

    public IServiceProvider Services => _app.Services;

    public static async Task<RemoteService> StartAsync(string[] arguments, TestIssuer issuer, TimeProvider? clock = null)
    {
        var logs = new CapturedLogs();
        var builder = RelapseHost.CreateBuilder(["--RELAPSE_BIND=127.0.0.1", "--RELAPSE_HTTP_PORT=0", "--RELAPSE_GRPC_PORT=0", .. arguments]).AddClassification();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddSingleton<LoadCatalog>(() => RelapseServer.Catalog);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        var app = builder.Build();
        app.UseRelapse().MapClassification();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RemoteService(app, issuer, logs);
    }

    public async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!IsReady)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Stops it as an operator does.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>The exact versions that answered a T-cell relapse, for a caller of a centre.</summary>
    public async Task<string[]> AskAsync(string centre, params string[] protocols)
    {
        var request = new ClassifyRelapseRequest { Case = new RelapseCase { Lineage = Lineage.TCell }, Protocols = { protocols } };
        var headers = new Metadata { { "authorization", "Bearer " + Token(centre) } };
        var answer = await new ClassificationService.ClassificationServiceClient(_channel)
            .ClassifyRelapseAsync(request, headers, cancellationToken: TestContext.Current.CancellationToken);
        return [.. answer.Decisions.Select(decision => decision.Protocol).Distinct()];
    }

    /// <summary>Asks until there is an answer, which has to come soon; errors meanwhile must be of these codes.</summary>
    public Task<string[]> AskSoonAsync(string centre, string protocol, params StatusCode[] meanwhile) => AskSoonAsync(centre, [protocol], meanwhile);

    public async Task<string[]> AskSoonAsync(string centre, string[] protocols, params StatusCode[] meanwhile)
    {
        for (var told = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            try
            {
                return await AskAsync(centre, protocols);
            }
            catch (RpcException error) when (meanwhile.Contains(error.StatusCode) && told.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
    }

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _tokens = new(StringComparer.Ordinal);

    private string Token(string centre) => _tokens.GetOrAdd(centre, of => _issuer.Token(of, "relapse.read"));
}
