using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>Says what each donor is to the policy: every class that what is known leaves possible.</summary>
/// <param name="question">The question.</param>
/// <param name="context">Compares typings.</param>
/// <param name="family">What the family can say.</param>
/// <param name="statements">Holds what a laboratory states against the typings.</param>
internal sealed class DonorClassifier(RankingQuestion question, HlaContext context, FamilyOutcomes family, StatementCheck statements)
{
    private static readonly ImmutableArray<DonorClass> AnyHaploidentical =
        [DonorClass.HaploTCellDepleted, DonorClass.HaploAlphaBetaDepleted, DonorClass.HaploUnmanipulated, DonorClass.HaploPostTransplantCyclophosphamide];

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

    /// <summary>The classes that each reading of the family leaves to a related donor, in the order of the readings; none of another.</summary>
    public ImmutableArray<string> Told(DonorCase donor)
    {
        var classes = new Dictionary<RelativeFinding, string>();
        return donor.Message.Kind != DonorKind.Related ? [] : [.. family.Each(donor).Select(finding => classes.TryGetValue(finding, out var told) ? told : classes[finding] = Told(donor, finding))];
    }

    private static Standing Known(params ImmutableArray<DonorClass> classes) => new(classes, "", "", []);

    private Standing Unrelated(DonorCase donor)
    {
        if (statements.Contradicts(donor, null) is not Truth.False and var contradicts)
        {
            return new Standing([DonorClass.MatchedUnrelated, DonorClass.MismatchedUnrelated], "", "", Against(donor, contradicts));
        }

        return Matched(donor, _unrelated) switch
        {
            Truth.True => Known(DonorClass.MatchedUnrelated),
            Truth.False => Known(DonorClass.MismatchedUnrelated),
            Truth.Open => new Standing(
                [DonorClass.MatchedUnrelated, DonorClass.MismatchedUnrelated], "", "", _typings.Of(donor, 0, new HlaPair(context, donor.Typings[0]).Open(_unrelated!.Value.Scheme))),
            _ => new Standing([DonorClass.MatchedUnrelated, DonorClass.MismatchedUnrelated], Standing.MatchedNotSet, SettingId.MatchedUnrelated, []),
        };
    }

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

    // In every way in which the family and the laboratory's statement can turn out.
    private Standing Related(DonorCase donor)
    {
        var classes = ImmutableArray.CreateBuilder<DonorClass>();
        var missing = new List<string>();
        var findings = family.Of(donor);
        foreach (var finding in findings)
        {
            AddRelated(donor, finding, classes, missing);
        }

        if (findings.Length > 1 && classes.Count > 1)
        {
            missing.AddRange(family.Missing(donor, finding => Told(donor, finding)));
        }

        return _family is null && donor.Message.MatchStatement == MatchStatement.Unspecified
            ? new Standing(classes.ToImmutable(), Standing.MatchedNotSet, SettingId.MatchedFamily, [.. missing])
            : new Standing(classes.ToImmutable(), "", "", classes.Count > 1 ? [.. missing.Distinct(StringComparer.Ordinal)] : []);
    }

    private string Told(DonorCase donor, RelativeFinding finding)
    {
        var told = ImmutableArray.CreateBuilder<DonorClass>();
        AddRelated(donor, finding, told, []);
        return string.Join(',', told.Order());
    }

    private void AddRelated(DonorCase donor, RelativeFinding finding, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        var contradicts = statements.Contradicts(donor, finding);
        if (contradicts != Truth.False)
        {
            missing.AddRange(Against(donor, contradicts));
            AddMatched(donor, classes, missing);
            AddMismatched(donor, finding, isContradicted: true, classes, missing);
        }

        if (contradicts == Truth.True)
        {
            return;
        }

        var matched = Matched(donor, _family);
        if (matched != Truth.False)
        {
            AddMatched(donor, classes, missing);
        }

        if (matched == Truth.Open)
        {
            missing.AddRange(_typings.Of(donor, 0, new HlaPair(context, donor.Typings[0]).Open(_family!.Value.Scheme)));
        }

        if (matched != Truth.True)
        {
            AddMismatched(donor, finding, isContradicted: false, classes, missing);
        }
    }

    private static void AddMatched(DonorCase donor, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        if (donor.Message.Relationship is Relationship.Sibling or Relationship.Unspecified)
        {
            Add(DonorClass.MatchedSibling, classes);
        }

        if (donor.Message.Relationship != Relationship.Sibling)
        {
            Add(DonorClass.MatchedFamily, classes);
        }

        if (donor.Message.Relationship == Relationship.Unspecified)
        {
            missing.Add(donor.Path("relationship"));
        }
    }

    // A mismatched relative is haploidentical to the review (DON-012); one who shares no haplotype is not, nor one of whom the laboratory
    // states that it is not. Where typing and relationship do not fit, or typing and statement, nobody knows.
    private void AddMismatched(DonorCase donor, RelativeFinding finding, bool isContradicted, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        var statement = isContradicted ? MatchStatement.Unspecified : donor.Message.MatchStatement;
        var stated = statement == MatchStatement.Haploidentical;
        // Parents and children share a haplotype whatever they are typed as; of others a locus that is not typed may show that none is.
        var untyped = isContradicted || finding.SharedHaplotypes.Min > 0 ? [] : statements.NotCompared(donor);
        var isOpen = isContradicted || !finding.IsConsistent || !untyped.IsEmpty;
        var mayShare = stated || (statement != MatchStatement.Mismatched && (isContradicted || finding.SharedHaplotypes.Max > 0));
        if (mayShare)
        {
            AddHaploidentical(donor, classes, missing);
        }

        if (!mayShare || (!stated && isOpen))
        {
            Add(DonorClass.FamilyWithoutSharedHaplotype, classes);
            if (mayShare)
            {
                missing.AddRange(untyped.IsEmpty ? [donor.TypingPath(0)] : _typings.Of(donor, 0, untyped));
            }
        }
    }

    private static void AddHaploidentical(DonorCase donor, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        switch (donor.Message.Manipulation)
        {
            case GraftManipulation.TCellDepleted:
                Add(DonorClass.HaploTCellDepleted, classes);
                break;
            case GraftManipulation.AlphaBetaDepleted:
                Add(DonorClass.HaploAlphaBetaDepleted, classes);
                break;
            case GraftManipulation.Unmanipulated:
                Add(DonorClass.HaploUnmanipulated, classes);
                break;
            case GraftManipulation.PostTransplantCyclophosphamide:
                Add(DonorClass.HaploPostTransplantCyclophosphamide, classes);
                break;
            default:
                foreach (var any in AnyHaploidentical)
                {
                    Add(any, classes);
                }

                missing.Add(donor.Path("manipulation"));
                break;
        }
    }

    private static void Add(DonorClass donorClass, ImmutableArray<DonorClass>.Builder classes)
    {
        if (!classes.Contains(donorClass))
        {
            classes.Add(donorClass);
        }
    }

    // Null: what counts as matched is not set, and the laboratory states nothing.
    private Truth? Matched(DonorCase donor, MatchMinimum? minimum) => donor.Message.MatchStatement switch
    {
        MatchStatement.Matched => Truth.True,
        MatchStatement.Mismatched or MatchStatement.Haploidentical => Truth.False,
        _ => minimum?.Reached(new HlaPair(context, donor.Typings[0]).Count(minimum.Value.Scheme).PerLocus),
    };

    // Nothing follows from a statement that cannot be true. What would decide whether it can: a locus of the donor's at which something matches.
    private ImmutableArray<string> Against(DonorCase donor, Truth contradicts) => contradicts == Truth.True
        ? [donor.Path("match_statement"), donor.TypingPath(0)]
        : _typings.Of(donor, 0, [.. new HlaPair(context, donor.Typings[0]).Open(CountScheme.Ten).Where(locus => donor.Typings[0][locus].IsTyped)]);
}
