using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Hosting.Cohorts;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Transplant;

/// <summary>What all cases of one call share, and how one is advised on. Safe for use by several threads.</summary>
internal sealed class EligibilityCall
{
    private static readonly string Rpc = $"{TransplantService.Descriptor.FullName}/{nameof(TransplantService.TransplantServiceBase.AssessEligibility)}";
    private readonly CaseCall _call;
    private readonly AssessEligibilityRequest _settings;

    /// <summary>The documents beside those asked for that have something to show.</summary>
    private readonly ImmutableArray<ModifierSource> _beside;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The request of the call without its case, or the settings of many as one would have them.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public EligibilityCall(ProtocolCatalog catalog, AssessEligibilityRequest settings, FaultList faults)
    {
        _settings = settings;
        _call = new CaseCall(catalog, WellKnownDecisions.Transplant, settings.Protocols, settings.Readings, settings.RequestId, settings.Alongside, faults);
        _beside = [.. _call.Alongside.Where(source => _call.Versions.All(version => version.Protocol != source.Protocol))];
    }

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults) => _call.Check(@case, faults);

    /// <summary>Answers a case that no fault was found in.</summary>
    /// <param name="request">The request for this case alone, without the id that keys the receipts: that is what they cover.</param>
    public AssessEligibilityResponse Answer(AssessEligibilityRequest request)
    {
        var response = new AssessEligibilityResponse { CaseRef = request.Case.CaseRef };
        var evaluator = _call.Answer(request.Case, Rpc, request, request.IncludeTrace, new AnswerLists(response.Decisions, response.Receipts, response.Agreements));
        foreach (var (protocol, readings) in _call.Versions)
        {
            response.Context.AddRange(evaluator.Context(protocol, readings));
        }

        foreach (var source in _beside)
        {
            AddBeside(response, source.Protocol, evaluator.Context(source.Protocol, source.Readings));
        }

        return response;
    }

    /// <summary>Answers one of many as a call for it alone would be answered, receipts included, or in the view asked for; what is wrong with it is its status.</summary>
    public AssessEligibilityResult Answer(EligibilityItem item, DecisionView view, string method, ILogger logger) => CohortItems.Answer(
        faults => Check(item.Case, faults),
        () => new AssessEligibilityResult
        {
            ItemId = item.ItemId,
            Assessment = view is DecisionView.Conclusions
                ? new AssessEligibilityResponse { CaseRef = item.Case.CaseRef, Decisions = { _call.Conclude(item.Case) } }
                : Answer(new AssessEligibilityRequest
                {
                    Case = item.Case,
                    Protocols = { _settings.Protocols },
                    Readings = { _settings.Readings },
                    IncludeTrace = _settings.IncludeTrace,
                }),
        },
        error => new AssessEligibilityResult { ItemId = item.ItemId, Error = error },
        method,
        logger);

    /// <summary>Every receipt names a document whose statements are shown, if it does not already.</summary>
    private static void AddBeside(AssessEligibilityResponse response, CompiledProtocol stating, ImmutableArray<ContextStatement> statements)
    {
        if (statements.IsEmpty)
        {
            return;
        }

        response.Context.AddRange(statements);
        var reference = ReceiptWriter.Reference(stating);
        foreach (var receipt in response.Receipts.Where(receipt => !receipt.References.Contains(reference)))
        {
            receipt.References.Add(reference.Clone());
        }
    }
}
