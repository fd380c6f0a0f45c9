using System.Collections.Immutable;
using Google.Api;
using Grpc.Core;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

internal sealed partial class OutcomeRpcs
{
    private const int MostPlottedIds = 100;

    /// <summary>Published rows alone as a forest plot.</summary>
    public override Task<HttpBody> PlotEvidence(PlotEvidenceRequest request, ServerCallContext context)
    {
        var (library, faults) = (EvidenceLibrary.Shipped, new FaultList());
        FaultList.ThrowIfTooMany("ids", request.Ids.Count, MostPlottedIds);
        if (request.Endpoint.Length == 0 && request.Ids.Count == 0)
        {
            faults.Invalid("endpoint", "an endpoint or ids are required");
        }
        EvidenceFilter.CheckWords(library, request.Endpoint, request.Family, faults);
        EvidenceFilter.CheckEnum(request.Clock, "clock", faults);
        foreach (var (index, id) in request.Ids.Index().Where(entry => !library.ById.ContainsKey(entry.Item)))
        {
            faults.Invalid($"ids[{index}]", "is the id of no figure");
        }
        foreach (var (index, _) in request.Ids.Index().Where(entry => request.Ids.IndexOf(entry.Item) < entry.Index))
        {
            faults.Invalid($"ids[{index}]", "the same id as an entry before it");
        }
        faults.ThrowIfAny();

        // Superseded rows are drawn when they are asked for by id alone, and marked.
        var rows = request.Ids.Count > 0 ? request.Ids.Select(id => library.ById[id]) : library.Used;
        ImmutableArray<EvidenceRow> drawn = [.. rows.Where(Fits)];
        if (drawn.IsEmpty && request.Ids.Count > 0)
        {
            faults.Invalid("ids", "none of them is of the endpoint, clock and family asked for");
            faults.ThrowIfAny();
        }
        return Task.FromResult(Image(ForestPlot.Of(drawn, library)));

        bool Fits(EvidenceRow row) =>
            (request.Endpoint.Length == 0 || row.Figure.Endpoint == request.Endpoint)
            && (request.Family.Length == 0 || row.Figure.Family == request.Family)
            && (request.Clock is Clock.Unspecified || row.Figure.Clock == request.Clock);
    }
}
