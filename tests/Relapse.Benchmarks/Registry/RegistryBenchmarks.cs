using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relapse.Clinical;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting;
using Relapse.Hosting.Protocols;
using Relapse.Registry;

namespace Relapse.Benchmarks.Registry;

/// <summary>
/// What the registry's calls cost over loopback, with its SQLite file: a label resolved, the largest shipped version checked, and published
/// under a new version each time, which checks it, compiles it, and has it on the disk before it answers.
/// </summary>
[MemoryDiagnoser]
public class RegistryBenchmarks : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "relapse-bench-" + Guid.NewGuid().ToString("N"));
    private WebApplication _registry = null!;
    private GrpcChannel _channel = null!;
    private RegistryService.RegistryServiceClient _client = null!;
    private string _protocol = "";
    private ByteString _cases = ByteString.Empty;
    private string _shippedVersion = "";
    private int _version;

    /// <summary>Starts the registry.</summary>
    [GlobalSetup]
    public async Task Start()
    {
        var library = ProtocolLibrary.Load();
        var largest = library.Versions.MaxBy(version => version.Yaml.Length)!;
        _shippedVersion = $"version: \"{largest.Version}\"";
        _protocol = Encoding.UTF8.GetString(largest.Yaml.Span).Replace($"\nid: {largest.Id}\n", "\nid: bench\n", StringComparison.Ordinal);
        _cases = ByteString.CopyFromUtf8(Encoding.UTF8.GetString(ProtocolLibrary.CasesOf(largest.Id, largest.Version)).Replace("protocols/" + largest.Id, "protocols/bench", StringComparison.Ordinal));
        var builder = RelapseHost.CreateBuilder(["--RELAPSE_BIND=127.0.0.1", "--RELAPSE_HTTP_PORT=0", "--RELAPSE_GRPC_PORT=0", "--RELAPSE_REGISTRY_FOLDER=" + _folder]).AddRegistry();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<LoadCatalog>(() => ProtocolCatalog.Of(library));
        _registry = builder.Build();
        _registry.UseRelapse().MapRegistry();
        await _registry.StartAsync();
        _channel = GrpcChannel.ForAddress(_registry.Urls.Last());
        _client = new RegistryService.RegistryServiceClient(_channel);
        while (!_registry.Services.GetRequiredService<ProtocolSource>().IsLoaded)
        {
            await Task.Delay(10);
        }
    }

    /// <summary>Ends it, and what it kept.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _channel.Dispose();
        await _registry.DisposeAsync();
        // Called as the cleanup, and as what it implements.
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A label, as a client asks for it.</summary>
    [Benchmark]
    public async Task<ResolveLabelResponse> Resolve() => await _client.ResolveLabelAsync(new ResolveLabelRequest { Name = "protocols/cog/labels/current" });

    /// <summary>The largest version, checked and not stored.</summary>
    [Benchmark]
    public async Task<VerifyProtocolResponse> Verify()
    {
        var found = await _client.VerifyProtocolAsync(new VerifyProtocolRequest { ProtocolYaml = Next(), CasesYaml = _cases });
        return found.Faults.Count == 0 ? found : throw new InvalidOperationException(found.Faults[0].ToString());
    }

    /// <summary>The largest version, published.</summary>
    [Benchmark]
    public async Task<PublishProtocolVersionResponse> Publish() =>
        await _client.PublishProtocolVersionAsync(new PublishProtocolVersionRequest { ProtocolYaml = Next(), CasesYaml = _cases });

    private ByteString Next() => ByteString.CopyFromUtf8(_protocol.Replace(_shippedVersion, string.Create(CultureInfo.InvariantCulture, $"version: \"{++_version}\""), StringComparison.Ordinal));
}
