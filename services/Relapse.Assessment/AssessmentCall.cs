using System.Collections.Immutable;
using Relapse.Clinical;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Events;
using Relapse.Hosting.Protocols;

namespace Relapse.Assessment;

/// <summary>
/// One assessment: its versions and the documents beside them, resolved once, and the question to each service. What is wrong with a case is
/// found here; what only the asked service knows, it finds.
/// </summary>
internal sealed class AssessmentCall
{
    // An overview; who wants to see every row asks outcome itself.
    private const int UsualRows = 5;

    private readonly AssessCaseRequest _request;
    private readonly string[] _names;
    private readonly Alongside? _alongside;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="request">The request.</param>
    /// <param name="faults">Where to add what is wrong with it.</param>
    public AssessmentCall(ProtocolCatalog catalog, AssessCaseRequest request, FaultList faults)
    {
        _request = request;
        RequestId = Hosting.RequestId.Check(request.RequestId, faults);
        Parts = request.Parts.Count == 0 ? Everything : [.. request.Parts.Order()];
        foreach (var (index, part) in request.Parts.Index())
        {
            if (!Everything.Contains(part))
            {
                faults.Invalid($"parts[{index}]", $"not a value of {nameof(Part)}");
            }
            else if (request.Parts.Take(index).Contains(part))
            {
                faults.Invalid($"parts[{index}]", "the same part as an entry before it");
            }
        }

        if (request.Publish)
        {
            AnswerEvents.Check(request.RequestId, request.Replay, faults);
            if (!Parts.Any(part => part is Part.Classification or Part.Mrd or Part.Eligibility))
            {
                faults.Invalid("publish", "needs a part whose answer is an event: classification, MRD or eligibility");
            }
        }

        Versions = ProtocolRequest.Resolve(catalog, request.Protocols, request.Readings, [.. Parts.SelectMany(part => DecisionsOf(part))], faults);
        // A replay has its own.
        _alongside = request.Replay is null ? Beside(catalog) : null;
        _names = [.. Versions.Select(version => version.Protocol.Name)];
        CaseRequest.Check(catalog, request.Case, Versions, faults);
    }

    /// <summary>Every part, in the order of the answer.</summary>
    public static ImmutableArray<Part> Everything { get; } = [Part.Classification, Part.Mrd, Part.Response, Part.Eligibility, Part.Outcome];

    /// <summary>The parts asked for, in the order of the answer.</summary>
    public ImmutableArray<Part> Parts { get; }

    /// <summary>The versions that every part is asked for, in the order asked for.</summary>
    public ImmutableArray<ProtocolToEvaluate> Versions { get; }

    /// <summary>The id that keys the receipts: the caller's, or the one made for the call.</summary>
    public string RequestId { get; }

    /// <summary>The documents that stand beside every answer when a call begins.</summary>
    public static Alongside Beside(ProtocolCatalog catalog) => new() { Documents = { catalog.Alongside.Select(document => document.Name) } };

    public ClassifyRelapseRequest Classification => new()
    {
        Case = _request.Case, Protocols = { _names }, Readings = { _request.Readings }, RequestId = RequestId, Replay = _request.Replay, IncludeTrace = _request.IncludeTrace,
        Publish = _request.Publish, Alongside = _alongside,
    };

    public InterpretMrdRequest Mrd => new()
    {
        Case = _request.Case, Protocols = { _names }, Readings = { _request.Readings }, RequestId = RequestId, Replay = _request.Replay, IncludeTrace = _request.IncludeTrace,
        Publish = _request.Publish, Alongside = _alongside,
    };

    public AssessResponseRequest Response => new()
    {
        Case = _request.Case, Protocols = { _names }, Readings = { _request.Readings }, RequestId = RequestId, Replay = _request.Replay, IncludeTrace = _request.IncludeTrace,
        TimePoint = _request.ResponseTimePoint, Alongside = _alongside,
    };

    /// <summary>Always with the decisions on the way: what is advised explains itself back to the facts.</summary>
    public AssessEligibilityRequest Eligibility => new()
    {
        Case = _request.Case, Protocols = { _names }, Readings = { _request.Readings }, RequestId = RequestId, Replay = _request.Replay, IncludeTrace = true,
        Publish = _request.Publish, Alongside = _alongside,
    };

    public EstimateOutcomeRequest Outcome => new()
    {
        Case = _request.Case, Protocols = { _names }, Readings = { _request.Readings }, RequestId = RequestId, Replay = _request.Replay,
        Intention = _request.Intention, Endpoints = { _request.Endpoints }, RowsPerGroup = _request.RowsPerGroup == 0 ? UsualRows : _request.RowsPerGroup,
    };

    // Outcome speaks in the words of whatever protocols its rows are written in, and needs none of its own.
    private static ImmutableArray<string> DecisionsOf(Part part) => part switch
    {
        Part.Classification => WellKnownDecisions.Classification,
        Part.Mrd => WellKnownDecisions.Mrd,
        Part.Response => WellKnownDecisions.Response,
        Part.Eligibility => WellKnownDecisions.Transplant,
        Part.Outcome => WellKnownDecisions.Classification,
        _ => [],
    };
}
