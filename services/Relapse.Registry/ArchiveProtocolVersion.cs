using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Edge;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Archives a version: it is still read by its name, and not evaluated for new cases.</summary>
    [RequiresScope(Scope.Publish)]
    public override async Task<ArchiveProtocolVersionResponse> ArchiveProtocolVersion(ArchiveProtocolVersionRequest request, ServerCallContext context)
    {
        var centre = CentreOf(context);
        var faults = new FaultList();
        var version = View(context).Version(request.Name, "name", faults);
        CheckReason(request.Reason, faults);
        faults.ThrowIfAny();
        if (version!.Centre != centre)
        {
            throw RpcErrors.Denied("NOT_YOUR_PROTOCOL", "A version is archived by the centre that published it.");
        }

        await keeper.ChangeAsync(state => Archive(state, version, request.Reason), null, context.CancellationToken);
        return new ArchiveProtocolVersionResponse { Version = View(context).Describe(version) };
    }

    private Change Archive(RegistryState state, VersionRow version, string reason)
    {
        var protocol = state.Find(version.Protocol)!;
        if (protocol.Archived(version.Version) is not null)
        {
            return Change.None;
        }

        // What other centres call it hinders nobody: their labels stay on it and resolve no more. `current` is what everybody is answered
        // from, so it goes first.
        var own = protocol.Labels.Where(move => move.Version == version.Version && (move.Owner.Length == 0 || move.Owner == version.Centre)).ToArray();
        if (own.Length > 0)
        {
            throw RpcErrors.Precondition(
                "VERSION_LABELLED",
                "A label stands on the version; move or withdraw it first.",
                own.Select(move => ($"protocols/{move.Protocol}/labels/{move.Label}", "stands on this version")));
        }

        return new Change([new ArchivalRow(state.Revision + 1, version.Protocol, version.Version, version.Centre, keeper.Moment) { Reason = reason }], []);
    }
}
