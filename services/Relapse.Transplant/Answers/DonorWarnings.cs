using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;
using Relapse.Transplant.Ranking;

namespace Relapse.Transplant.Answers;

/// <summary>What to know about one donor, by code. Each is a fact of the answer; none changes a place.</summary>
/// <param name="ranking">The ranking.</param>
internal sealed class DonorWarnings(DonorRanking ranking)
{
    private readonly RankingQuestion _question = ranking.Question;
    private readonly decimal? _young = ranking.Question.Settings.Number(SettingId.AllotransfusionAge);
    private readonly decimal? _adult = ranking.Question.Settings.Number(SettingId.UnrelatedAge);
    private readonly decimal? _months = ranking.Question.Settings.Number(SettingId.UsualMonths);
    private readonly bool _hasAdultSibling = ranking.List.Any(listed => listed.Entry.Standing.Classes is [DonorClass.MatchedSibling]
        && listed.Entry.State != BlockState.Blocked
        && listed.Entry.Donor.Message.HasAgeYears
        && (decimal)listed.Entry.Donor.Message.AgeYears >= ranking.Question.Settings.Number(SettingId.UnrelatedAge));

    /// <summary>The warnings of a donor.</summary>
    public IEnumerable<string> Of(Entry entry) => [.. Typing(entry), .. Person(entry), .. Graft(entry), .. Time(entry)];

    private static IEnumerable<string> Typings(DonorCase donor) => donor.Typings
        .SelectMany(TypingCodes.Of)
        .Select(one => one.Parts.Length > 0 ? $"{one.Code}({one.Parts})" : one.Code)
        .Distinct(StringComparer.Ordinal);

    private IEnumerable<string> Typing(Entry entry)
    {
        var message = entry.Donor.Message;
        if (message.MatchStatement != MatchStatement.Unspecified)
        {
            var isContradicted = ranking.Statements.Contradicts(entry.Donor, message.Kind == DonorKind.Related ? ranking.Family.Of(entry.Donor) : null) == Truth.True;
            yield return isContradicted ? "STATEMENT_AGAINST_TYPING(match_statement, typing)" : "MATCH_AS_STATED_BY_LABORATORY";
            if (!isContradicted && ranking.Statements.IsBelowMinimum(entry.Donor))
            {
                yield return "STATED_MATCH_BELOW_MINIMUM";
            }
        }

        if (message.Kind == DonorKind.Related && ranking.Family.Of(entry.Donor) is var finding)
        {
            if (!finding.IsConsistent)
            {
                yield return FamilyFindings.Inconsistent;
            }
            else if (message.Relationship == Relationship.Sibling && finding.Genoidentity == Genoidentity.Unproven && entry.Standing.Classes.Contains(DonorClass.MatchedSibling))
            {
                yield return "DESCENT_NOT_PROVEN";
            }
            else if (finding is { SharedHaplotypes: { Min: 0, Max: > 0 } } && entry.Standing.Classes.Any(IsHaploidentical))
            {
                yield return "SHARED_HAPLOTYPE_NOT_PROVEN";
            }
        }

        foreach (var code in Typings(entry.Donor))
        {
            yield return code;
        }
    }

    private IEnumerable<string> Person(Entry entry)
    {
        var message = entry.Donor.Message;
        if (message is { HasHlaConfirmed: true, HlaConfirmed: false })
        {
            yield return "HLA_NOT_CONFIRMED";
        }

        if (message is { HasPreviousDonor: true, PreviousDonor: true })
        {
            yield return _question.Recipient.Message.HlaLossRelapse ? "PREVIOUS_DONOR_HLA_LOSS" : "PREVIOUS_DONOR";
        }

        if (message.HasAgeYears && !entry.Donor.IsCord && message.Kind != DonorKind.Autologous)
        {
            var age = (decimal)message.AgeYears;
            if (age < _young)
            {
                yield return "ALLOTRANSFUSION_RISK";
            }

            if (age < _adult)
            {
                yield return _hasAdultSibling && entry.Standing.Classes.Contains(DonorClass.MatchedSibling) ? "MINOR_DONOR_ADULT_SIBLING_EXISTS" : "MINOR_DONOR";
            }
        }
    }

    private IEnumerable<string> Graft(Entry entry)
    {
        if (_question.Settings.Number(SettingId.DsaLimit) is null && ranking.Blocks.Against(entry.Donor).Length > 0)
        {
            yield return "DSA_LIMIT_NOT_SET";
        }

        if (!entry.Donor.IsCord && entry.Donor.Message.GraftSource == GraftSource.BoneMarrow && ranking.Size.IsEnough(entry.Donor.Message) == Truth.False)
        {
            yield return "HARVEST_BELOW_TARGET";
        }

        if (!entry.Donor.IsCord)
        {
            yield break;
        }

        var isSingle = entry.Donor.Message.Units.Count == 1;
        if (_question.Settings.Number(isSingle ? SettingId.SingleTnc : SettingId.DoubleTnc) is null)
        {
            yield return "CORD_DOSE_MINIMUM_NOT_SET";
        }

        if (entry.Donor.Message.Units.Any(unit => unit.HasViabilityPercent))
        {
            yield return "CORD_VIABILITY_NOT_JUDGED";
        }

        if (entry.Donor.Message.Units.Any(unit => unit is { HasRedCellReplete: true, RedCellReplete: true }))
        {
            yield return "CORD_RED_CELL_REPLETE";
        }

        if (entry.Donor.Message.Units.Any(unit => unit is { HasBankAccredited: true, BankAccredited: false }))
        {
            yield return "CORD_BANK_NOT_ACCREDITED";
        }
    }

    private IEnumerable<string> Time(Entry entry)
    {
        if (entry.Donor.Date is not { } date)
        {
            yield break;
        }

        if (_question.Window.Latest is { } latest)
        {
            if (date.Min > latest)
            {
                yield return "AFTER_WINDOW";
            }
            else if (!(date.Max <= latest))
            {
                yield return "PERHAPS_AFTER_WINDOW";
            }
        }

        if (_question.Window.Relapse is { } relapse && _months is { } months && date.Min > relapse.AddMonths((int)months))
        {
            yield return "LATER_THAN_USUAL";
        }
    }

    private static bool IsHaploidentical(DonorClass donorClass) => donorClass is DonorClass.HaploTCellDepleted or DonorClass.HaploAlphaBetaDepleted
        or DonorClass.HaploUnmanipulated or DonorClass.HaploPostTransplantCyclophosphamide;
}
