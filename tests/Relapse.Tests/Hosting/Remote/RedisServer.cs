using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Relapse.Tests.Hosting.Remote;

/// <summary>
/// A real Redis server of a test's own. Where there is none the test is skipped; where a change is judged (CI=true) it fails.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Install = "Redis is not installed (Debian: apt-get install redis-server)";

    private readonly int _port = FreePort();
    private readonly string _program;
    private Process? _process;

    private RedisServer(string program) => _program = program;

    /// <summary>As a process is told.</summary>
    public string Argument => "--RELAPSE_REDIS=" + Endpoint;

    public string Endpoint => $"127.0.0.1:{_port}";

    public static async Task<RedisServer> StartAsync()
    {
        var server = Absent();
        await server.RestartAsync();
        return server;
    }

    /// <summary>A server that is not started yet: its port is nobody's.</summary>
    public static RedisServer Absent()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        if (program is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Install);
        }

        Assert.SkipWhen(program is null, Install);
        return new RedisServer(program!);
    }

    /// <summary>Starts it, empty, after ending the one before if there is one.</summary>
    public async Task RestartAsync()
    {
        Kill();
        _process = Process.Start(new ProcessStartInfo(
            _program, ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath(), "--logfile", "/dev/null"]))!;
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            try
            {
                await AskAsync(database => database.PingAsync());
                return;
            }
            catch (RedisException) when (patience.Elapsed < TimeSpan.FromSeconds(20))
            {
                // Not yet.
            }
        }
    }

    public void Kill()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>It takes connections and bytes, and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Asks it something, as its operator.</summary>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Endpoint + ",allowAdmin=true,connectTimeout=2000,asyncTimeout=10000");
        return await ask(connection.GetDatabase());
    }

    public async Task<string[]> KeysAsync() => [.. ((RedisResult[])(await AskAsync(database => database.ExecuteAsync("KEYS", "relapse:document:*")))!).Select(key => (string)key!)];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await ThawAsync();
            Kill();
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
