using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Relapse.Clinical;
using Relapse.Contracts.Case.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Hosting;

/// <summary>
/// What all cases of one call share: protocol versions and readings, resolved once, and how one case is checked and answered. Safe for use
/// by several threads.
/// </summary>
public sealed class CaseCall
{
    private readonly ProtocolCatalog _catalog;
    private readonly ImmutableArray<string> _decisions;
    private readonly ProtocolAgreement? _agreement;

    /// <param name="catalog">The catalog in which every name of the call is resolved.</param>
    /// <param name="decisions">The decisions that it answers, in the order of the answers.</param>
    /// <param name="protocols">The protocols asked for.</param>
    /// <param name="readings">The readings chosen.</param>
    /// <param name="requestId">The caller's id; empty: one is made.</param>
    /// <param name="alongside">The documents to stand beside the answers; null: the current ones.</param>
    /// <param name="faults">Where to add what is wrong with them.</param>
    public CaseCall(
        ProtocolCatalog catalog, ImmutableArray<string> decisions, IReadOnlyList<string> protocols, IReadOnlyList<ReadingChoice> readings, string requestId, Alongside? alongside, FaultList faults)
    {
        (_catalog, _decisions) = (catalog, decisions);
        RequestId = Hosting.RequestId.Check(requestId, faults);
        Versions = ProtocolRequest.Resolve(catalog, protocols, readings, decisions, faults);
        Alongside = ProtocolRequest.Alongside(catalog, Versions, alongside, faults);
        // Most calls ask one protocol, and then there is nothing to compare and nothing to make for it.
        _agreement = Versions.Length > 1
            ? new ProtocolAgreement([.. Versions.Select(version => new EvaluatedProtocol(version.Protocol, version.Readings))], decisions)
            : null;
    }

    /// <summary>The id that keys the receipts: the caller's, or the one made for the call.</summary>
    public string RequestId { get; }

    /// <summary>The versions, in the order of the answers.</summary>
    public ImmutableArray<ProtocolToEvaluate> Versions { get; }

    /// <summary>The documents that stand beside the answers of every protocol, among them or not.</summary>
    public ImmutableArray<ModifierSource> Alongside { get; }

    /// <summary>Adds every fault of a case.</summary>
    public void Check(RelapseCase? @case, FaultList faults) => CaseRequest.Check(_catalog, @case, Versions, faults);

    /// <summary>Answers a case that no fault was found in.</summary>
    /// <param name="case">The case.</param>
    /// <param name="rpc">Full name of the RPC that answers one case.</param>
    /// <param name="canonicalRequest">The request for this case alone, without the id that keys the receipts: that is what they cover.</param>
    /// <param name="includeTrace">Whether to return every decision on the way.</param>
    /// <param name="into">Where the answers go.</param>
    /// <param name="assessed">Which response is assessed, by its time point; UNSPECIFIED: the latest.</param>
    /// <returns>The case with its facts, derived once.</returns>
    public CaseEvaluator Answer(
        RelapseCase @case, string rpc, IMessage canonicalRequest, bool includeTrace, AnswerLists into, TimePoint assessed = TimePoint.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(into);
        var answer = new CaseAnswer(@case, Alongside, new ReceiptWriter(rpc, RequestId, canonicalRequest), assessed);
        answer.Add(Versions, _decisions, includeTrace, into.Decisions, into.Receipts);
        if (_agreement is { } agreement)
        {
            into.Agreements.AddRange(agreement.Compare(answer.Evaluator, into.Decisions));
        }

        return answer.Evaluator;
    }

    /// <summary>Concludes of a case that no fault was found in, as <see cref="DecisionView.Conclusions"/> says.</summary>
    /// <param name="case">The case.</param>
    /// <param name="assessed">Which response is assessed, by its time point; UNSPECIFIED: the latest.</param>
    /// <returns>For each protocol, each decision.</returns>
    public IEnumerable<Decision> Conclude(RelapseCase @case, TimePoint assessed = TimePoint.Unspecified)
    {
        var evaluator = new CaseEvaluator(@case, Alongside, assessed);
        return Versions.SelectMany(version => evaluator.Conclude(version.Protocol, _decisions, version.Readings));
    }
}

/// <summary>The lists that every answer to a case under several protocols has.</summary>
/// <param name="Decisions">For each protocol, each decision.</param>
/// <param name="Receipts">One for each protocol.</param>
/// <param name="Agreements">For each decision that two or more of the protocols define.</param>
public sealed record AnswerLists(RepeatedField<Decision> Decisions, RepeatedField<Receipt> Receipts, RepeatedField<Agreement> Agreements);
