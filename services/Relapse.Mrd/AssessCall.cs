using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Mrd;

/// <summary>What all cases of one call share, and how the response of one is assessed. Safe for use by several threads.</summary>
internal sealed class AssessCall
{
    private static readonly string Rpc = $"{MrdService.Descriptor.FullName}/{nameof(MrdService.MrdServiceBase.AssessResponse)}";
    private readonly CaseCall _call;
    private readonly AssessResponseRequest _settings;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The request of the call without its case, or the settings of many as one would have them.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public AssessCall(ProtocolCatalog catalog, AssessResponseRequest settings, FaultList faults)
    {
        _settings = settings;
        _call = new CaseCall(catalog, WellKnownDecisions.Response, settings.Protocols, settings.Readings, settings.RequestId, settings.Alongside, faults);
        if (!Enum.IsDefined(settings.TimePoint))
        {
            faults.Invalid("time_point", $"not a value of {nameof(TimePoint)}");
        }
    }

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults)
    {
        var before = faults.Count;
        _call.Check(@case, faults);
        // Which response is the latest can only be said of a case without fault.
        if (@case is not null && faults.Count == before && _settings.TimePoint is not TimePoint.Unspecified && Enum.IsDefined(_settings.TimePoint))
        {
            var found = AssessedResponse.Of(@case, _settings.TimePoint).Latest.Length;
            if (found != 1)
            {
                faults.Invalid("time_point", found == 0 ? "the case has no response of this time point" : "the case has several responses of this time point, and nothing says which is the latest");
            }
        }
    }

    /// <summary>Answers a case that no fault was found in.</summary>
    /// <param name="request">The request for this case alone, without the id that keys the receipts: that is what they cover.</param>
    public AssessResponseResponse Answer(AssessResponseRequest request)
    {
        var response = new AssessResponseResponse { CaseRef = request.Case.CaseRef };
        var lists = new AnswerLists(response.Decisions, response.Receipts, response.Agreements);
        var evaluator = _call.Answer(request.Case, Rpc, request, request.IncludeTrace, lists, request.TimePoint);
        response.Assessed = evaluator.Assessed.Index is { } index ? $"case.responses[{index}]" : "";
        response.CountRecovery.AddRange(CountRecoveries.Of(_call.Versions.Select(version => version.Protocol), response.Decisions));
        if (request.Case.Mrd.Count > 0)
        {
            // From which level on a result is morphological disease is among these numbers.
            foreach (var receipt in response.Receipts)
            {
                receipt.References.Add(SeriesRules.Shipped.Reference);
            }
        }
        response.EarlierFindings.AddRange(_call.Versions.SelectMany(version => EarlierFindings.Of(evaluator, version.Protocol, version.Readings)));
        return response;
    }

    /// <summary>Answers one of many as a call for it alone would be answered, receipts included, or in the view asked for; what is wrong with it is its status.</summary>
    public AssessResponseResult Answer(MrdItem item, DecisionView view, string method, ILogger logger) => CohortItems.Answer(
        faults => Check(item.Case, faults),
        () => new AssessResponseResult
        {
            ItemId = item.ItemId,
            Assessment = view is DecisionView.Conclusions
                ? new AssessResponseResponse { CaseRef = item.Case.CaseRef, Decisions = { _call.Conclude(item.Case, _settings.TimePoint) } }
                : Answer(new AssessResponseRequest
                {
                    Case = item.Case,
                    Protocols = { _settings.Protocols },
                    Readings = { _settings.Readings },
                    IncludeTrace = _settings.IncludeTrace,
                    TimePoint = _settings.TimePoint,
                }),
        },
        error => new AssessResponseResult { ItemId = item.ItemId, Error = error },
        method,
        logger);
}
