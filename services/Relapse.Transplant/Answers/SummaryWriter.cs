using System.Collections.Immutable;
using Relapse.Contracts.Decision.V1;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>Writes what concerns the whole list, its receipt aside.</summary>
/// <param name="ranking">The ranking.</param>
/// <param name="reference">The reference data.</param>
internal sealed class SummaryWriter(DonorRanking ranking, HlaReference reference)
{
    private readonly CompiledPolicy _policy = ranking.Question.Policy;

    /// <summary>Writes it.</summary>
    /// <param name="pairs">The donors to compare.</param>
    public RankingSummary Write(IEnumerable<DonorPair> pairs)
    {
        var (frontier, isCut) = new DateFrontier(ranking).Points();
        var summary = new RankingSummary
        {
            Policy = _policy.Name,
            Donors = ranking.List.Length,
            Tiers = { _policy.Document.Tiers.Select((tier, index) => Describe(tier, index)) },
            Criteria = { _policy.Criteria.Select(Describe) },
            Settings = { ranking.Question.Settings.States() },
            FirstPlace = new FirstPlaceStudy(ranking).Study(),
            Frontier = { frontier },
            FrontierTruncated = isCut,
            Warnings = { Warnings() },
        };
        var entries = ranking.List.ToDictionary(listed => listed.Entry.Donor.Message.DonorId, listed => listed.Entry, StringComparer.Ordinal);
        var comparison = new DonorComparison(ranking);
        summary.Comparisons.AddRange(pairs.Select(pair => comparison.Compare(entries[pair.First], entries[pair.Second])));
        return summary;
    }

    private Tier Describe(PolicyTier tier, int index) => new()
    {
        Id = tier.Id,
        Label = tier.Label,
        Groups = { tier.Groups.Select(group => new TierGroup { Classes = { group.Classes }, Criteria = { group.Criteria } }) },
        Citations = { _policy.Cite(tier.Because) },
        Donors = ranking.List.Count(listed => listed.Entry.Best.Band == index && listed.Entry.Worst.Band == index),
        NotInSource = tier.NotInSource,
    };

    private Criterion Describe(CompiledCriterion criterion) => new()
    {
        Id = criterion.Id,
        Label = criterion.Document.Label,
        Measure = criterion.Document.Measure.ToString(),
        Citations = { _policy.Cite(criterion.Document.Because) },
        NotInSource = criterion.Document.NotInSource,
    };

    private IEnumerable<Warning> Warnings()
    {
        foreach (var (code, statement) in _policy.Document.Statements.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            yield return new Warning { Code = code, Detail = statement.Text, Citations = { _policy.Cite(statement.Because) } };
        }

        foreach (var (code, detail) in OfTheCall().Concat(OfTypings()))
        {
            yield return new Warning { Code = code, Detail = detail };
        }
    }

    private IEnumerable<(string Code, string Detail)> OfTheCall()
    {
        var (recipient, settings) = (ranking.Question.Recipient, ranking.Question.Settings);
        if (reference.Release is null)
        {
            yield return ("P_GROUPS_NOT_LOADED", "No IPD-IMGT/HLA release is configured: names are compared by two fields, and no antigen, epitope group, leader or KIR ligand is known.");
        }

        ImmutableArray<(string Setting, string Code, string Detail)> unset =
        [
            (SettingId.MatchedFamily, "MATCHED_FAMILY_NOT_SET", "What counts as a matched relative is not set; relatives without a statement of the laboratory have no tier."),
            (SettingId.MatchedUnrelated, "MATCHED_UNRELATED_NOT_SET", "What counts as a matched unrelated donor is not set; those without a statement of the laboratory have no tier."),
            (SettingId.SuitableCord, "SUITABLE_CORD_NOT_SET", "What makes a cord unit suitable is not set; cord blood has no tier."),
            (SettingId.DsaLimit, "DSA_LIMIT_NOT_SET", "No limit for donor-specific antibodies is set; none blocks a donor."),
        ];
        foreach (var (setting, code, detail) in unset.Where(one => settings.Word(one.Setting) is null))
        {
            yield return (code, detail);
        }

        if (!ranking.Nk.IsUsed)
        {
            yield return ("NK_MODEL_NOT_SET", "No model of NK alloreactivity is set and the centre states nothing of a donor: the preference is not applied.");
        }

        if (!ranking.TakenApart.IsEmpty)
        {
            yield return ("TAKEN_DONOR_BY_DONOR", $"What is not known of {string.Join(", ", ranking.TakenApart)} leaves more possibilities than are looked at together, and is open for each donor apart: ranks, comparisons and what is said to be missing may be wider than they need be.");
        }

        if (!recipient.AntibodiesKnown)
        {
            yield return ("ANTIBODIES_NOT_STATED", "Whether the recipient has HLA antibodies is not stated.");
        }

        foreach (var (antibody, index) in recipient.Antibodies.Select((antibody, index) => (antibody, index)).Where(one => one.antibody.IsOwn))
        {
            yield return ("ANTIBODY_AGAINST_OWN_ANTIGEN", $"recipient.antibodies[{index}] is against an antigen of the recipient: an error of the data, and no donor-specific antibody.");
        }

        if (recipient.Message.Antibodies.Any(antibody => antibody.SerumDate is null))
        {
            yield return ("SERUM_DATE_NOT_STATED", "The date of a serum is not stated.");
        }

        if (recipient.Message is { HasHlaLossRelapse: true, HlaLossRelapse: true })
        {
            yield return ("HLA_LOSS_RELAPSE", "The relapse has lost the mismatched haplotype of an earlier donor. That a donor with the same haplotype should not be taken again is known from memory only and changes no place.");
        }

        if (recipient.Message.Antibodies.Any(antibody => antibody.HasC1QPositive))
        {
            yield return ("C1Q_NOT_JUDGED", "Whether antibodies bind C1q is stated; the policy has no rule for it, and it changes no place.");
        }

        if (OldestSerum() is { } oldest)
        {
            yield return ("SERUM_DATE", $"The oldest serum is of {oldest}; no limit for its age is known.");
        }
    }

    // Year and, where they are given, month and day: as ISO 8601 writes it, so that the earliest is the lowest.
    private string? OldestSerum() => ranking.Question.Recipient.Message.Antibodies
        .Where(antibody => antibody.SerumDate is not null)
        .Select(antibody => antibody.SerumDate)
        .Select(date => date.Month == 0 ? $"{date.Year:0000}" : date.Day == 0 ? $"{date.Year:0000}-{date.Month:00}" : $"{date.Year:0000}-{date.Month:00}-{date.Day:00}")
        .Min(StringComparer.Ordinal);

    // What widens the bounds of everybody, or is said of somebody who is no donor.
    private IEnumerable<(string Code, string Detail)> OfTypings()
    {
        foreach (var (code, parts) in TypingCodes.Of(ranking.Question.Recipient.Typing))
        {
            yield return ("RECIPIENT_" + code, $"recipient.typing: {parts}");
        }

        for (var index = 0; index < ranking.Question.Family.Length; index++)
        {
            foreach (var (code, parts) in TypingCodes.Of(ranking.Question.Family[index].Typing))
            {
                yield return ("FAMILY_" + code, $"family[{index}].typing: {parts}");
            }
        }

        foreach (var path in ranking.Family.Inconsistent)
        {
            yield return (FamilyFindings.Inconsistent, path);
        }

        if (ranking.Family.NotFollowed.Count > 0)
        {
            yield return ("DESCENT_NOT_FOLLOWED", $"At {string.Join(", ", ranking.Family.NotFollowed.Select(locus => locus.Name()))} the typings of the family leave more inheritances than are looked at; what is said of descent is wider than the typings.");
        }

        if (ranking.FamilyLeftOpen.Count > 0)
        {
            yield return ("FAMILY_LEFT_OPEN", $"At {string.Join(", ", ranking.FamilyLeftOpen.Select(locus => locus.Name()))} the typings of recipient and relatives can be read in more ways than are looked at; the class of relatives is left open as far as it hangs on descent.");
        }
    }
}
