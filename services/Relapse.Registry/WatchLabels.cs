using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting.Errors;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    private const int MostInOneMessage = 1000;

    // The contract promises 30 seconds; a message can be late.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    /// <summary>Labels as they stand, then each move as it happens, with what was published and archived meanwhile.</summary>
    public override async Task WatchLabels(WatchLabelsRequest request, IServerStreamWriter<WatchLabelsResponse> responses, ServerCallContext context)
    {
        await CheckRevisionAsync(request.Revision, context.CancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            var sent = request.Revision;
            var first = sent == 0;
            while (true)
            {
                var view = FollowedView(context);
                foreach (var message in Messages(view, sent, first))
                {
                    // Not by the ending: a write that is called off resets the call, and its caller reads CANCELLED.
                    await responses.WriteAsync(message, context.CancellationToken);
                }

                (sent, first) = (view.Revision, false);
                await ChangedOrQuietAsync(sent, ending.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw RpcErrors.Unavailable("SHUTTING_DOWN", "The server goes down; watch again with the last revision.");
        }
    }

    // Another replica may have given it, and this one not have heard of it yet.
    private async Task CheckRevisionAsync(long revision, CancellationToken cancellation)
    {
        if (revision > keeper.Now.State.Revision)
        {
            await keeper.LookAgainAsync(cancellation);
        }

        if (revision < 0 || revision > keeper.Now.State.Revision)
        {
            var faults = new FaultList();
            faults.Invalid("revision", "is not one that was given");
            faults.ThrowIfAny();
        }
    }

    private async Task ChangedOrQuietAsync(long after, CancellationToken cancellation)
    {
        using var quiet = new CancellationTokenSource(Quiet, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
        try
        {
            await keeper.ChangedAsync(after, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nothing happened, and that is said.
        }
    }

    /// <summary>What happened, in messages that every client takes; only the last can be resumed from.</summary>
    private static IEnumerable<WatchLabelsResponse> Messages(RegistryView view, long after, bool first)
    {
        var rows = view.Since(after).ToArray();
        string[] gone = first ? [] : [.. view.Gone(after)];
        Label[] withdrawn = first ? [] : [.. view.Withdrawn(after).Select(RegistryView.Describe)];
        // Who saw neither a version nor what stands on it hears of both when it is shared.
        var uncovered = rows.OfType<VersionRow>().Where(row => row.IsSharing).SelectMany(view.StandingOn);
        Label[] labels = [.. rows.OfType<MoveRow>().Concat(uncovered).Select(view.Standing).OfType<MoveRow>().Distinct().Select(RegistryView.Describe)];
        ProtocolVersion[] versions = [.. rows.Where(row => row is not MoveRow).Select(view.Standing).Distinct().Select(view.Describe)];
        var parts = new[] { 1, Parts(labels.Length), Parts(versions.Length), Parts(gone.Length), Parts(withdrawn.Length) }.Max();
        for (var part = 0; part < parts; part++)
        {
            var message = new WatchLabelsResponse { Revision = part == parts - 1 ? view.Revision : first ? 0 : after };
            message.Labels.AddRange(labels.Skip(part * MostInOneMessage).Take(MostInOneMessage));
            message.Versions.AddRange(versions.Skip(part * MostInOneMessage).Take(MostInOneMessage));
            message.GoneLabels.AddRange(gone.Skip(part * MostInOneMessage).Take(MostInOneMessage));
            message.WithdrawnLabels.AddRange(withdrawn.Skip(part * MostInOneMessage).Take(MostInOneMessage));
            yield return message;
        }
    }

    private static int Parts(int count) => (count + MostInOneMessage - 1) / MostInOneMessage;
}
