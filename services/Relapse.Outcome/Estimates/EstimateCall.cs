using System.Collections.Immutable;
using Google.Protobuf;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Outcomes;

/// <summary>One question: how it is checked and answered.</summary>
internal sealed class EstimateCall
{
    private const int MostEndpoints = 32;
    private const int MostRows = 500;
    private static readonly string Rpc = $"{OutcomeService.Descriptor.FullName}/{nameof(OutcomeService.OutcomeServiceBase.EstimateOutcome)}";

    private readonly EvidenceLibrary _library;
    private readonly EstimateOutcomeRequest _request;
    private readonly ImmutableArray<ProtocolToEvaluate> _versions;
    private readonly ImmutableArray<SchemeWords> _lacking;
    private readonly string _requestId;

    /// <summary>Checks a request; every fault is added.</summary>
    /// <param name="catalog">The catalog in which schemes are resolved: each at the version named, or its current one.</param>
    /// <param name="library">The evidence.</param>
    /// <param name="request">The request.</param>
    /// <param name="faults">Where to add what is wrong with it.</param>
    public EstimateCall(ProtocolCatalog catalog, EvidenceLibrary library, EstimateOutcomeRequest request, FaultList faults)
    {
        (_library, _request) = (library, request);
        _requestId = RequestId.Check(request.RequestId, faults);
        var named = ProtocolRequest.Resolve(catalog, request.Protocols, faults);
        string[] schemes = [.. library.Schemes.Select(scheme => scheme.Scheme).Distinct()];
        CompiledProtocol[] used = [.. schemes.Select(id => named.FirstOrDefault(version => version.Id == id) ?? catalog.Find(id)?.Current).OfType<CompiledProtocol>()];
        _versions = [.. ProtocolRequest.WithReadings(catalog, [.. used, .. named.Except(used)], request.Readings, faults).Take(used.Length)];
        _lacking = [.. library.Schemes.Where(scheme => !Knows(used, scheme))];
        CaseRequest.Check(catalog, request.Case, _versions, faults);
        AskedIntention.Check(request.Intention, request.Case, library, faults);
        FaultList.ThrowIfTooMany("endpoints", request.Endpoints.Count, MostEndpoints);
        foreach (var (index, endpoint) in request.Endpoints.Index().Where(entry => !library.Words.Endpoints.ContainsKey(entry.Item)))
        {
            faults.Invalid($"endpoints[{index}]", $"is none of {string.Join(", ", library.Words.Endpoints.Keys)}");
        }
        if (request.RowsPerGroup is < 0 or > MostRows)
        {
            faults.Invalid("rows_per_group", $"must be 0 to {MostRows}");
        }
    }

    /// <summary>Answers a request in which no fault was found.</summary>
    /// <param name="canonicalRequest">The request without the id that keys the receipts: that is what they cover.</param>
    /// <param name="usualRows">How many rows of a group where the request does not say.</param>
    public EstimateOutcomeResponse Answer(IMessage canonicalRequest, int usualRows)
    {
        var (evaluator, response) = (new CaseEvaluator(_request.Case), new EstimateOutcomeResponse { CaseRef = _request.Case.CaseRef });
        var receipts = new ReceiptWriter(Rpc, _requestId, canonicalRequest);
        var made = new List<(string Scheme, Decision Decision)>();
        foreach (var (protocol, readings) in _versions)
        {
            ImmutableArray<string> ids = [.. _library.Schemes.Where(scheme => scheme.Scheme == protocol.Id && protocol.Document.Decisions.ContainsKey(scheme.Decision)).Select(scheme => scheme.Decision)];
            var answered = evaluator.Answer(protocol, ids, readings, includeTrace: false);
            made.AddRange(answered.Decisions.Select(decision => (protocol.Id, decision)));
            response.Decisions.AddRange(answered.Decisions);
            var receipt = receipts.Write(protocol, answered, []);
            receipt.References.Add(_library.Reference);
            response.Receipts.Add(receipt);
        }
        if (!_lacking.IsEmpty)
        {
            response.Warnings.Add(new Warning { Code = "SCHEME_NOT_LOADED", Detail = $"rows are written in words that no protocol here has, and stay open: {string.Join("; ", _lacking.Select(scheme => $"{scheme.Scheme} {scheme.Decision}"))}" });
        }
        var question = new Question(evaluator, made.Where(one => !_lacking.Any(scheme => (scheme.Scheme, scheme.Decision) == (one.Scheme, one.Decision.Decision_))), _library.Words.GeneralScheme, AskedIntention.Of(_request.Intention, _request.Case));
        var rows = _request.RowsPerGroup == 0 ? usualRows : _request.RowsPerGroup;
        new EstimateAnswer(_library, question, [.. _request.Endpoints], rows).Fill(response);
        return response;
    }

    /// <summary>
    /// Whether the words of rows are those of the version in force. Of another version, whose words are others, no conclusion would be a
    /// row's, and every child would seem to be outside.
    /// </summary>
    private static bool Knows(IEnumerable<CompiledProtocol> used, SchemeWords scheme) => used.Any(protocol =>
        protocol.Id == scheme.Scheme && protocol.Document.Decisions.TryGetValue(scheme.Decision, out var decision) && scheme.Classes.All(decision.Conclusions.Contains));
}
