using Grpc.Core;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;

namespace Relapse.Classification;

internal sealed partial class ClassificationRpcs
{
    // Clients take 4 MiB unless told otherwise.
    private const int MostInOneMessage = 3 * 1024 * 1024;

    /// <summary>
    /// Which kind of relapse is each case of a cohort? The next message is read when the answer to the one before has been taken, and of a
    /// long answer the next part is made when the one before has been, so that nothing of a cohort piles up here however long it is.
    /// </summary>
    public override async Task ClassifyCohort(
        IAsyncStreamReader<ClassifyCohortRequest> requests, IServerStreamWriter<ClassifyCohortResponse> responses, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var more = await requests.MoveNext(cancellation);
        var message = more ? requests.Current : new ClassifyCohortRequest();
        var call = Open(message);
        var tally = new CohortTally(call);
        if (message.Items.Count > 0)
        {
            await AnswerAsync(message);
        }

        while (more && await requests.MoveNext(cancellation))
        {
            message = requests.Current;
            var faults = new FaultList();
            CohortItems.Check(message.Items, item => item.ItemId, faults);
            if (message.Settings is not null)
            {
                faults.Invalid("settings", "given by the first message, and by no other");
            }

            faults.ThrowIfAny();
            await AnswerAsync(message);
        }

        await responses.WriteAsync(new ClassifyCohortResponse { Summary = tally.Summary() }, cancellation);

        async Task AnswerAsync(ClassifyCohortRequest chunk)
        {
            var run = new CohortRun<CohortItem, CohortItemResult>(chunk.Items, item => call.Answer(item, DecisionView.Full, context.Method, logger), workers);
            do
            {
                var results = await run.NextAsync(MostInOneMessage, cancellation);
                tally.Add(results);
                await responses.WriteAsync(new ClassifyCohortResponse { Results = { results } }, cancellation);
            }
            while (!run.IsDone);
        }
    }

    private ClassificationCall Open(ClassifyCohortRequest first)
    {
        var faults = new FaultList();
        CohortItems.Check(first.Items, item => item.ItemId, faults);
        if (first.Settings is null)
        {
            faults.Invalid("settings", "required in the first message");
        }

        var ofSettings = new FaultList();
        var call = new ClassificationCall(protocols.Catalog, Shared(first.Settings ?? new CohortSettings()), ofSettings);
        faults.Add("settings", ofSettings);
        faults.ThrowIfAny();
        return call;
    }

    private static ClassifyRelapseRequest Shared(CohortSettings settings) => new()
    {
        Protocols = { settings.Protocols },
        Readings = { settings.Readings },
        RequestId = settings.RequestId,
        IncludeTrace = settings.IncludeTrace,
    };
}
