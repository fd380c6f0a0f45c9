using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>The versions of one protocol, oldest first, without their documents.</summary>
    public override Task<ListProtocolVersionsResponse> ListProtocolVersions(ListProtocolVersionsRequest request, ServerCallContext context)
    {
        var (view, faults) = (View(context), new FaultList());
        ProtocolState? protocol = null;
        if (ProtocolName.Parse(request.Parent) is { Version: null, Label: null } parsed)
        {
            protocol = view.Protocol(parsed.Id, "parent", faults);
        }
        else
        {
            faults.Invalid("parent", "must be protocols/{id}");
        }

        // A token is of the list of one protocol.
        var (page, next) = PageOf(
            protocol is null ? [] : view.Versions(protocol), row => row.Version, request.PageSize, request.PageToken, $"{context.Method} {request.Parent}", faults);
        var response = new ListProtocolVersionsResponse { NextPageToken = next };
        response.Versions.AddRange(page.Select(view.Describe));
        return Task.FromResult(response);
    }
}
