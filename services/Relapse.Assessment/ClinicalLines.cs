using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relapse.Contracts;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Edge;
using Relapse.Hosting;

namespace Relapse.Assessment;

/// <summary>The lines to the clinical services. Every call over them has the caller's token, and no more time than the caller has.</summary>
internal sealed class ClinicalLines : IDisposable
{
    // Of the time that the caller left, what is kept for laying out the answer and sending it.
    private const double KeptForAnswering = 0.1;

    // Of the time of one case, for a batch: some hundred cases take less than ten times one.
    private const int BatchPatience = 10;

    private readonly ServiceChannels _lines;
    private readonly AssessmentOptions _options;
    private readonly MessageLimits _limits;
    private readonly IServer _server;
    private readonly OwnQuestions _own;
    private readonly Dictionary<string, Lazy<(GrpcChannel Channel, CallInvoker Calls)>> _channels;

    public ClinicalLines(ServiceChannels channels, AssessmentOptions options, MessageLimits limits, IServer server, OwnQuestions own)
    {
        (_lines, _options, _limits, _server, _own) = (channels, options, limits, server, own);
        _channels = Words.ToDictionary(word => word, word => new Lazy<(GrpcChannel, CallInvoker)>(() => Open(word)), StringComparer.Ordinal);
    }

    /// <summary>The words of the services asked.</summary>
    public static IReadOnlyList<string> Words { get; } = ["classification", "mrd", "transplant", "outcome"];

    public ClassificationService.ClassificationServiceClient Classification => new(_channels["classification"].Value.Calls);

    public MrdService.MrdServiceClient Mrd => new(_channels["mrd"].Value.Calls);

    public TransplantService.TransplantServiceClient Transplant => new(_channels["transplant"].Value.Calls);

    public OutcomeService.OutcomeServiceClient Outcome => new(_channels["outcome"].Value.Calls);

    /// <summary>How each part of a call is asked: with the caller's token, until the part is given up, and no longer than the caller is there.</summary>
    public CallOptions For(ServerCallContext caller) => For(caller, _options.PartPatience);

    /// <summary>The same for what has to be known before the other parts are asked, which are left as much time.</summary>
    public CallOptions ForBefore(ServerCallContext caller) => For(caller, _options.PartPatience, share: 0.5);

    /// <summary>The same for a batch, of which a part takes as much longer as it has items.</summary>
    public CallOptions ForBatch(ServerCallContext caller) => For(caller, _options.PartPatience * BatchPatience);

    private static CallOptions For(ServerCallContext caller, TimeSpan patience, double share = 1)
    {
        var now = DateTime.UtcNow;
        var given = caller.Deadline == DateTime.MaxValue ? patience : (caller.Deadline - now) * (1 - KeptForAnswering);
        var headers = new Metadata();
        if (caller.GetHttpContext().Request.Headers.Authorization.ToString() is { Length: > 0 } token)
        {
            headers.Add("authorization", token);
        }

        return new CallOptions(headers, now + ((given < patience ? given : patience) * share), caller.CancellationToken);
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values.Where(channel => channel.IsValueCreated))
        {
            channel.Value.Channel.Dispose();
        }
    }

    private (GrpcChannel Channel, CallInvoker Calls) Open(string word)
    {
        var channel = OpenChannel(word);
        // Every question is answered from what it says alone, so that asking twice does no harm; 9 times at most, with the channel's three attempts.
        var calls = channel.Intercept(new CutOffAnswers(_ => true, TimeProvider.System));
        return (channel, _options.Services[word] is null ? calls.Intercept(AsOwn) : calls);
    }

    // Copied: the same headers go with every part.
    private Metadata AsOwn(Metadata headers) => [.. headers, new Metadata.Entry(OwnQuestions.Header, _own.Key)];

    private GrpcChannel OpenChannel(string word) => _lines.Open(_options.Services[word] ?? OwnPort(), new GrpcChannelOptions
    {
        MaxReceiveMessageSize = _limits.AnswerBytes,
        MaxSendMessageSize = null,
        ServiceConfig = new ServiceConfig
        {
            MethodConfigs =
            {
                new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 3,
                        InitialBackoff = TimeSpan.FromMilliseconds(50),
                        MaxBackoff = TimeSpan.FromMilliseconds(500),
                        BackoffMultiplier = 2,
                        RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                },
            },
        },
    });

    // Of the two ports that every process has the second is for gRPC. Which it is, where any free one will do, is known once it is open.
    private Uri OwnPort()
    {
        var port = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.Last().Replace("//*", "//localhost", StringComparison.Ordinal));
        return port.Host is "[::]" or "0.0.0.0" ? new UriBuilder(port) { Host = "localhost" }.Uri : port;
    }
}
