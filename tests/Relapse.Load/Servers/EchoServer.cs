using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Edge;
using Relapse.Load.Traffic;

namespace Relapse.Load.Servers;

/// <summary>
/// The classification service without the classification: the same Kestrel with the same ports, limits and telemetry
/// (the edge is the product's own) and the same gRPC and JSON transcoding, but none of what the product puts between them
/// and its answers. It reads the request, looks the answer up that the real service gave to it, and sends that.
/// </summary>
internal static class EchoServer
{
    /// <summary>The echo, built and not started; ports and limits are set as every process's are.</summary>
    public static WebApplication Build(IReadOnlyList<AnswerBook> answers, string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseKestrelCore();
        builder.AddRelapseEdge();
        builder.Services.AddRouting();
        builder.Services.AddGrpc().AddJsonTranscoding(json => json.JsonSettings.IgnoreDefaultValues = true);
        builder.Services.AddSingleton(new Lookup(answers));
        var app = builder.Build();
        app.UseRelapseEdge();
        app.UseRouting();
        app.MapGrpcService<Echo>();
        return app;
    }

    private sealed class Lookup(IReadOnlyList<AnswerBook> answers)
    {
        private readonly Dictionary<string, ClassifyRelapseResponse> _unary =
            answers.SelectMany(book => book.Unary).ToDictionary(answer => answer.Receipts[0].RequestId, StringComparer.Ordinal);

        private readonly Dictionary<string, IReadOnlyList<ClassifyCohortResponse>> _cohort =
            answers.SelectMany(book => book.Cohort).ToDictionary(messages => messages[0].Results[0].ItemId, StringComparer.Ordinal);

        public ClassifyRelapseResponse Answer(ClassifyRelapseRequest request) => _unary[request.RequestId];

        public IReadOnlyList<ClassifyCohortResponse> Answer(ClassifyCohortRequest chunk) => _cohort[chunk.Items[0].ItemId];
    }

    private sealed class Echo(Lookup lookup) : ClassificationService.ClassificationServiceBase
    {
        public override Task<ClassifyRelapseResponse> ClassifyRelapse(ClassifyRelapseRequest request, ServerCallContext context) =>
            Task.FromResult(lookup.Answer(request));

        public override async Task ClassifyCohort(
            IAsyncStreamReader<ClassifyCohortRequest> requestStream, IServerStreamWriter<ClassifyCohortResponse> responseStream, ServerCallContext context)
        {
            var summary = new CohortSummary();
            await foreach (var chunk in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (chunk.Items.Count > 0)
                {
                    summary.Items += chunk.Items.Count;
                    foreach (var message in lookup.Answer(chunk))
                    {
                        await responseStream.WriteAsync(message, context.CancellationToken);
                    }
                }
            }

            await responseStream.WriteAsync(new ClassifyCohortResponse { Summary = summary }, context.CancellationToken);
        }
    }
}
