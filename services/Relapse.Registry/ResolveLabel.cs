using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>The version that a label stands for.</summary>
    public override Task<ResolveLabelResponse> ResolveLabel(ResolveLabelRequest request, ServerCallContext context)
    {
        var (view, faults) = (View(context), new FaultList());
        var standing = view.Label(request.Name, "name", faults);
        faults.ThrowIfAny();

        var last = standing!;
        if (view.Archived(last) is { } archival)
        {
            // It is another centre's label: its own would have hindered it. What it stands on is not evaluated, and nothing else was chosen.
            throw RpcErrors.Precondition(
                "VERSION_ARCHIVED",
                "The version that the label stands on is archived; move the label.",
                [(last.VersionName, RegistryView.Told("archived", archival.At, archival.Reason))]);
        }

        return Task.FromResult(new ResolveLabelResponse
        {
            Version = last.VersionName,
            Digest = view.Standing((Store.RegistryRow)last).Digest,
            Label = RegistryView.Describe(last),
        });
    }
}
