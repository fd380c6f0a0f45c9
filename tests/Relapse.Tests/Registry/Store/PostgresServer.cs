using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Relapse.Tests.Hosting;
using Relapse.Tests.Registry.Store;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Relapse.Tests.Registry.Store;

/// <summary>
/// A real PostgreSQL server, started when a test first needs one and stopped with the run. Where there is no PostgreSQL the
/// tests that need it are skipped; where a change is judged (CI=true) they fail.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Install = "PostgreSQL is not installed (Debian: apt-get install postgresql)";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly TemporaryFolder _folder = new();
    private Process? _server;
    private string _connection = "";

    /// <summary>The connection string of a new, empty database.</summary>
    internal async Task<string> DatabaseAsync()
    {
        await StartAsync();
        var name = "r" + Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(_connection);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new NpgsqlConnectionStringBuilder(_connection) { Database = name, Pooling = true }.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            // SIGINT of the postmaster: a fast shutdown.
            await RunAsync("kill", "-INT", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await server.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!server.HasExited)
            {
                server.Kill(entireProcessTree: true);
            }

            server.Dispose();
        }

        _folder.Dispose();
        _starting.Dispose();
    }

    private async Task StartAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_server is not null)
            {
                return;
            }

            var programs = Programs();
            if (programs is null && Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(Install);
            }

            Assert.SkipWhen(programs is null, Install);
            await StartAsync(programs!);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StartAsync(string programs)
    {
        var (data, port) = (Path.Combine(_folder.Path, "data"), FreePort());
        Directory.CreateDirectory(_folder.Path);
        // PostgreSQL does not run as root.
        string[] user = Environment.UserName == "root" ? ["runuser", "-u", "nobody", "--"] : [];
        if (user.Length > 0)
        {
            await RunAsync("chown", "nobody", _folder.Path);
        }

        await RunAsync([.. user, Path.Combine(programs, "initdb"), "--pgdata", data, "--username", "relapse", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]);
        string[] server = [.. user, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200"];
        _connection = $"Host=127.0.0.1;Port={port};Username=relapse;Database=postgres;Pooling=false;Timeout=5";
        var process = Start(server);
        await ReadyAsync(process);
        _server = user.Length == 0 ? process : Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(Path.Combine(data, "postmaster.pid")))[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task ReadyAsync(Process process)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await using var connection = new NpgsqlConnection(_connection);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (patience.Elapsed < TimeSpan.FromSeconds(30) && !process.HasExited)
            {
                // Not yet.
            }
        }
    }

    private static string? Programs() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(params string[] command)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() },
        };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
