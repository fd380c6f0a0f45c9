using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Assessment.Cohorts;
using Relapse.Clinical;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Assessment;

internal sealed partial class AssessmentRpcs
{
    /// <summary>On which cases of a cohort do two versions part, by which rules, and how far do they agree?</summary>
    public override async Task CompareCohort(IAsyncStreamReader<CompareCohortRequest> requests, IServerStreamWriter<CompareCohortResponse> responses, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var first = await requests.MoveNext(cancellation) ? requests.Current : new CompareCohortRequest();
        var catalog = protocols.Catalog;
        var (one, other, part) = Open(first, catalog);
        var batches = new PartBatches(lines, [one.Name, other.Name], first.Settings.Readings, AssessmentCall.Beside(catalog), RequestId.Check("", new FaultList()), DecisionView.Full);
        var table = new CohortCrossTable(one, other, first.Settings.Decision);
        long answered = 0;
        await foreach (var chunk in CohortChunks.Of(first, requests, message => message.Items, message => message.Settings is not null, cancellation))
        {
            var answers = await batches.AskAsync(part, chunk, context);
            answered = await SendComparedAsync(chunk.Zip(answers), table, answered, responses, cancellation);
        }

        await responses.WriteAsync(new CompareCohortResponse { Answered = answered, Comparison = table.Comparison() }, cancellation);
    }

    /// <summary>Sends what became of the items of a chunk, in as many messages as it takes.</summary>
    /// <returns>How many items are answered with it.</returns>
    private async Task<long> SendComparedAsync(
        IEnumerable<(AssessItem Item, ItemAnswer Answer)> compared, CohortCrossTable table, long answered, IServerStreamWriter<CompareCohortResponse> responses, CancellationToken cancellation)
    {
        var message = new CompareCohortResponse { Answered = answered };
        var bytes = 0;
        foreach (var (item, answer) in compared)
        {
            IMessage? said = answer.Error is { } error ? new AssessItemResult { ItemId = Named(item), Error = error } : table.Add(Named(item), answer);
            var size = said is null ? 0 : CohortItems.SizeOf(said);
            if (bytes > 0 && bytes + size > MostInOneMessage)
            {
                await responses.WriteAsync(message, cancellation);
                (message, bytes) = (new CompareCohortResponse(), 0);
            }

            switch (said)
            {
                case AssessItemResult refused:
                    table.Refuse();
                    message.Refused.Add(refused);
                    break;
                case Mover mover:
                    message.Movers.Add(mover);
                    break;
            }

            message.Answered = ++answered;
            bytes += size;
        }

        await responses.WriteAsync(message, cancellation);
        return answered;

        string Named(AssessItem item) => item.ItemId.Length > 0 ? item.ItemId : answered.ToString(CultureInfo.InvariantCulture);
    }

    private static (CompiledProtocol One, CompiledProtocol Other, Part Part) Open(CompareCohortRequest first, ProtocolCatalog catalog)
    {
        var faults = new FaultList();
        CohortItems.Check(first.Items, item => item.ItemId, faults);
        var settings = first.Settings;
        if (settings is null)
        {
            faults.Invalid("settings", "required in the first message");
            settings = new CompareCohortSettings();
        }

        var one = ProtocolLookup.Asked(catalog, settings.One, "settings.one", faults);
        var other = ProtocolLookup.Asked(catalog, settings.Other, "settings.other", faults);
        if (one is not null && one == other)
        {
            faults.Invalid("settings.other", "the same protocol version as settings.one");
        }

        Part? part = PartBatches.Batched.Where(part => CohortCall.DecisionsOf(part).Contains(settings.Decision)).Select(part => (Part?)part).FirstOrDefault();
        if (part is null)
        {
            faults.Invalid("settings.decision", $"is none of {string.Join(", ", PartBatches.Batched.SelectMany(part => CohortCall.DecisionsOf(part)))}");
        }

        ImmutableArray<CompiledProtocol> both = [.. new[] { one, other }.OfType<CompiledProtocol>()];
        if (part is not null)
        {
            DecisionLookup.IsDefined(settings.Decision, "settings.decision", faults, both);
        }

        var ofReadings = new FaultList();
        ProtocolRequest.WithReadings(catalog, both, settings.Readings, ofReadings);
        faults.Add("settings", ofReadings);
        faults.ThrowIfAny();
        return (one!, other!, part!.Value);
    }
}
