using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Mrd;

/// <summary>What all cases of one call share, and how the results of one are interpreted. Safe for use by several threads.</summary>
internal sealed class InterpretCall
{
    private static readonly string Rpc = $"{MrdService.Descriptor.FullName}/{nameof(MrdService.MrdServiceBase.InterpretMrd)}";
    private readonly CaseCall _call;
    private readonly InterpretMrdRequest _settings;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The request of the call without its case, or the settings of many as one would have them.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public InterpretCall(ProtocolCatalog catalog, InterpretMrdRequest settings, FaultList faults)
    {
        _settings = settings;
        _call = new CaseCall(catalog, WellKnownDecisions.Mrd, settings.Protocols, settings.Readings, settings.RequestId, settings.Alongside, faults);
    }

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults) => _call.Check(@case, faults);

    /// <summary>Answers a case that no fault was found in.</summary>
    /// <param name="request">The request for this case alone, without the id that keys the receipts: that is what they cover.</param>
    public InterpretMrdResponse Answer(InterpretMrdRequest request)
    {
        var response = new InterpretMrdResponse { CaseRef = request.Case.CaseRef };
        var evaluator = _call.Answer(request.Case, Rpc, request, request.IncludeTrace, new AnswerLists(response.Decisions, response.Receipts, response.Agreements));
        var measurements = new MrdReading(evaluator, SeriesRules.Shipped);
        foreach (var (protocol, readings) in _call.Versions)
        {
            response.Interpretations.AddRange(measurements.Interpret(protocol, readings, response.Decisions));
        }

        response.Series = measurements.Series();
        foreach (var receipt in response.Receipts)
        {
            receipt.References.Add(SeriesRules.Shipped.Reference);
        }

        return response;
    }

    /// <summary>Answers one of many as a call for it alone would be answered, receipts included, or in the view asked for; what is wrong with it is its status.</summary>
    public InterpretMrdResult Answer(MrdItem item, DecisionView view, string method, ILogger logger) => CohortItems.Answer(
        faults => Check(item.Case, faults),
        () => new InterpretMrdResult
        {
            ItemId = item.ItemId,
            Interpretation = view is DecisionView.Conclusions
                ? new InterpretMrdResponse { CaseRef = item.Case.CaseRef, Decisions = { _call.Conclude(item.Case) } }
                : Answer(new InterpretMrdRequest
                {
                    Case = item.Case,
                    Protocols = { _settings.Protocols },
                    Readings = { _settings.Readings },
                    IncludeTrace = _settings.IncludeTrace,
                }),
        },
        error => new InterpretMrdResult { ItemId = item.ItemId, Error = error },
        method,
        logger);
}
