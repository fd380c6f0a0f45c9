using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// Holds what the laboratory states of a donor against the typings. A statement stands before what a policy would compute, so one that
/// a centre's minimum does not bear out stands, and is named; one that no typing can bear out is a contradiction, from which nothing is
/// concluded. Of a donor whose typing is not given the statement is what is known of it, and nothing can be held against it.
/// </summary>
/// <param name="question">The question.</param>
/// <param name="context">Compares typings.</param>
internal sealed class StatementCheck(RankingQuestion question, HlaContext context)
{
    private readonly MatchMinimum? _family = question.Settings.Match(SettingId.MatchedFamily);
    private readonly MatchMinimum? _unrelated = question.Settings.Match(SettingId.MatchedUnrelated);

    /// <summary>Whether statement and typings cannot both be true: matched, and no locus typed in both can be; not matched, and both
    /// haplotypes are shared by descent; not haploidentical, and one is; haploidentical, and none is. Open where it hangs on what a copy
    /// of either may be, or on a locus of the recipient that is not typed.</summary>
    /// <param name="donor">The donor.</param>
    /// <param name="finding">What the family says of it; null: it is no relative.</param>
    public Truth Contradicts(DonorCase donor, RelativeFinding? finding) => donor.Message.MatchStatement switch
    {
        MatchStatement.Matched => NothingMatches(donor),
        MatchStatement.Mismatched => Truths.Of(Shared(donor, finding) is { Min: > 0 }),
        MatchStatement.Haploidentical => Truths.Of(Shared(donor, finding) is { Min: 2 } or { Max: 0 }),
        _ => Truth.False,
    };

    /// <summary>Whether a donor is stated to be matched and cannot reach the matches that the centre has set.</summary>
    public bool IsBelowMinimum(DonorCase donor) => donor.Message.MatchStatement == MatchStatement.Matched
        && (donor.Message.Kind == DonorKind.Related ? _family : _unrelated) is { } minimum
        && minimum.Reached(new HlaPair(context, donor.Typings[0]).Count(minimum.Scheme).PerLocus) == Truth.False;

    /// <summary>Whether any locus is typed in both.</summary>
    public bool IsCompared(DonorCase donor) => HlaLoci.All.Any(locus => donor.Typings[0][locus].IsTyped && context.Recipient[locus].IsTyped);

    /// <summary>The loci of ten at which one of the two is not typed.</summary>
    public ImmutableArray<HlaLocus> NotCompared(DonorCase donor) =>
        [.. CountScheme.Ten.Loci().ToArray().Where(locus => !donor.Typings[0][locus].IsTyped || !context.Recipient[locus].IsTyped)];

    private Truth NothingMatches(DonorCase donor)
    {
        var (typed, matches) = (false, default(Bounds));
        foreach (var locus in CountScheme.Ten.Loci())
        {
            if (donor.Typings[0][locus].IsTyped)
            {
                typed = true;
                matches += new HlaPair(context, donor.Typings[0]).Count(locus).Matches;
            }
        }

        return !typed || matches.Min > 0 ? Truth.False : matches.Max == 0 ? Truth.True : Truth.Open;
    }

    // By descent as the typings show it; not as the relationship alone has it.
    private Bounds? Shared(DonorCase donor, RelativeFinding? finding) =>
        finding is { IsConsistent: true, Recombination: false } && IsCompared(donor) ? finding.SharedHaplotypes : null;
}
