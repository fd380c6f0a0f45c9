using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Holds what the laboratory states of a donor against the typings. A statement stands before what a policy would compute, so one that
/// a centre's minimum does not bear out stands, and is named; one that no typing can bear out is a contradiction, from which nothing is
/// concluded.
/// </summary>
/// <param name="question">The question.</param>
/// <param name="context">Compares typings.</param>
/// <param name="family">What the family shows.</param>
internal sealed class StatementCheck(RankingQuestion question, HlaContext context, FamilyStudy family)
{
    private readonly MatchMinimum? _family = question.Settings.Match(SettingId.MatchedFamily);
    private readonly MatchMinimum? _unrelated = question.Settings.Match(SettingId.MatchedUnrelated);

    /// <summary>Whether statement and typings cannot both be true: matched, and no locus typed in both can be; not matched, and both
    /// haplotypes are shared by descent; not haploidentical, and one is; haploidentical, and none is.</summary>
    public bool IsContradicted(DonorCase donor) => donor.Message.MatchStatement switch
    {
        MatchStatement.Matched => NothingCanMatch(donor),
        MatchStatement.Mismatched => Shared(donor) is { Min: > 0 },
        MatchStatement.Haploidentical => Shared(donor) is { Min: 2 } or { Max: 0 },
        _ => false,
    };

    /// <summary>Whether a donor is stated to be matched and cannot reach the matches that the centre has set.</summary>
    public bool IsBelowMinimum(DonorCase donor) => donor.Message.MatchStatement == MatchStatement.Matched
        && (donor.Message.Kind == DonorKind.Related ? _family : _unrelated) is { } minimum
        && minimum.Reached(new HlaPair(context, donor.Typings[0]).Count(minimum.Scheme).PerLocus) == Truth.False;

    /// <summary>Whether any locus is typed in both.</summary>
    public bool IsCompared(DonorCase donor) => HlaLoci.All.Any(locus => IsTyped(donor, locus));

    private bool NothingCanMatch(DonorCase donor)
    {
        var typed = 0;
        foreach (var locus in CountScheme.Ten.Loci())
        {
            if (IsTyped(donor, locus))
            {
                typed++;
                if (new HlaPair(context, donor.Typings[0]).Count(locus).Matches.Max > 0)
                {
                    return false;
                }
            }
        }

        return typed > 0;
    }

    // By descent as the typings show it; not as the relationship alone has it.
    private Bounds? Shared(DonorCase donor) =>
        donor.Message.Kind == DonorKind.Related && IsCompared(donor) && family.Of(donor) is { IsConsistent: true, Recombination: false } finding
            ? finding.SharedHaplotypes
            : null;

    private bool IsTyped(DonorCase donor, HlaLocus locus) => donor.Typings[0][locus].IsTyped && context.Recipient[locus].IsTyped;
}
