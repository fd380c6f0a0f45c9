using System.Security.Cryptography;
using System.Text;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Hosting;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Answers;

/// <summary>
/// The receipt of a ranking. The request digest is made as for every receipt (docs/decisions/2026-11-23-receipts.md), of a stream by
/// <see cref="StreamDigest"/>. The answer digest is SHA-256 over text, each line ended by one LF:
/// <code>
/// relapse-ranking 1
/// policy {digest of the policy, lower-case hex}
/// donor {rank_min} {rank_max} {tier} {donor_id}     for each donor, in the order of the list
/// </code>
/// </summary>
internal static class RankingReceipt
{
    /// <summary>Writes it.</summary>
    /// <param name="rpc">Full name of the RPC.</param>
    /// <param name="requestId">The request id, checked.</param>
    /// <param name="requestDigest">The keyed digest of the request.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="ranked">The list.</param>
    /// <param name="references">The reference data.</param>
    public static Receipt Write(
        string rpc, string requestId, string requestDigest, CompiledPolicy policy, IEnumerable<RankedDonor> ranked, IEnumerable<ReferenceData> references) => new()
    {
        RequestId = requestId,
        Rpc = rpc,
        Protocol = policy.Name,
        Digest = policy.Digest,
        EngineVersion = EngineVersion.Current,
        References = { references },
        RequestDigest = requestDigest,
        AnswerDigest = AnswerDigest(policy, ranked),
    };

    private static string AnswerDigest(CompiledPolicy policy, IEnumerable<RankedDonor> ranked)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Line("relapse-ranking 1");
        Line($"policy {policy.Digest}");
        foreach (var donor in ranked)
        {
            Line(FormattableString.Invariant($"donor {donor.RankMin} {donor.RankMax} {donor.Tier} {donor.DonorId}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Line(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
