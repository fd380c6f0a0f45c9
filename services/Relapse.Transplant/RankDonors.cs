using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Hosting.Receipts;
using Relapse.Transplant.Answers;
using Relapse.Transplant.Donors;

namespace Relapse.Transplant;

internal sealed partial class TransplantRpcs
{
    private const int MostDonors = 1000;

    /// <summary>Which donor comes first, and what is not known that could change it?</summary>
    public override Task<RankDonorsResponse> RankDonors(RankDonorsRequest request, ServerCallContext context)
    {
        FaultList.ThrowIfTooMany("donors", request.Donors.Count, MostDonors);
        var faults = new FaultList();
        var requestId = RequestId.Check(request.RequestId, faults);
        var question = RankingQuestion.Read(request, reference, faults);
        var reader = new DonorReader(reference, request.Window?.AsOfDate, faults);
        foreach (var donor in request.Donors)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            reader.Read(donor);
        }

        if (request.Donors.Count == 0)
        {
            faults.Invalid("donors", "required; a list has a donor at least");
        }

        question?.CheckTogether(request, reader.Donors, faults);
        faults.ThrowIfAny();

        // The receipt covers the request without the id that keys it; nothing after this line needs the id in the request.
        request.RequestId = "";
        var digest = ReceiptWriter.RequestDigest(requestId, request);
        var (ranked, summary) = DonorAnswer.Write(question!, reader.Donors, request.Compare, NameOf(nameof(RankDonors)), requestId, digest, reference, context.CancellationToken);
        return Task.FromResult(new RankDonorsResponse { Ranked = { ranked }, Summary = summary });
    }

    private static string NameOf(string rpc) => $"{TransplantService.Descriptor.FullName}/{rpc}";
}
