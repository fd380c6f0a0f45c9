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
internal sealed class DonorClassifier(RankingQuestion question, HlaContext context, FamilyStudy family)
{
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
        Truth.Open => new Standing([DonorClass.MatchedUnrelated, DonorClass.MismatchedUnrelated], "", "", Untyped(donor, 0, _unrelated!.Value.Scheme)),
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
            missing = reached == Truth.Open ? [.. missing, .. Untyped(donor, unit, minimum.Scheme)] : missing;
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
            missing.AddRange(Untyped(donor, 0, _family!.Value.Scheme));
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

    // A mismatched relative is haploidentical to the review (DON-012); one who shares no haplotype is not.
    private void AddMismatched(DonorCase donor, ImmutableArray<DonorClass>.Builder classes, List<string> missing)
    {
        var finding = family.Of(donor);
        var stated = donor.Message.MatchStatement == MatchStatement.Haploidentical;
        var isTyped = HlaLoci.All.Any(locus => donor.Typings[0][locus].IsTyped && context.Recipient[locus].IsTyped);
        var mayShare = stated || (finding.IsConsistent && finding.SharedHaplotypes.Max > 0);
        if (mayShare)
        {
            AddHaploidentical(donor, classes, missing);
        }

        if (!mayShare || (!stated && !isTyped && finding.SharedHaplotypes.Min == 0))
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

    // Null: what counts as matched is not set, and the laboratory states nothing.
    private Truth? Matched(DonorCase donor, MatchMinimum? minimum) => donor.Message.MatchStatement switch
    {
        MatchStatement.Matched => Truth.True,
        MatchStatement.Mismatched or MatchStatement.Haploidentical => Truth.False,
        _ => minimum?.Reached(new HlaPair(context, donor.Typings[0]).Count(minimum.Value.Scheme).PerLocus),
    };

    // The typings that leave a count open, with the loci concerned; the recipient's where it is that one.
    private ImmutableArray<string> Untyped(DonorCase donor, int typing, CountScheme scheme)
    {
        var paths = ImmutableArray.CreateBuilder<string>();
        Add(context.Recipient, "recipient.typing", scheme, paths);
        Add(donor.Typings[typing], donor.TypingPath(typing), scheme, paths);
        return paths.ToImmutable();
    }

    private static void Add(Hla.HlaTyping typing, string path, CountScheme scheme, ImmutableArray<string>.Builder paths)
    {
        var open = new List<string>();
        foreach (var locus in scheme.Loci())
        {
            if (!typing[locus].IsCertain)
            {
                open.Add(locus.Name());
            }
        }

        if (open.Count > 0)
        {
            paths.Add($"{path}({string.Join(",", open)})");
        }
    }
}
