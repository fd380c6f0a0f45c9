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
    /// <summary>Moves a label to a version, makes it, or withdraws it.</summary>
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

        var version = request.Withdraw ? null : view.Version(request.Version, "version", faults);
        if (label?.Label is not null && version is not null && version.Protocol != label.Id)
        {
            faults.Invalid("version", "must be a version of the label's protocol");
        }

        CheckWithdrawal(request, view, label, faults);
        CheckReason(request.Reason, faults);
        faults.ThrowIfAny();

        MoveRow? moved = null;
        Change Decide(RegistryState state)
        {
            moved = Move(state, label!, version, centre, request);
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

        // A withdrawn label is made again as one that never was; whoever read its history may say what they saw there.
        var isSeen = last is null || (last.IsWithdrawal && request.Etag.Length == 0) ? request.Etag.Length == 0 : request.Etag == RegistryView.EtagOf(last);
        return isSeen
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
