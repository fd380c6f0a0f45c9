using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Moves a label to a version, or makes it.</summary>
    [RequiresScope(Scope.Label)]
    public override async Task<MoveLabelResponse> MoveLabel(MoveLabelRequest request, ServerCallContext context)
    {
        var centre = CentreOf(context);
        var (view, faults) = (View(context), new FaultList());
        var label = ProtocolName.Parse(request.Name);
        if (label?.Label is null)
        {
            faults.Invalid("name", "must be protocols/{id}/labels/{label}");
        }

        var version = view.Version(request.Version, "version", faults);
        if (label?.Label is not null && version is not null && version.Protocol != label.Id)
        {
            faults.Invalid("version", "must be a version of the label's protocol");
        }

        CheckReason(request.Reason, faults);
        faults.ThrowIfAny();

        MoveRow? moved = null;
        Change Decide(RegistryState state)
        {
            moved = Move(state, label!, version!, centre, request);
            return request.ValidateOnly ? Change.None : new Change([moved], []);
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

        return new MoveLabelResponse { Label = answer };
    }

    private MoveRow Move(RegistryState state, ProtocolName label, VersionRow version, string centre, MoveLabelRequest request)
    {
        var protocol = state.Find(label.Id)!;
        if (label.Label == ProtocolCatalog.CurrentLabel && protocol.Owner != centre)
        {
            throw RpcErrors.Denied("NOT_YOUR_PROTOCOL", "`current` is moved by the centre whose protocol it is; a label of another name is yours to move.");
        }

        if (protocol.Archived(version.Version) is not null)
        {
            throw RpcErrors.Precondition("VERSION_ARCHIVED", "The version is archived.", [(version.VersionName, "a label stands on versions that are evaluated")]);
        }

        var moves = protocol.MovesOf(label.Label!, centre);
        var etag = moves.IsEmpty ? "" : RegistryView.EtagOf(moves[^1]);
        return request.Etag == etag
            ? new MoveRow(state.Revision + 1, protocol.Id, version.Version, centre, keeper.Moment)
            {
                Label = label.Label!,
                Owner = ProtocolState.OwnerOf(label.Label!, centre),
                Reason = request.Reason,
                Follows = moves.IsEmpty ? 0 : moves[^1].Revision,
            }
            : throw RpcErrors.Aborted("LABEL_MOVED", moves.IsEmpty
                ? "There is no such label yet; without an etag it is made."
                : "The label is not where the etag saw it; resolve it again.");
    }
}
