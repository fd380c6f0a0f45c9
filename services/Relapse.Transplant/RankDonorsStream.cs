using Grpc.Core;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Hosting.Errors;
using Relapse.Transplant.Answers;
using Relapse.Transplant.Donors;

namespace Relapse.Transplant;

internal sealed partial class TransplantRpcs
{
    private const int MostStreamed = 10_000;

    // At most 2 KB each: within what clients take in one message.
    private const int RankedInOneMessage = 1000;

    /// <summary>The same of more donors than fit one message. A place depends on all others, so the list begins when the last is read.</summary>
    public override async Task RankDonorsStream(
        IAsyncStreamReader<RankDonorsStreamRequest> requestStream, IServerStreamWriter<RankDonorsStreamResponse> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var faults = new FaultList();
        var opening = await requestStream.MoveNext(cancellation) ? requestStream.Current.Opening : null;
        if (opening is null)
        {
            faults.Invalid("opening", "required in the first message");
            faults.ThrowIfAny();
        }

        var requestId = RequestId.Check(opening!.RequestId, faults);
        var question = RankingQuestion.Read(opening, reference, faults);
        var reader = new DonorReader(reference, opening.Window?.AsOfDate, faults);
        using var digest = new StreamDigest(requestId, opening);
        await ReadAllAsync(requestStream, opening, reader, digest, faults, cancellation);
        question?.CheckTogether(opening, reader.Donors, faults);
        faults.ThrowIfAny();
        var (ranked, summary) = DonorAnswer.Write(
            question!, reader.Donors, opening.Compare, NameOf(nameof(RankDonorsStream)), requestId, digest.Close(), reference, cancellation);
        foreach (var part in ranked.Chunk(RankedInOneMessage))
        {
            await responseStream.WriteAsync(new RankDonorsStreamResponse { Ranked = { part } }, cancellation);
        }

        await responseStream.WriteAsync(new RankDonorsStreamResponse { Summary = summary }, cancellation);
    }

    private static async Task ReadAllAsync(
        IAsyncStreamReader<RankDonorsStreamRequest> requests, RankDonorsRequest opening, DonorReader reader, StreamDigest digest, FaultList faults, CancellationToken cancellation)
    {
        if (opening.Donors.Count > 0)
        {
            faults.Invalid("opening.donors", "donors stand beside the opening");
        }

        Take(requests.Current, reader, digest, cancellation);
        while (await requests.MoveNext(cancellation))
        {
            if (requests.Current.Opening is not null)
            {
                faults.Invalid("opening", "given by the first message, and by no other");
            }

            Take(requests.Current, reader, digest, cancellation);
        }

        if (reader.Donors.Count == 0)
        {
            faults.Invalid("donors", "required; a list has a donor at least");
        }
    }

    private static void Take(RankDonorsStreamRequest message, DonorReader reader, StreamDigest digest, CancellationToken cancellation)
    {
        FaultList.ThrowIfTooMany("donors", message.Donors.Count, MostDonors);
        FaultList.ThrowIfTooMany("donors", reader.Donors.Count + message.Donors.Count, MostStreamed);
        foreach (var donor in message.Donors)
        {
            cancellation.ThrowIfCancellationRequested();
            // Its digest covers a donor as it was sent. What is read of its typing is kept, the text of it is not.
            digest.Add(donor);
            reader.Read(donor);
            donor.Typing = null;
            foreach (var unit in donor.Units)
            {
                unit.Typing = null;
            }
        }
    }
}
