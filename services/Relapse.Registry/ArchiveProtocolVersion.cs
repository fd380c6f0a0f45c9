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

        var standing = protocol.Labels.Where(move => move.Version == version.Version).ToArray();
        if (standing.Length > 0)
        {
            // What another centre calls it is that centre's own; that it stands here is said.
            var own = standing.Where(move => move.Owner.Length == 0 || move.Owner == version.Centre)
                .Select(move => ($"protocols/{move.Protocol}/labels/{move.Label}", "stands on this version"));
            var others = standing.Count(move => move.Owner.Length > 0 && move.Owner != version.Centre);
            throw RpcErrors.Precondition(
                "VERSION_LABELLED",
                "A label stands on the version; move it first.",
                others == 0 ? own : own.Append((version.VersionName, $"{others} of other centres' labels stand on this version")));
        }

        return new Change([new ArchivalRow(state.Revision + 1, version.Protocol, version.Version, version.Centre, keeper.Moment) { Reason = reason }], []);
    }
}
