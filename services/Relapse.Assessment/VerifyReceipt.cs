using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Receipts;

namespace Relapse.Assessment;

internal sealed partial class AssessmentRpcs
{
    /// <summary>Does the answer come out again from its receipt and its request?</summary>
    public override async Task<VerifyReceiptResponse> VerifyReceipt(VerifyReceiptRequest request, ServerCallContext context)
    {
        var again = ReceiptRequest.Of(request, assess => AssessCase(assess, context));
        Check(request, again);
        // Nothing is published by looking at it again, what stands beside the answer is what the receipt names, and no receipt covers either.
        foreach (var uncovered in new[] { "publish", "alongside" })
        {
            again!.Message.Descriptor.FindFieldByName(uncovered)?.Accessor.Clear(again.Message);
        }

        if (!ReplayedRequest.Asks(again!.Message, request.Receipt))
        {
            return ReceiptComparison.OfAnother(request.Receipt, RequestDigestNow(request.Receipt, again.Message));
        }

        try
        {
            var wasCurrent = ReplayedRequest.WasCurrent(again.Message, request.Receipt);
            var said = await CompareAsync(request.Receipt, again, wasCurrent ?? true, context);
            // Where nothing says on which of its versions the label stood, it comes out equal if it does with one of them.
            return wasCurrent is null && said.State == VerificationState.Differs
                && await CompareAsync(request.Receipt, again, wasCurrent: false, context) is { State: VerificationState.Equal } otherwise ? otherwise : said;
        }
        catch (RpcException refused) when (refused.GetRpcStatus() is not null && refused.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.DataLoss)
        {
            return NotComputable($"The version or a document that it needs is not here: {refused.GetRpcStatus()!.Message}");
        }
        catch (RpcException failed) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw failed.StatusCode == StatusCode.InvalidArgument ? Under(again.Field, failed)
                : failed.GetRpcStatus() is null ? RpcErrors.PartUnavailable(failed.StatusCode).ToRpcException()
                : failed;
        }
    }

    private async Task<VerifyReceiptResponse> CompareAsync(Receipt receipt, ReceiptRequest again, bool wasCurrent, ServerCallContext context)
    {
        var (receipts, decisions) = await again.AskAgain(lines, lines.For(context), wasCurrent);
        var own = receipts.FirstOrDefault(now => now.Protocol == receipt.Protocol);
        return own is null
            ? NotComputable("The request as it is now has no answer of this version.")
            : ReceiptComparison.Of(receipt, own, RequestDigestNow(receipt, again.Message), decisions.Where(decision => decision.Protocol == own.Protocol));
    }

    private static void Check(VerifyReceiptRequest request, ReceiptRequest? again)
    {
        var faults = new FaultList();
        if (request.Receipt is not { } receipt)
        {
            faults.Invalid("receipt", "required");
        }
        else
        {
            RequestId.Check(receipt.RequestId, faults, "receipt.request_id");
            foreach (var (field, value) in new[] { ("request_id", receipt.RequestId), ("rpc", receipt.Rpc), ("protocol", receipt.Protocol), ("digest", receipt.Digest), ("request_digest", receipt.RequestDigest), ("answer_digest", receipt.AnswerDigest) })
            {
                if (value.Length == 0)
                {
                    faults.Invalid("receipt." + field, "required; every receipt has it");
                }
            }

            if (again is not null && receipt.Rpc.Length > 0 && receipt.Rpc != again.Rpc)
            {
                faults.Invalid("receipt.rpc", $"the request is one of {again.Rpc}, and the receipt is of another RPC");
            }
        }

        if (again is null)
        {
            faults.Invalid("request", "required; one of classify_relapse, assess_primary_risk, interpret_mrd, assess_response, assess_eligibility, estimate_outcome, rank_donors, assess_case");
        }

        faults.ThrowIfAny();
    }

    // The request is covered without the id that keys it, however it comes here.
    private static string RequestDigestNow(Receipt receipt, IMessage message)
    {
        var canonical = message.Descriptor.Parser.ParseFrom(message.ToByteString());
        canonical.Descriptor.FindFieldByName("request_id").Accessor.Clear(canonical);
        return ReceiptWriter.RequestDigest(receipt.RequestId, canonical);
    }

    private static VerifyReceiptResponse NotComputable(string detail) => new() { State = VerificationState.NotComputable, Detail = detail };

    // A fault of the request stands deeper here than where its service looked for it.
    private static RpcException Under(string field, RpcException refused)
    {
        var faults = new FaultList();
        foreach (var violation in refused.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations ?? [])
        {
            faults.Invalid($"{field}.{violation.Field}", violation.Description);
        }

        return faults.HasAny ? faults.ToStatus()!.ToRpcException() : refused;
    }
}
