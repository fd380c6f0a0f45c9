using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Relapse.Contracts.Registry.V1;
using Relapse.Tests.Registry.Store;

namespace Relapse.Tests.Registry;

/// <summary>AllInOne, and with it the registry, in a process of its own that can be killed and frozen. It asks nobody for a token.</summary>
internal sealed class RegistryProcess : IDisposable
{
    private readonly Process _process;
    private readonly GrpcChannel _channel;

    private readonly ConcurrentQueue<string?> _said;

    private RegistryProcess(Process process, int port, ConcurrentQueue<string?> said)
    {
        (_process, _said) = (process, said);
        Address = $"http://127.0.0.1:{port}";
        _channel = GrpcChannel.ForAddress(Address);
        Client = new RegistryService.RegistryServiceClient(_channel);
    }

    /// <summary>Its gRPC port.</summary>
    public string Address { get; }

    public RegistryService.RegistryServiceClient Client { get; }

    /// <summary>What it wrote to its log so far.</summary>
    public string Said => string.Join('\n', _said);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RegistryProcess> StartAsync(Engine engine)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Relapse.AllInOne.dll"), "--RELAPSE_BIND=127.0.0.1", "--RELAPSE_HTTP_PORT=0", $"--RELAPSE_GRPC_PORT={port}", engine.Argument },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        var said = new ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var registry = new RegistryProcess(process, port, said);
        for (var patience = Stopwatch.StartNew(); !await registry.IsReadyAsync();)
        {
            Assert.True(!process.HasExited && patience.Elapsed < TimeSpan.FromMinutes(2), string.Join('\n', said));
            await Task.Delay(20, Cancel);
        }

        return registry;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>It takes connections and bytes, and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _channel.Dispose();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(Cancel);
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await Client.ResolveLabelAsync(new ResolveLabelRequest { Name = "protocols/cog/labels/current" }, cancellationToken: Cancel);
            return true;
        }
        catch (RpcException notYet) when (notYet.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
