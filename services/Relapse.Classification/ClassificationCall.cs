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
    private readonly ImmutableArray<CompiledProtocol> _protocols;
    private readonly ProtocolAgreement _agreement;
    private readonly ClassifyRelapseRequest _settings;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="settings">The request of the call without its case, or the settings of many as one would have them.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public ClassificationCall(ProtocolCatalog catalog, ClassifyRelapseRequest settings, FaultList faults)
    {
        (_catalog, _settings) = (catalog, settings);
        RequestId = Hosting.RequestId.Check(settings.RequestId, faults);
        _versions = ProtocolRequest.Resolve(catalog, settings.Protocols, settings.Readings, faults);
        _protocols = [.. _versions.Select(version => version.Protocol)];
        _agreement = new ProtocolAgreement([.. _versions.Select(version => new EvaluatedProtocol(version.Protocol, version.Readings))], WellKnownDecisions.Classification);
    }

    /// <summary>The id that keys the receipts: the caller's, or the one made for the call.</summary>
    public string RequestId { get; }

    /// <summary>The versions, in the order of the answers.</summary>
    public IEnumerable<CompiledProtocol> Protocols => _protocols;

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults)
    {
        if (@case is null)
        {
            faults.Invalid("case", "required; an empty case is answered by what would have to be known");
            return;
        }

        faults.Invalid(CaseValidator.Validate(@case));
        faults.Invalid(CaseValidator.CheckEstablished(@case, _protocols));
        // What is established for a protocol not asked for is left alone, but a name that is none would be left alone too.
        foreach (var (index, established) in @case.Established.Index().Where(entry => entry.Item.Protocol.Length > 0))
        {
            ProtocolLookup.Asked(_catalog, established.Protocol, $"case.established[{index}].protocol", faults);
        }
    }

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
        var receipts = new ReceiptWriter(Rpc, RequestId, request);
        var response = new ClassifyRelapseResponse { CaseRef = request.Case.CaseRef };
        var evaluator = new CaseEvaluator(request.Case);
        foreach (var (protocol, readings) in _versions)
        {
            var decisions = evaluator.Decide(protocol, WellKnownDecisions.Classification, readings, request.IncludeTrace);
            response.Decisions.AddRange(decisions);
            response.Receipts.Add(receipts.Write(protocol, decisions));
        }

        response.Agreements.AddRange(_agreement.Compare(evaluator, response.Decisions));
        return response;
    }
}
