using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Assessment.V1;
using Relapse.Contracts.Classification.V1;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Mrd.V1;
using Relapse.Contracts.Outcome.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting.Errors;
using Asked = Relapse.Contracts.Assessment.V1.VerifyReceiptRequest.RequestOneofCase;

namespace Relapse.Assessment;

/// <summary>
/// The request that a receipt was given for: which RPC it is of, and how that is asked again as it was then. A new kind of receipt is one
/// line here and one field of the contract.
/// </summary>
/// <param name="Rpc">Full name of the RPC, as receipts have it.</param>
/// <param name="Field">The field of the verification that has the request.</param>
/// <param name="Message">The request, as it was sent.</param>
/// <param name="AskAgain">Asks again for the version of the receipt, which was the current one or not; answers the receipts, and the decisions that they cover.</param>
internal sealed record ReceiptRequest(
    string Rpc, string Field, IMessage Message, Func<ClinicalLines, CallOptions, bool, Task<(IEnumerable<Receipt> Receipts, IEnumerable<Decision> Decisions)>> AskAgain)
{
    // A message takes more, so that a donor that is larger by itself goes as it came.
    private const int BytesOfOneMessage = 1024 * 1024;
    private const int MostInOneMessage = 1000;

    private static readonly string _streamed = Name(TransplantService.Descriptor.FullName, nameof(TransplantService.TransplantServiceClient.RankDonorsStream));

    /// <summary>The request in a verification; null when there is none.</summary>
    /// <param name="request">The verification.</param>
    /// <param name="assess">Assesses a case in this process.</param>
    public static ReceiptRequest? Of(VerifyReceiptRequest request, Func<AssessCaseRequest, Task<AssessCaseResponse>> assess)
    {
        var receipt = request.Receipt ?? new Receipt();
        return request.RequestCase switch
        {
            Asked.ClassifyRelapse => new(
                Name(ClassificationService.Descriptor.FullName, nameof(ClassificationService.ClassificationServiceClient.ClassifyRelapse)), "classify_relapse", request.ClassifyRelapse, async (lines, options, isCurrent) =>
                {
                    var answer = await lines.Classification.ClassifyRelapseAsync(ReplayedRequest.Of(request.ClassifyRelapse, receipt, isCurrent), options);
                    return (answer.Receipts, answer.Decisions);
                }),
            Asked.AssessPrimaryRisk => new(
                Name(ClassificationService.Descriptor.FullName, nameof(ClassificationService.ClassificationServiceClient.AssessPrimaryRisk)), "assess_primary_risk", request.AssessPrimaryRisk, async (lines, options, isCurrent) =>
                {
                    var answer = await lines.Classification.AssessPrimaryRiskAsync(ReplayedRequest.Of(request.AssessPrimaryRisk, receipt, isCurrent), options);
                    return (answer.Receipts, answer.Decisions);
                }),
            Asked.InterpretMrd => new(
                Name(MrdService.Descriptor.FullName, nameof(MrdService.MrdServiceClient.InterpretMrd)), "interpret_mrd", request.InterpretMrd, async (lines, options, isCurrent) =>
                {
                    var answer = await lines.Mrd.InterpretMrdAsync(ReplayedRequest.Of(request.InterpretMrd, receipt, isCurrent), options);
                    return (answer.Receipts, answer.Decisions);
                }),
            Asked.AssessResponse => new(
                Name(MrdService.Descriptor.FullName, nameof(MrdService.MrdServiceClient.AssessResponse)), "assess_response", request.AssessResponse, async (lines, options, isCurrent) =>
                {
                    var answer = await lines.Mrd.AssessResponseAsync(ReplayedRequest.Of(request.AssessResponse, receipt, isCurrent), options);
                    return (answer.Receipts, answer.Decisions);
                }),
            Asked.AssessEligibility => new(
                Name(TransplantService.Descriptor.FullName, nameof(TransplantService.TransplantServiceClient.AssessEligibility)), "assess_eligibility", request.AssessEligibility, async (lines, options, isCurrent) =>
                {
                    var answer = await lines.Transplant.AssessEligibilityAsync(ReplayedRequest.Of(request.AssessEligibility, receipt, isCurrent), options);
                    return (answer.Receipts, answer.Decisions);
                }),
            Asked.EstimateOutcome => new(
                Name(OutcomeService.Descriptor.FullName, nameof(OutcomeService.OutcomeServiceClient.EstimateOutcome)), "estimate_outcome", request.EstimateOutcome, async (lines, options, isCurrent) =>
                {
                    var answer = await lines.Outcome.EstimateOutcomeAsync(ReplayedRequest.Of(request.EstimateOutcome, receipt, isCurrent), options);
                    return (answer.Receipts, answer.Decisions);
                }),
            Asked.RankDonors => new(
                receipt.Rpc == _streamed ? _streamed : Name(TransplantService.Descriptor.FullName, nameof(TransplantService.TransplantServiceClient.RankDonors)), "rank_donors", request.RankDonors, async (lines, options, isCurrent) =>
                {
                    var again = request.RankDonors.Clone();
                    (again.RequestId, again.Policy) = (receipt.RequestId, receipt.Protocol);
                    return ([receipt.Rpc == _streamed ? await StreamAsync(lines, options, again) : (await lines.Transplant.RankDonorsAsync(again, options)).Summary.Receipt], []);
                }),
            Asked.AssessCase => new(
                Name(AssessmentService.Descriptor.FullName, nameof(AssessmentService.AssessmentServiceClient.AssessCase)), "assess_case", request.AssessCase, async (_, _, isCurrent) =>
                {
                    var answer = await assess(WithoutOutcome(ReplayedRequest.Of(request.AssessCase, receipt, isCurrent)));
                    if ((answer.Classification?.Unavailable ?? answer.Mrd?.Unavailable ?? answer.Response?.Unavailable ?? answer.Eligibility?.Unavailable) is { } why)
                    {
                        throw why.ToRpcException();
                    }

                    return (answer.Receipts, [.. answer.Classification?.Answer?.Decisions ?? [], .. answer.Mrd?.Answer?.Decisions ?? [], .. answer.Response?.Answer?.Decisions ?? [], .. answer.Eligibility?.Answer?.Decisions ?? []]);
                }),
            _ => null,
        };
    }

    // Outcome has receipts of its own, and those of an assessment cover nothing of it: it is no matter whether it can be had.
    private static AssessCaseRequest WithoutOutcome(AssessCaseRequest request)
    {
        Part[] covered = [.. (request.Parts.Count == 0 ? AssessmentCall.Everything : [.. request.Parts]).Where(part => part != Part.Outcome)];
        if (covered.Length > 0)
        {
            request.Parts.Clear();
            request.Parts.Add(covered);
        }

        return request;
    }

    // The receipt of a stream covers what one call would have been asked with all its donors.
    private static async Task<Receipt> StreamAsync(ClinicalLines lines, CallOptions options, RankDonorsRequest whole)
    {
        Donor[] donors = [.. whole.Donors];
        whole.Donors.Clear();
        using var call = lines.Transplant.RankDonorsStream(options);
        await call.RequestStream.WriteAsync(new RankDonorsStreamRequest { Opening = whole });
        var (message, bytes) = (new RankDonorsStreamRequest(), 0);
        foreach (var donor in donors)
        {
            var size = donor.CalculateSize();
            if (message.Donors.Count == MostInOneMessage || bytes + size > BytesOfOneMessage)
            {
                await call.RequestStream.WriteAsync(message);
                (message, bytes) = (new RankDonorsStreamRequest(), 0);
            }

            message.Donors.Add(donor);
            bytes += size;
        }

        await call.RequestStream.WriteAsync(message);
        await call.RequestStream.CompleteAsync();
        Receipt? receipt = null;
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            receipt = answer.Summary?.Receipt ?? receipt;
        }

        return receipt ?? throw new InvalidDataException("a ranking without its summary");
    }

    private static string Name(string service, string rpc) => $"{service}/{rpc}";
}
