using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Tests.Client;

/// <summary>How a server that dies leaves its answer in the middle.</summary>
public enum Cut
{
    /// <summary>The stream of the call is reset.</summary>
    Reset,

    /// <summary>The answer ends, and the trailers of UNAVAILABLE follow: a gateway before the server.</summary>
    Trailers,

    /// <summary>The connection is gone.</summary>
    Line,

    /// <summary>The connection is gone before anything of the answer came.</summary>
    LineBefore,

    /// <summary>The stream is reset by who is called too often.</summary>
    Calm,

    /// <summary>The stream is reset by who is not called safely enough.</summary>
    Unsafe,
}

/// <summary>Answers every gRPC call with a long message, of which the first few are cut off in the middle.</summary>
internal sealed class CuttingServer(Cut cut, int times) : IAsyncDisposable
{
    private const int Long = 300_000;
    private readonly WebApplication _app = Build();
    private FragileLine? _line;
    private int _calls;

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many connections were made.</summary>
    public int Connections => _line!.Connections;

    /// <summary>So many calls before each that is answered are UNAVAILABLE, to be made again at once.</summary>
    public int UnavailableBefore { get; init; }

    /// <summary>As a caller reaches it.</summary>
    public Uri Address => _line!.Address;

    /// <summary>What happens when an answer is cut.</summary>
    public Action WhenCut { get; init; } = () => { };

    public static ClassifyRelapseResponse Whole { get; } = new() { CaseRef = new string('x', Long) };

    public async Task<CuttingServer> StartAsync()
    {
        _app.MapPost("/{service}/{method}", AnswerAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _line = new FragileLine(new Uri(_app.Urls.Single()));
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _line!.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        return builder.Build();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var call = Interlocked.Increment(ref _calls);
        var isCut = call <= times;
        await context.Request.Body.CopyToAsync(Stream.Null);
        if (call % (UnavailableBefore + 1) != 0)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-retry-pushback-ms"] = "0";
            context.Response.Headers["grpc-status"] = "14";
            return;
        }

        if (isCut && cut == Cut.LineBefore)
        {
            _line!.Tear();
            WhenCut();
            return;
        }

        var message = Whole.ToByteArray();
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync((byte[])[.. prefix, .. isCut ? message[..(Long / 2)] : message]);
        await context.Response.Body.FlushAsync();
        if (!isCut)
        {
            context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers["grpc-status"] = "0";
            return;
        }

        // So that the first half has gone.
        await Task.Delay(50);
        WhenCut();
        switch (cut)
        {
            case Cut.Reset:
                context.Abort();
                break;
            case Cut.Calm:
                context.Features.Get<IHttpResetFeature>()!.Reset(0xb);
                break;
            case Cut.Unsafe:
                context.Features.Get<IHttpResetFeature>()!.Reset(0xc);
                break;
            case Cut.Line:
                _line!.Tear();
                break;
            default:
                context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers["grpc-status"] = "14";
                break;
        }
    }
}
