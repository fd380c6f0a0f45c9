using Google.Api;
using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting.Errors;

namespace Relapse.Outcomes;

internal sealed partial class OutcomeRpcs
{
    private const string Svg = "image/svg+xml";
    private const int UsualPlottedRows = 20;

    /// <summary>The same answer as a forest plot.</summary>
    public override Task<HttpBody> PlotOutcome(PlotOutcomeRequest request, ServerCallContext context)
    {
        var faults = new FaultList();
        var asked = new EstimateOutcomeRequest { Case = request.Case, Intention = request.Intention, Endpoints = { request.Endpoints }, Readings = { request.Readings }, RowsPerGroup = request.RowsPerGroup };
        var call = new EstimateCall(protocols.Catalog, EvidenceLibrary.Shipped, asked, faults);
        faults.ThrowIfAny();
        var answer = call.Answer(asked, UsualPlottedRows);
        return Task.FromResult(Image(ForestPlot.Of(answer, EvidenceLibrary.Shipped)));
    }

    private static HttpBody Image(string svg) => new() { ContentType = Svg, Data = ByteString.CopyFromUtf8(svg) };
}
