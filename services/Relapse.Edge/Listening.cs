using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Relapse.Edge;

/// <summary>
/// The two ports of every process. Cleartext HTTP/2 cannot share a port with HTTP/1.1: without TLS nothing negotiates.
/// </summary>
internal static class Listening
{
    internal static void Configure(KestrelServerOptions kestrel, EdgeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxJsonBytes;

        // A peer that vanished without closing is found by pings; a stream that is merely quiet answers them.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        Listen(kestrel, options, options.HttpPort, HttpProtocols.Http1);
        Listen(kestrel, options, options.GrpcPort, HttpProtocols.Http2);
    }

    private static void Listen(KestrelServerOptions kestrel, EdgeOptions options, int port, HttpProtocols protocols)
    {
        void Speak(ListenOptions listen) => listen.Protocols = protocols;
        if (IPAddress.TryParse(options.Bind, out var address))
        {
            kestrel.Listen(address, port, Speak);
        }
        else if (options.Bind == "*")
        {
            kestrel.ListenAnyIP(port, Speak);
        }
        else if (port == 0)
        {
            // Any free port: localhost is two addresses, and their free ports would differ.
            kestrel.Listen(IPAddress.Loopback, port, Speak);
        }
        else
        {
            kestrel.ListenLocalhost(port, Speak);
        }
    }
}
