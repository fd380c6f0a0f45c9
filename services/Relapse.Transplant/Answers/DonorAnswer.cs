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
    /// <param name="canonical">The request without its id, with all its donors.</param>
    /// <param name="rpc">Full name of the RPC.</param>
    /// <param name="requestId">The request id, checked.</param>
    /// <param name="reference">The reference data.</param>
    public static (ImmutableArray<RankedDonor> Ranked, RankingSummary Summary) Write(
        RankingQuestion question, IReadOnlyList<DonorCase> donors, RankDonorsRequest canonical, string rpc, string requestId, HlaReference reference)
    {
        var ranking = DonorRanking.Rank(question, donors, reference);
        var writer = new RankedDonorWriter(ranking);
        ImmutableArray<RankedDonor> ranked = [.. Enumerable.Range(0, ranking.List.Length).Select(writer.Write)];
        var summary = new SummaryWriter(ranking, reference).Write(canonical.Compare);
        summary.Receipt = RankingReceipt.Write(rpc, requestId, canonical, question.Policy, ranked, reference.References);
        return (ranked, summary);
    }
}
