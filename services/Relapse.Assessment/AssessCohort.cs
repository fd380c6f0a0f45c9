using Google.Protobuf.Collections;
using Grpc.Core;
using Relapse.Assessment.Cohorts;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Assessment;

internal sealed partial class AssessmentRpcs
{
    /// <summary>What does every protocol conclude of each case of a cohort? Each chunk is asked of every service side by side, and read when the one before it is answered.</summary>
    public override async Task AssessCohort(IAsyncStreamReader<AssessCohortRequest> requests, IServerStreamWriter<AssessCohortResponse> responses, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var first = await requests.MoveNext(cancellation) ? requests.Current : new AssessCohortRequest();
        var call = Open(first);
        var batches = new PartBatches(lines, [.. call.Versions.Select(version => version.Protocol.Name)], first.Settings.Readings, call.Alongside, call.RequestId, DecisionView.Conclusions);
        var tally = new AssessmentTally(call);
        await responses.WriteAsync(
            new AssessCohortResponse { Decisions = { call.Decided.Select(decided => new ProtocolDecision { Protocol = decided.Protocol.Name, Decision = decided.Decision }) } }, cancellation);
        long answered = 0;
        await foreach (var chunk in CohortChunks.Of(first, requests, message => message.Items, message => message.Settings is not null, cancellation))
        {
            var answers = await Task.WhenAll(call.Parts.Select(async part => (Part: part, Items: await batches.AskAsync(part, chunk, context))));
            var message = new AssessCohortResponse { Answered = answered };
            var bytes = 0;
            foreach (var (index, item) in chunk.Index())
            {
                var result = tally.Result(item, [.. answers.Select(part => (part.Part, part.Items[index]))]);
                var size = CohortItems.SizeOf(result);
                if (message.Results.Count > 0 && bytes + size > MostInOneMessage)
                {
                    await responses.WriteAsync(message, cancellation);
                    (message, bytes) = (new AssessCohortResponse(), 0);
                }

                message.Results.Add(result);
                message.Answered = ++answered;
                bytes += size;
            }

            await responses.WriteAsync(message, cancellation);
        }

        await responses.WriteAsync(new AssessCohortResponse { Summary = tally.Summary(), Answered = answered }, cancellation);
    }

    private CohortCall Open(AssessCohortRequest first)
    {
        var faults = new FaultList();
        CohortItems.Check(first.Items, item => item.ItemId, faults);
        if (first.Settings is null)
        {
            faults.Invalid("settings", "required in the first message");
        }

        var ofSettings = new FaultList();
        var call = new CohortCall(protocols.Catalog, first.Settings ?? new AssessCohortSettings(), ofSettings);
        faults.Add("settings", ofSettings);
        faults.ThrowIfAny();
        return call;
    }
}
