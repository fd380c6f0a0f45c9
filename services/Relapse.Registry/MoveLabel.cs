using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Moves a label to a version, makes it, or withdraws it.</summary>
    [RequiresScope(Scope.Label)]
    public override async Task<MoveLabelResponse> MoveLabel(MoveLabelRequest request, ServerCallContext context)
    {
        var centre = CentreOf(context);
        var faults = new FaultList();
        var order = events.Order(request.Publish, EventType.LabelMoved, request.ValidateOnly, faults);
        var (label, version) = Named(request, View(context), faults);
        CheckReason(request.Reason, faults);
        faults.ThrowIfAny();

        MoveRow? moved = null;
        Change Decide(RegistryState state)
        {
            var before = order is null ? null : MovedAlready(state, label!, version, centre, request);
            moved = before ?? Move(state, label!, version, centre, request);
            return request.ValidateOnly || before is not null ? Change.None : new Change([moved], []);
        }

        if (request.ValidateOnly)
        {
            Decide(keeper.Now.State);
        }
        else
        {
            await keeper.ChangeAsync(Decide, null, context.CancellationToken);
        }

        var answer = RegistryView.Describe(moved!);
        if (request.ValidateOnly)
        {
            // It has no number, moment and etag yet.
            (answer.Etag, answer.Revision, answer.MoveTime) = ("", 0, null);
        }

        var response = new MoveLabelResponse { Label = answer };
        return order is null ? response : await events.PublishAsync(RegistryEvent.Of(order, answer), response, context);
    }

    // Whose event was not acknowledged asks again for the move that was made. Only where it still stands: after another move the etag says
    // what it says to everybody, that the label is not where it was.
    private static MoveRow? MovedAlready(RegistryState state, ProtocolName label, VersionRow? version, string centre, MoveLabelRequest request)
    {
        var moves = state.Find(label.Id)!.MovesOf(label.Label!, centre);
        var before = moves is [.., var last, _] ? last : null;
        return moves is [.., var stands] && (stands.Centre, stands.Version, stands.Reason) == (centre, version?.Version ?? "", request.Reason) && HasSeen(request, before)
            ? stands
            : null;
    }

    // A withdrawn label is made again as one that never was; whoever read its history may say what they saw there.
    private static bool HasSeen(MoveLabelRequest request, MoveRow? last) =>
        last is null || (last.IsWithdrawal && request.Etag.Length == 0) ? request.Etag.Length == 0 : request.Etag == RegistryView.EtagOf(last);

    /// <summary>The label, and the version that it is to stand on: none to withdraw it. A fault where either cannot be.</summary>
    private static (ProtocolName? Label, VersionRow? Version) Named(MoveLabelRequest request, RegistryView view, FaultList faults)
    {
        var label = ProtocolName.Parse(request.Name);
        if (label?.Label is null)
        {
            faults.Invalid("name", "must be protocols/{id}/labels/{label}");
        }

        var version = request.Withdraw ? null : view.Version(request.Version, "version", faults);
        if (label?.Label is not null && version is not null && version.Protocol != label.Id)
        {
            faults.Invalid("version", "must be a version of the label's protocol");
        }

        CheckWithdrawal(request, view, label, faults);
        return (label, version);
    }

    private static void CheckWithdrawal(MoveLabelRequest request, RegistryView view, ProtocolName? label, FaultList faults)
    {
        if (!request.Withdraw)
        {
            return;
        }

        if (request.Version.Length > 0)
        {
            faults.Invalid("version", "is not to be given together with withdraw");
        }

        // A label that the caller may not see is found missing here; one that is another's, or gone meanwhile, where it is decided.
        if (label?.Label is not null)
        {
            view.Protocol(label.Id, "name", faults);
        }
    }

    private MoveRow Move(RegistryState state, ProtocolName label, VersionRow? version, string centre, MoveLabelRequest request)
    {
        var protocol = state.Find(label.Id)!;
        if (label.Label == ProtocolCatalog.CurrentLabel && protocol.Owner != centre)
        {
            throw RpcErrors.Denied("NOT_YOUR_PROTOCOL", "`current` is moved by the centre whose protocol it is; a label of another name is yours to move.");
        }

        if (version is not null && protocol.Archived(version.Version) is not null)
        {
            throw RpcErrors.Precondition("VERSION_ARCHIVED", "The version is archived.", [(version.VersionName, "a label stands on versions that are evaluated")]);
        }

        var last = protocol.MovesOf(label.Label!, centre).LastOrDefault();
        if (version is null && (last is null || last.IsWithdrawal))
        {
            ThrowNothingToWithdraw(request.Name, last);
        }

        return HasSeen(request, last)
            ? new MoveRow(state.Revision + 1, protocol.Id, version?.Version ?? "", centre, keeper.Moment)
            {
                Label = label.Label!,
                Owner = ProtocolState.OwnerOf(label.Label!, centre),
                Reason = request.Reason,
                Follows = last?.Revision ?? 0,
            }
            : throw RpcErrors.Aborted("LABEL_MOVED", last is null || last.IsWithdrawal
                ? "The label stands on nothing; without an etag it is made."
                : "The label is not where the etag saw it; resolve it again.");
    }

    private static void ThrowNothingToWithdraw(string name, MoveRow? last)
    {
        if (last is not null)
        {
            throw RpcErrors.Precondition("LABEL_WITHDRAWN", "The label is withdrawn already.", [(name, RegistryView.Told("withdrawn", last.At, last.Reason))]);
        }

        var faults = new FaultList();
        faults.NotFound("label", name, "name");
        faults.ThrowIfAny();
    }
}
