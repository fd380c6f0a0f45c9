using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting.Protocols;
using Relapse.Hosting.Receipts;

namespace Relapse.Assessment;

/// <summary>Lays the answers of the services out as Figure 1 of the review is read: where the case stands, what comes next, what is missing.</summary>
internal static class AssessedCase
{
    private const string Applies = "APPLIES";
    private const string Option = "local_therapy.";

    /// <summary>One reading of three; each is in its part, and what they come to is the remission.</summary>
    private const string Count = "count_recovery.";

    public static AssessCaseResponse Write(AssessmentCall call, AssessCaseRequest canonicalRequest, AssessedParts parts)
    {
        var answer = new AssessCaseResponse
        {
            CaseRef = canonicalRequest.Case.CaseRef,
            Unavailable = { parts.Unavailable },
            Classification = parts.Classification is { } classification ? Filled(new ClassificationPart(), classification.Answer, (part, of) => part.Answer = of, classification.Unavailable, (part, of) => part.Unavailable = of) : null,
            Mrd = parts.Mrd is { } mrd ? Filled(new MrdPart(), mrd.Answer, (part, of) => part.Answer = of, mrd.Unavailable, (part, of) => part.Unavailable = of) : null,
            Response = parts.Response is { } response ? Filled(new ResponsePart(), response.Answer, (part, of) => part.Answer = of, response.Unavailable, (part, of) => part.Unavailable = of) : null,
            Eligibility = parts.Eligibility is { } eligibility ? Filled(new EligibilityPart(), eligibility.Answer, (part, of) => part.Answer = of, eligibility.Unavailable, (part, of) => part.Unavailable = of) : null,
            Outcome = parts.Outcome is { } outcome ? Filled(new OutcomePart(), outcome.Answer, (part, of) => part.Answer = of, outcome.Unavailable, (part, of) => part.Unavailable = of) : null,
        };
        var needed = new NeededFacts();
        foreach (var version in call.Versions)
        {
            answer.Protocols.Add(View(version, parts, needed));
        }

        answer.Missing.AddRange(needed.InOrder());
        answer.Modifiers.AddRange(parts.Decided().SelectMany(part => part.Decisions).SelectMany(decision => decision.Modifiers).DistinctBy(modifier => (modifier.Protocol, modifier.Code, modifier.Detail)));
        if (answer.Unavailable.Count == 0)
        {
            var receipts = new ReceiptWriter($"{AssessmentService.Descriptor.FullName}/{nameof(AssessmentService.AssessmentServiceBase.AssessCase)}", call.RequestId, canonicalRequest);
            answer.Receipts.AddRange(call.Versions.Select(version => Receipt(version, parts, receipts)));
        }

        return answer;
    }

    private static TPart Filled<TPart, TAnswer>(TPart part, TAnswer? answer, Action<TPart, TAnswer> setAnswer, Google.Rpc.Status? unavailable, Action<TPart, Google.Rpc.Status> setUnavailable)
        where TAnswer : class
    {
        if (answer is not null)
        {
            setAnswer(part, answer);
        }
        else if (unavailable is not null)
        {
            setUnavailable(part, unavailable);
        }

        return part;
    }

    private static ProtocolAssessment View(ProtocolToEvaluate version, AssessedParts parts, NeededFacts needed)
    {
        var name = version.Protocol.Name;
        var view = new ProtocolAssessment { Protocol = name, Digest = version.Protocol.Digest, Title = version.Protocol.Document.Title };
        foreach (var (part, decisions, _) in parts.Decided())
        {
            var comesNext = part == Part.Eligibility;
            foreach (var decision in decisions.Where(decision => decision.Protocol == name && IsShown(decision)))
            {
                (comesNext ? view.Next : view.Stands).Add(Finding(part, decision));
                needed.Add(decision, comesNext);
            }
        }

        return view;
    }

    // Of options that stand beside each other those are shown that may apply.
    private static bool IsShown(Decision decision) =>
        decision.Outcome != Outcome.NotDefined
        && !decision.Decision_.StartsWith(Count, StringComparison.Ordinal)
        && (!decision.Decision_.StartsWith(Option, StringComparison.Ordinal) || decision.Possible.Contains(Applies) || decision.Outcome == Outcome.Inconsistent);

    private static Finding Finding(Part part, Decision decision) => new()
    {
        Decision = decision.Decision_,
        Part = part,
        Outcome = decision.Outcome,
        Possible = { decision.Possible },
        Because = { decision.Because },
        Conditions = { decision.Conditions },
        Requires = { decision.Requires },
        Way = { part == Part.Eligibility ? decision.Trace : [] },
        Warnings = { decision.Warnings },
        Contradictions = { decision.Contradictions },
        IfConfirmed = { decision.IfConfirmed },
    };

    private static Receipt Receipt(ProtocolToEvaluate version, AssessedParts parts, ReceiptWriter receipts)
    {
        var name = version.Protocol.Name;
        return receipts.Write(
            version.Protocol,
            [.. parts.Decided().OrderBy(part => part.Part).SelectMany(part => part.Decisions.Where(decision => decision.Protocol == name))],
            parts.Decided().SelectMany(part => part.Receipts.Where(receipt => receipt.Protocol == name).SelectMany(receipt => receipt.References)).Distinct().OrderBy(reference => reference.Name, StringComparer.Ordinal));
    }
}
