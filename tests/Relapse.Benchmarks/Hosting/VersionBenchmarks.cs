using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Benchmarks.Hosting;

/// <summary>
/// A version as a service in a process of its own gets it, the largest that is shipped: resolved when it is held (what a call
/// does), got out of Redis, and got from a registry over loopback. The last two compile it and run its golden cases, whose
/// time stands beside them.
/// </summary>
[MemoryDiagnoser]
public class VersionBenchmarks : IAsyncDisposable
{
    private CompiledProtocol _protocol = null!;
    private ProtocolVersion _version = null!;
    private byte[] _cases = null!;
    private ProtocolCatalog _catalog = null!;
    private Process? _redis;
    private WebApplication _registry = null!;
    private IDocumentCache _cache = null!;
    private RegistryLine _line = null!;
    private RegistryLine _nowhere = null!;

    /// <summary>Starts Redis and something that answers as a registry does.</summary>
    [GlobalSetup]
    public async Task Start()
    {
        var library = ProtocolLibrary.Load();
        _catalog = ProtocolCatalog.Of(library);
        _protocol = library.Versions.MaxBy(version => version.Yaml.Length)!;
        _cases = ProtocolLibrary.CasesOf(_protocol.Id, _protocol.Version);
        _version = new ProtocolVersion
        {
            Name = _protocol.Name,
            Digest = _protocol.Digest,
            CasesDigest = _protocol.CasesDigest,
            Yaml = ByteString.CopyFrom(_protocol.Yaml.Span),
            CasesYaml = ByteString.CopyFrom(_cases),
            Document = _protocol.Document,
        };
        _line = await StartRegistryAsync();
        _nowhere = new RegistryLine(new RemoteOptions { Address = new Uri("http://127.0.0.1:1"), TokenFile = null }, new ServiceChannels());
        _cache = await StartRedisAsync();
    }

    /// <summary>Ends both.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _redis?.Kill();
        _line.Dispose();
        _nowhere.Dispose();
        await _registry.DisposeAsync();
    }

    /// <summary>Warm: the label of a version that is held, as a call resolves it.</summary>
    [Benchmark]
    public CompiledProtocol? Warm() => ProtocolLookup.Asked(_catalog.For("north"), "protocols/" + _protocol.Id, "protocols[0]", new FaultList());

    /// <summary>Of <see cref="FromRedis"/> the part that is fetching: two reads side by side.</summary>
    [Benchmark]
    public Task<byte[]?[]> ReadRedis() => Task.WhenAll(_cache.ReadAsync(_version.Digest, CancellationToken.None), _cache.ReadAsync(_version.CasesDigest, CancellationToken.None));

    /// <summary>Of <see cref="Cold"/> the part that is fetching: one call.</summary>
    [Benchmark]
    public Task<ProtocolVersion> AskRegistry() => _line.GetAsync(_version.Name, CancellationToken.None);

    /// <summary>Out of Redis: two reads, two hashes, compiled, certified.</summary>
    [Benchmark]
    public Task FromRedis() => GetAsync(_cache, _nowhere);

    /// <summary>Cold: one call to the registry, two hashes, compiled, certified.</summary>
    [Benchmark]
    public Task Cold() => GetAsync(new NoDocumentCache(), _line);

    /// <summary>The part of both that is not fetching.</summary>
    [Benchmark]
    public ProtocolCompilation Compile() => ProtocolCompiler.Compile(_protocol.Yaml, _cases);

    // On a machine so busy that Redis does not answer in 200 ms there is no number, rather than one of something else.
    private async Task GetAsync(IDocumentCache cache, RegistryLine line)
    {
        var held = new HeldProtocols(cache, line, NullLogger<HeldProtocols>.Instance);
        await held.GetAsync(_version, CancellationToken.None);
        if (held.Find(_version)?.Compiled is null)
        {
            throw new InvalidOperationException("The version was not got.");
        }
    }

    private async Task<IDocumentCache> StartRedisAsync()
    {
        var port = FreePort();
        _redis = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", "/dev/null"]));
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        Redis.AddTo(services, new Settings(new ConfigurationManager { ["RELAPSE_REDIS"] = $"127.0.0.1:{port}" }));
        var cache = services.BuildServiceProvider().GetRequiredService<IDocumentCache>();
        while (await cache.ReadAsync(_version.Digest, CancellationToken.None) is null || await cache.ReadAsync(_version.CasesDigest, CancellationToken.None) is null)
        {
            cache.Keep(_version.Digest, _protocol.Yaml.ToArray());
            cache.Keep(_version.CasesDigest, _cases);
            await Task.Delay(500);
        }

        return cache;
    }

    private async Task<RegistryLine> StartRegistryAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_version);
        _registry = builder.Build();
        _registry.MapGrpcService<OneVersion>();
        await _registry.StartAsync();
        return new RegistryLine(new RemoteOptions { Address = new Uri(_registry.Urls.First()), TokenFile = null }, new ServiceChannels());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class OneVersion(ProtocolVersion version) : RegistryService.RegistryServiceBase
    {
        public override Task<GetProtocolVersionResponse> GetProtocolVersion(GetProtocolVersionRequest request, ServerCallContext context) =>
            Task.FromResult(new GetProtocolVersionResponse { Version = version });
    }
}
