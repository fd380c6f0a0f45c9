using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Says what each donor is to the policy: every class that what is known leaves possible.</summary>
/// <param name="question">The question.</param>
/// <param name="context">Compares typings.</param>
/// <param name="family">What the family shows.</param>
/// <param name="statements">Holds what a laboratory states against the typings.</param>
internal sealed class DonorClassifier(RankingQuestion question, HlaContext context, FamilyStudy family, StatementCheck statements)
{
    private readonly OpenTypings _typings = new(context);
    private readonly MatchMinimum? _family = question.Settings.Match(SettingId.MatchedFamily);
    private readonly MatchMinimum? _unrelated = question.Settings.Match(SettingId.MatchedUnrelated);
    private readonly MatchMinimum? _cord = question.Settings.Match(SettingId.SuitableCord);

    /// <summary>Classifies one.</summary>
    public Standing Classify(DonorCase donor) => donor.Message.Kind switch
    {
        DonorKind.Related => Related(donor),
        DonorKind.Unrelated => Unrelated(donor),
        DonorKind.Cord => Cord(donor),
        _ => Known(DonorClass.Autologous),
    };

    private static Standing Known(params ImmutableArray<DonorClass> classes) => new(classes, "", "", []);

    private Standing Unrelated(DonorCase donor) => Matched(donor, _unrelated) switch
    {
        Truth.True => Known(DonorClass.MatchedUnrelated),
        Truth.False => Known(DonorClass.MismatchedUnrelated),
        Truth.Open => new Standing([DonorClass.MatchedUnrelated, DonorClass.MismatchedUnrelated], "", "", Undecided(donor, _unrelated)),
        _ => new Standing([DonorClass.MatchedUnrelated, DonorClass.MismatchedUnrelated], Standing.MatchedNotSet, SettingId.MatchedUnrelated, []),
    };

    private Standing Cord(DonorCase donor)
    {
        if (_cord is not { } minimum)
        {
            return new Standing([DonorClass.Cord, DonorClass.UnsuitableCord], Standing.SuitableCordNotSet, SettingId.SuitableCord, []);
        }

        var (suitable, missing) = (Truth.True, ImmutableArray<string>.Empty);
        for (var unit = 0; unit < donor.Typings.Length; unit++)
        {
            var reached = minimum.Reached(new HlaPair(context, donor.Typings[unit]).CordMatches(minimum.Scheme));
            suitable = suitable.And(reached);
            missing = reached == Truth.Open ? [.. missing, .. _typings.Of(donor, unit, new HlaPair(context, donor.Typings[unit]).OpenForCord(minimum.Scheme))] : missing;
        }

        return suitable switch
        {
            Truth.True => Known(DonorClass.Cord),
            Truth.False => Known(DonorClass.UnsuitableCord),
            _ => new Standing([DonorClass.Cord, DonorClass.UnsuitableCord], "", "", missing),
        };
    }

    private Standing Related(DonorCase donor)
    {
        var matched = Matched(donor, _family);
        var classes = ImmutableArray.CreateBuilder<DonorClass>();
        var missing = new List<string>();
        if (matched != Truth.False)
        {
            AddMatched(donor, classes, missing);
        }

        if (matched is null)
        {
            AddMismatched(donor, classes, missing);
            return new Standing(classes.ToImmutable(), Standing.MatchedNotSet, SettingId.MatchedFamily, [.. missing]);
        }

        if (matched == Truth.Open)
        {
            missing.AddRange(Undecided(donor, _family));
        }

        if (matched != Truth.True)
        {
            AddMismatched(donor, classes, missing);
        }

        return new Standing(classes.ToImmutable(), "", "", classes.Count > 1 ? [.. missing.Distinct(StringComparer.Ordinal)] : []);
    }

    private static void AddMatched(DonorCase donor, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        if (donor.Message.Relationship is Relationship.Sibling or Relationship.Unspecified)
        {
            classes.Add(DonorClass.MatchedSibling);
        }

        if (donor.Message.Relationship != Relationship.Sibling)
        {
            classes.Add(DonorClass.MatchedFamily);
        }

        if (donor.Message.Relationship == Relationship.Unspecified)
        {
            missing.Add(donor.Path("relationship"));
        }
    }

    // A mismatched relative is haploidentical to the review (DON-012); one who shares no haplotype is not, nor one of whom the laboratory
    // states that it is not. Where typing and relationship do not fit, or typing and statement, nobody knows.
    private void AddMismatched(DonorCase donor, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        var finding = family.Of(donor);
        var isContradicted = statements.IsContradicted(donor);
        var statement = isContradicted ? MatchStatement.Unspecified : donor.Message.MatchStatement;
        var stated = statement == MatchStatement.Haploidentical;
        var isOpen = isContradicted || !finding.IsConsistent
            || (finding.SharedHaplotypes.Min == 0 && !statements.IsCompared(donor));
        var mayShare = stated || (statement != MatchStatement.Mismatched && (isContradicted || finding.SharedHaplotypes.Max > 0));
        if (mayShare)
        {
            AddHaploidentical(donor, classes, missing);
        }

        if (!mayShare || (!stated && isOpen))
        {
            classes.Add(DonorClass.FamilyWithoutSharedHaplotype);
            if (mayShare)
            {
                missing.Add(donor.TypingPath(0));
            }
        }
    }

    private static void AddHaploidentical(DonorCase donor, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        switch (donor.Message.Manipulation)
        {
            case GraftManipulation.TCellDepleted:
                classes.Add(DonorClass.HaploTCellDepleted);
                break;
            case GraftManipulation.AlphaBetaDepleted:
                classes.Add(DonorClass.HaploAlphaBetaDepleted);
                break;
            case GraftManipulation.Unmanipulated:
                classes.Add(DonorClass.HaploUnmanipulated);
                break;
            case GraftManipulation.PostTransplantCyclophosphamide:
                classes.Add(DonorClass.HaploPostTransplantCyclophosphamide);
                break;
            default:
                classes.AddRange(
                    DonorClass.HaploTCellDepleted, DonorClass.HaploAlphaBetaDepleted, DonorClass.HaploUnmanipulated, DonorClass.HaploPostTransplantCyclophosphamide);
                missing.Add(donor.Path("manipulation"));
                break;
        }
    }

    // Null: what counts as matched is not set, and the laboratory states nothing. Nothing follows from a statement that cannot be true.
    private Truth? Matched(DonorCase donor, MatchMinimum? minimum) => statements.IsContradicted(donor) ? Truth.Open : donor.Message.MatchStatement switch
    {
        MatchStatement.Matched => Truth.True,
        MatchStatement.Mismatched or MatchStatement.Haploidentical => Truth.False,
        _ => minimum?.Reached(new HlaPair(context, donor.Typings[0]).Count(minimum.Value.Scheme).PerLocus),
    };

    // What would decide whether it is matched.
    private ImmutableArray<string> Undecided(DonorCase donor, MatchMinimum? minimum) => statements.IsContradicted(donor)
        ? [donor.Path("match_statement"), donor.TypingPath(0)]
        : _typings.Of(donor, 0, new HlaPair(context, donor.Typings[0]).Open(minimum!.Value.Scheme));
}
