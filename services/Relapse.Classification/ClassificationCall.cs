using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Classification;

/// <summary>
/// What all cases of one call share: protocol versions and readings, resolved once, and how one case is checked and answered. Safe for use
/// by several threads.
/// </summary>
internal sealed class ClassificationCall
{
    private static readonly string Rpc = $"{ClassificationService.Descriptor.FullName}/{nameof(ClassificationService.ClassificationServiceBase.ClassifyRelapse)}";
    private readonly ProtocolCatalog _catalog;
    private readonly ImmutableArray<ProtocolToEvaluate> _versions;
    private readonly ImmutableArray<ModifierSource> _alongside;
    private readonly ProtocolAgreement _agreement;
    private readonly ClassifyRelapseRequest _settings;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The request of the call without its case, or the settings of many as one would have them.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public ClassificationCall(ProtocolCatalog catalog, ClassifyRelapseRequest settings, FaultList faults)
    {
        (_catalog, _settings) = (catalog, settings);
        RequestId = Hosting.RequestId.Check(settings.RequestId, faults);
        _versions = ProtocolRequest.Resolve(catalog, settings.Protocols, settings.Readings, WellKnownDecisions.Classification, faults);
        _alongside = ProtocolRequest.Alongside(catalog, _versions);
        _agreement = new ProtocolAgreement([.. _versions.Select(version => new EvaluatedProtocol(version.Protocol, version.Readings))], WellKnownDecisions.Classification);
    }

    /// <summary>The id that keys the receipts: the caller's, or the one made for the call.</summary>
    public string RequestId { get; }

    /// <summary>The versions, in the order of the answers.</summary>
    public IEnumerable<CompiledProtocol> Protocols => _versions.Select(version => version.Protocol);

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults) => CaseRequest.Check(_catalog, @case, _versions, faults);

    /// <summary>Answers one of many cases as a call for it alone would be answered, receipts included.</summary>
    public ClassifyRelapseResponse Answer(RelapseCase @case) => Answer(new ClassifyRelapseRequest
    {
        Case = @case,
        Protocols = { _settings.Protocols },
        Readings = { _settings.Readings },
        IncludeTrace = _settings.IncludeTrace,
    });

    /// <summary>Answers a case that no fault was found in.</summary>
    /// <param name="request">The request for this case alone, without the id that keys the receipts: that is what they cover.</param>
    public ClassifyRelapseResponse Answer(ClassifyRelapseRequest request)
    {
        var response = new ClassifyRelapseResponse { CaseRef = request.Case.CaseRef };
        var answer = new CaseAnswer(request.Case, _alongside, new ReceiptWriter(Rpc, RequestId, request));
        answer.Add(_versions, WellKnownDecisions.Classification, request.IncludeTrace, response.Decisions, response.Receipts);
        response.Agreements.AddRange(_agreement.Compare(answer.Evaluator, response.Decisions));
        return response;
    }
}
