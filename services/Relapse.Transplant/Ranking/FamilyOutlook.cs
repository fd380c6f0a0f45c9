using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;
using Relapse.Transplant.Policies;
using LocusTyping = Relapse.Transplant.Hla.LocusTyping;

namespace Relapse.Transplant.Ranking;

/// <summary>
/// What the family can turn out to say of each related donor whose tier hangs on it: with any typing of the recipient, and with the copies
/// that relatives' typings leave open read in every way. What is not typed of a relative is not completed: the relationship, or the
/// laboratory's statement, is what is known of it. Relatives whose descent cannot be followed are looked at one by one, the parents and
/// their children together. Not for several threads: it remembers.
/// </summary>
internal sealed class FamilyOutlook
{
    // What following the families of a call may cost: vectors of transmission and loci. As much again is for the question as it was asked.
    private const long MostWork = 2_000_000;

    private static readonly EqualityComparer<LocusTyping[]> SameTypings = EqualityComparer<LocusTyping[]>.Create(
        (one, other) => one.AsSpan().SequenceEqual(other), one => one.Aggregate(0, HashCode.Combine));

    private readonly RankingQuestion _question;
    private readonly FamilyStudy _given;
    private readonly ImmutableArray<FamilyMembers> _families;
    private readonly ImmutableArray<HlaLocus> _loci;
    private readonly long _work;
    private readonly Dictionary<LocusTyping[], FamilyOutcomes> _known = new(SameTypings);
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<int, ImmutableArray<HlaLocus>> _openLoci = [];
    private readonly SortedSet<HlaLocus> _leftOpen = [];
    private long _recipients = 1;

    /// <param name="question">The question.</param>
    /// <param name="donors">Its donors.</param>
    /// <param name="given">What the family shows as it is typed.</param>
    /// <param name="cancellation">Ends the work when nobody waits for it.</param>
    public FamilyOutlook(RankingQuestion question, IReadOnlyList<DonorCase> donors, FamilyStudy given, CancellationToken cancellation)
    {
        (_question, _given, _cancellation) = (question, given, cancellation);
        var related = donors.Where(donor => donor.Message.Kind == DonorKind.Related).ToList();
        var nuclear = new FamilyMembers(question.Family, [.. related.Where(IsNuclear)]);
        var alone = related.Where(donor => !IsNuclear(donor)).Select(donor => new FamilyMembers([], [donor]));
        _families = [.. alone.Prepend(nuclear).Where(family => family.Donors.Any(IsMoved))];
        _work = Math.Max(1, _families.Sum(family => family.Work));
        _loci = [.. HlaLoci.All.Where(locus => _families.Any(family => family.TypingsOf(locus).Any()))];
        foreach (var family in _families)
        {
            ImmutableArray<HlaLocus> open = [.. HlaLoci.All.Where(locus => family.TypingsOf(locus).Any(typing => !typing.IsCertain))];
            foreach (var donor in family.Donors)
            {
                _openLoci[donor.Index] = open;
            }
        }
    }

    /// <summary>Whether a locus of the recipient can matter to what the family says.</summary>
    public bool Reads(HlaLocus locus) => _loci.Contains(locus);

    /// <summary>The relatives' typings of a locus.</summary>
    public IEnumerable<LocusTyping> TypingsOf(HlaLocus locus) => _families.SelectMany(family => family.TypingsOf(locus));

    /// <summary>Whether a donor's own typing, or that of a relative of both, leaves open what the family says of it.</summary>
    public bool LeavesOpen(HlaLocus locus, DonorCase donor) => _openLoci.TryGetValue(donor.Index, out var open) && open.Contains(locus);

    /// <summary>Loci at which a family's typings have more readings than were looked at, in a completion at least: of its donors everything
    /// that could be said may be.</summary>
    public IReadOnlyCollection<HlaLocus> LeftOpen => _leftOpen;

    /// <summary>Shares what work there is among typings of the recipient, each alike and to each family as much as it is large: which of them
    /// runs dry does not hang on which is followed first.</summary>
    public void Share(IEnumerable<Hla.HlaTyping> recipients) =>
        _recipients = Math.Max(1, recipients.Select(Key).Where(key => !_known.ContainsKey(key)).Distinct(SameTypings).Count());

    /// <summary>What the family can say where the recipient is so typed.</summary>
    public FamilyOutcomes Of(Hla.HlaTyping recipient)
    {
        var key = Key(recipient);
        if (!_known.TryGetValue(key, out var outcomes))
        {
            var isGiven = _loci.All(locus => ReferenceEquals(recipient[locus], _question.Recipient.Typing[locus]));
            _known[key] = outcomes = new FamilyOutcomes(_given, Read(recipient, isGiven));
        }

        return outcomes;
    }

    private LocusTyping[] Key(Hla.HlaTyping recipient) => [.. _loci.Select(locus => recipient[locus])];

    private Dictionary<int, FamilyReadings> Read(Hla.HlaTyping recipient, bool isGiven)
    {
        var found = new Dictionary<int, FamilyReadings>();
        foreach (var family in _families)
        {
            var readings = Read(family, recipient, isGiven);
            foreach (var donor in family.Donors)
            {
                found.Add(donor.Index, readings);
            }
        }

        return found;
    }

    private FamilyReadings Read(FamilyMembers family, Hla.HlaTyping recipient, bool isGiven)
    {
        var left = Share(MostWork, family);
        var open = family.Open(recipient, ref left, _cancellation);
        var readings = FamilyReadings.Count(open);
        if (readings == 1 && isGiven)
        {
            return new FamilyReadings(open, [_given]);
        }

        if (readings > FamilyReadings.Most || readings * family.Work > left)
        {
            return LeaveOpen(open);
        }

        var budget = new FamilyBudget(Share(FamilyBudget.OfCall, family), _cancellation);
        ImmutableArray<FamilyStudy> studies = [.. FamilyReadings.All(family, recipient, open).Select(one => new FamilyStudy(one.Recipient, one.Family.Relatives, one.Family.Donors, budget))];
        // What was given up is not what a known typing would say.
        return budget.GivenUp.Except(_given.NotFollowed).Any() ? LeaveOpen(open) : new FamilyReadings(open, studies);
    }

    private long Share(long total, FamilyMembers family) => total / _recipients * family.Work / _work;

    private FamilyReadings LeaveOpen(ImmutableArray<OpenLocus> open)
    {
        // With everything typed it is the work of the call that ran out.
        _leftOpen.UnionWith(open.IsEmpty ? _loci : open.Select(one => one.Locus));
        return new FamilyReadings(open, []);
    }

    private static bool IsNuclear(DonorCase donor) => donor.Message.Relationship is Relationship.Mother or Relationship.Father or Relationship.Sibling;

    // Whether a donor's tier can hang on descent. Stated to be matched it does not; a parent is haploidentical, as stated, or does not fit;
    // by descent through people who are not typed nothing is proven; and without a minimum of matches there is no tier.
    private bool IsMoved(DonorCase donor) => donor.Message.MatchStatement switch
    {
        MatchStatement.Matched => false,
        MatchStatement.Haploidentical => donor.Message.Relationship is not (Relationship.Mother or Relationship.Father),
        MatchStatement.Mismatched => IsNuclear(donor),
        _ => _question.Settings.Match(SettingId.MatchedFamily) is not null,
    };
}
