using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Relapse.Tests.Client;

/// <summary>A line to a server that can be torn, with everything that is on its way.</summary>
internal sealed class FragileLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _ends = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile Uri _target;
    private int _connections;

    public FragileLine(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How often a client connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Where connections made from now on lead.</summary>
    public void LeadTo(Uri target) => _target = target;

    /// <summary>Resets every connection: the next one may be made.</summary>
    public void Tear()
    {
        foreach (var end in _ends.Keys)
        {
            // At once: by a reset, and not by an end.
            end.Close(timeout: 0);
            _ends.TryRemove(end, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Tear();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = JoinAsync(near);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // It is over.
            }
        }
    }

    private async Task JoinAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _ends[near] = _ends[far] = true;
        try
        {
            await far.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            await using var inward = new NetworkStream(near);
            await using var outward = new NetworkStream(far);
            await Task.WhenAny(inward.CopyToAsync(outward, _stop.Token), outward.CopyToAsync(inward, _stop.Token));
        }
        catch (Exception torn) when (torn is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Torn, or nobody listens there.
        }
        finally
        {
            foreach (var end in new[] { near, far })
            {
                _ends.TryRemove(end, out _);
                end.Dispose();
            }
        }
    }
}
