using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;

namespace Relapse.Classification;

/// <summary>What all cases of one call share, and how one is classified. Safe for use by several threads.</summary>
internal sealed class ClassificationCall
{
    private static readonly string Rpc = $"{ClassificationService.Descriptor.FullName}/{nameof(ClassificationService.ClassificationServiceBase.ClassifyRelapse)}";
    private readonly CaseCall _call;
    private readonly ClassifyRelapseRequest _settings;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The request of the call without its case, or the settings of many as one would have them.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public ClassificationCall(ProtocolCatalog catalog, ClassifyRelapseRequest settings, FaultList faults)
    {
        _settings = settings;
        _call = new CaseCall(catalog, WellKnownDecisions.Classification, settings.Protocols, settings.Readings, settings.RequestId, settings.Alongside, faults);
    }

    /// <summary>The id that keys the receipts: the caller's, or the one made for the call.</summary>
    public string RequestId => _call.RequestId;

    /// <summary>The versions, in the order of the answers.</summary>
    public IEnumerable<CompiledProtocol> Protocols => _call.Versions.Select(version => version.Protocol);

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults) => _call.Check(@case, faults);

    /// <summary>Answers a case that no fault was found in.</summary>
    /// <param name="request">The request for this case alone, without the id that keys the receipts: that is what they cover.</param>
    public ClassifyRelapseResponse Answer(ClassifyRelapseRequest request)
    {
        var response = new ClassifyRelapseResponse { CaseRef = request.Case.CaseRef };
        _call.Answer(request.Case, Rpc, request, request.IncludeTrace, new AnswerLists(response.Decisions, response.Receipts, response.Agreements));
        return response;
    }

    /// <summary>Answers one of many as a call for it alone would be answered, receipts included, or in the view asked for; what is wrong with it is its status.</summary>
    public CohortItemResult Answer(CohortItem item, DecisionView view, string method, ILogger logger) => CohortItems.Answer(
        faults => Check(item.Case, faults),
        () => new CohortItemResult
        {
            ItemId = item.ItemId,
            Classification = view is DecisionView.Conclusions
                ? new ClassifyRelapseResponse { CaseRef = item.Case.CaseRef, Decisions = { _call.Conclude(item.Case) } }
                : Answer(new ClassifyRelapseRequest
                {
                    Case = item.Case,
                    Protocols = { _settings.Protocols },
                    Readings = { _settings.Readings },
                    IncludeTrace = _settings.IncludeTrace,
                }),
        },
        error => new CohortItemResult { ItemId = item.ItemId, Error = error },
        method,
        logger);
}
