using System.Globalization;
using Grpc.Core;
using Relapse.Contracts.Registry.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Registry;

internal sealed partial class RegistryRpcs
{
    /// <summary>Every move of a label, newest first.</summary>
    public override Task<ListLabelHistoryResponse> ListLabelHistory(ListLabelHistoryRequest request, ServerCallContext context)
    {
        var (view, faults) = (View(context), new FaultList());
        var moves = view.Moves(request.Name, "name", faults);

        // A token is of the history of one label.
        var (page, next) = PageOf(
            moves.Reverse(), move => move.Revision.ToString(CultureInfo.InvariantCulture), request.PageSize, request.PageToken, $"{context.Method} {request.Name}", faults);
        var response = new ListLabelHistoryResponse { NextPageToken = next };
        response.Moves.AddRange(page.Select(RegistryView.Describe));
        return Task.FromResult(response);
    }
}
