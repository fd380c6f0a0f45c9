using Google.Protobuf.Collections;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Status = Google.Rpc.Status;

namespace Relapse.Assessment;

/// <summary>What came of asking every service; null: not asked.</summary>
internal sealed record AssessedParts(
    AskedPart<ClassifyRelapseResponse>? Classification,
    AskedPart<InterpretMrdResponse>? Mrd,
    AskedPart<AssessResponseResponse>? Response,
    AskedPart<AssessEligibilityResponse>? Eligibility,
    AskedPart<EstimateOutcomeResponse>? Outcome)
{
    /// <summary>The parts asked for that could not be had, in order.</summary>
    public Part[] Unavailable =>
    [
        .. new[]
        {
            (Part.Classification, Classification?.Unavailable), (Part.Mrd, Mrd?.Unavailable), (Part.Response, Response?.Unavailable),
            (Part.Eligibility, Eligibility?.Unavailable), (Part.Outcome, Outcome?.Unavailable),
        }.Where(part => part.Item2 is not null).Select(part => part.Item1),
    ];

    /// <summary>Why the first of them could not be had.</summary>
    public Status? WhyUnavailable => Classification?.Unavailable ?? Mrd?.Unavailable ?? Response?.Unavailable ?? Eligibility?.Unavailable ?? Outcome?.Unavailable;

    /// <summary>The parts in which protocols decide, in the order in which Figure 1 is read, with their decisions and receipts.</summary>
    public IEnumerable<(Part Part, RepeatedField<Decision> Decisions, RepeatedField<Receipt> Receipts)> Decided()
    {
        if (Classification?.Answer is { } classification)
        {
            yield return (Part.Classification, classification.Decisions, classification.Receipts);
        }

        if (Response?.Answer is { } response)
        {
            yield return (Part.Response, response.Decisions, response.Receipts);
        }

        if (Mrd?.Answer is { } mrd)
        {
            yield return (Part.Mrd, mrd.Decisions, mrd.Receipts);
        }

        if (Eligibility?.Answer is { } eligibility)
        {
            yield return (Part.Eligibility, eligibility.Decisions, eligibility.Receipts);
        }
    }

    /// <summary>Adds the faults of those fields that only one service looks at, by the names that they have in an assessment.</summary>
    public void AddFaults(FaultList faults)
    {
        Response?.AddFaults(faults, ("time_point", "response_time_point"));
        Outcome?.AddFaults(faults, ("intention", "intention"), ("endpoints", "endpoints"), ("rows_per_group", "rows_per_group"));
    }

    /// <summary>Ends the call when no part came: as the first of them ended, where they were reached and their events are lacking or the fault is ours.</summary>
    public void ThrowIfNoneCame(int asked, bool publish)
    {
        if (Unavailable.Length == asked)
        {
            throw WhyUnavailable is { } why && ((publish && why.Code == (int)Code.Unavailable) || why.Code == (int)Code.Internal)
                ? why.ToRpcException()
                : RpcErrors.Unavailable("NO_SERVICE_REACHED", "None of the services that have to be asked could be reached.");
        }
    }

    /// <summary>Ends the call as the service would have, when it refuses what is no fault here: then the two are of different versions.</summary>
    public void ThrowIfRefused()
    {
        RpcException?[] refused = [Classification?.Refused, Mrd?.Refused, Response?.Refused, Eligibility?.Refused, Outcome?.Refused];
        if (refused.FirstOrDefault(refusal => refusal is not null) is { } first)
        {
            throw first;
        }
    }
}
