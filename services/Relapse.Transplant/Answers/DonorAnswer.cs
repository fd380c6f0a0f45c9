using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>Ranks the donors of a call and writes the whole answer.</summary>
internal static class DonorAnswer
{
    /// <summary>Answers a request that no fault was found in.</summary>
    /// <param name="question">The question.</param>
    /// <param name="donors">Its donors.</param>
    /// <param name="pairs">The donors to compare.</param>
    /// <param name="rpc">Full name of the RPC.</param>
    /// <param name="requestId">The request id, checked.</param>
    /// <param name="requestDigest">The keyed digest of the request.</param>
    /// <param name="reference">The reference data.</param>
    /// <param name="cancellation">Looked at for each donor.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public static (ImmutableArray<RankedDonor> Ranked, RankingSummary Summary) Write(
        RankingQuestion question, IReadOnlyList<DonorCase> donors, IEnumerable<DonorPair> pairs, string rpc, string requestId, string requestDigest, HlaReference reference, CancellationToken cancellation = default)
    {
        var ranking = DonorRanking.Rank(question, donors, reference, cancellation);
        var writer = new RankedDonorWriter(ranking);
        var ranked = ImmutableArray.CreateBuilder<RankedDonor>(ranking.List.Length);
        for (var place = 0; place < ranking.List.Length; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            ranked.Add(writer.Write(place));
        }

        var summary = new SummaryWriter(ranking, reference).Write(pairs);
        summary.Receipt = RankingReceipt.Write(rpc, requestId, requestDigest, question.Policy, ranked, reference.References);
        return (ranked.ToImmutable(), summary);
    }
}
