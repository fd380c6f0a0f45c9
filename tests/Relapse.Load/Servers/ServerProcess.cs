using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relapse.Load.Servers;

/// <summary>A published program in a process of its own on two free loopback ports; ended when it is disposed of.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process, int httpPort, int grpcPort)
    {
        _process = process;
        HttpAddress = new Uri($"http://127.0.0.1:{httpPort}");
        GrpcAddress = new Uri($"http://127.0.0.1:{grpcPort}");
    }

    /// <summary>Where it speaks JSON.</summary>
    public Uri HttpAddress { get; }

    /// <summary>Where it speaks gRPC.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>Processor time since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that are resident now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a program as <c>./relapse up</c> does, and does not wait for it.</summary>
    /// <param name="published">The folder and the program below the folder where the parts of a run are published.</param>
    /// <param name="arguments">Of the program.</param>
    /// <param name="settings">Environment variables, beside those that every one gets.</param>
    public static ServerProcess Start(string published, string[] arguments, params (string Name, string Value)[] settings)
    {
        var (http, grpc) = (FreePort(), FreePort());
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", published), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        (string Name, string Value)[] always =
        [
            ("RELAPSE_BIND", "127.0.0.1"),
            ("RELAPSE_HTTP_PORT", $"{http}"),
            ("RELAPSE_GRPC_PORT", $"{grpc}"),
            // The limit is there and counts, and is out of reach.
            ("RELAPSE_CALLS_PER_SECOND", "10000000"),
            // Not what somebody published on this machine.
            ("RELAPSE_REGISTRY_FOLDER", Path.Combine(Path.GetTempPath(), "relapse-load-" + Guid.NewGuid().ToString("N"))),
        ];
        foreach (var (name, value) in always.Concat(settings))
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var server = new ServerProcess(process, http, grpc);
        process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until both ports are taken.</summary>
    public async Task ListensAsync()
    {
        var patience = Stopwatch.StartNew();
        while (!await ConnectsAsync(HttpAddress) || !await ConnectsAsync(GrpcAddress))
        {
            ThrowIfEnded();
            if (patience.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException("A server did not begin to listen. It said: " + _output);
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Waits until it has classified a case.</summary>
    public async Task AnswersAsync()
    {
        using var client = new HttpClient { BaseAddress = HttpAddress };
        while (!await ClassifiesAsync(client))
        {
            ThrowIfEnded();
            await Task.Delay(2);
        }
    }

    private static async Task<bool> ClassifiesAsync(HttpClient client)
    {
        using var request = new StringContent("""{"case": {"relapseNumber": 1}}""", Encoding.UTF8, "application/json");
        try
        {
            using var answer = await client.PostAsync("/v1/classification/relapses:classify", request);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void ThrowIfEnded()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException("A server ended by itself. It said: " + _output);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> ConnectsAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (_output.Length < 10_000)
            {
                _output.AppendLine(line);
            }
        }
    }
}
