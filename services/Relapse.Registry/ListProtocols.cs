using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;
using Relapse.Registry.Store;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Lists protocols, by id.</summary>
    public override Task<ListProtocolsResponse> ListProtocols(ListProtocolsRequest request, ServerCallContext context)
    {
        var view = View(context);
        var (page, next) = PageOf(view.Protocols, protocol => protocol.Id, request.PageSize, request.PageToken, context.Method, new FaultList());
        var response = new ListProtocolsResponse { NextPageToken = next };
        response.Protocols.AddRange(page.Select(protocol => Describe(protocol, view)));
        return Task.FromResult(response);
    }

    private static Protocol Describe(ProtocolState state, RegistryView view)
    {
        var protocol = new Protocol { Name = "protocols/" + state.Id };
        if (view.Face(state)?.Document is { } document)
        {
            (protocol.Title, protocol.Period) = (document.Title, document.Period);
            protocol.SupersededBy.AddRange(document.SupersededBy.Select(id => "protocols/" + id));
        }

        protocol.Versions.AddRange(view.Versions(state).Select(row => row.VersionName));
        foreach (var move in view.Labels(state))
        {
            protocol.Labels[move.Label] = move.VersionName;
        }

        return protocol;
    }
}
