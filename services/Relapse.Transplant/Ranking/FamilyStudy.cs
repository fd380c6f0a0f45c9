using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>What the typings of the whole family say of each related donor.</summary>
internal sealed class FamilyStudy
{
    // Further siblings are looked at one by one, after those who are no donors.
    private const int MostSiblings = 20;
    private readonly Dictionary<int, RelativeFinding> _findings = [];
    private readonly FamilyBudget _budget;

    /// <summary>Studies a family.</summary>
    /// <param name="recipient">The recipient's typing.</param>
    /// <param name="family">Relatives who are no donors.</param>
    /// <param name="donors">Donors; those who are no relatives say nothing.</param>
    /// <param name="budget">Bounds the work.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public FamilyStudy(Hla.HlaTyping recipient, IReadOnlyList<Relative> family, IEnumerable<DonorCase> donors, FamilyBudget budget)
    {
        _budget = budget;
        var related = donors.Where(donor => donor.Message.Kind == DonorKind.Related).ToList();
        var (mother, father) = (Parent(family, related, Relationship.Mother), Parent(family, related, Relationship.Father));
        // By id: what is said must not depend on the order of the request.
        List<DonorCase> siblings = [.. related.Where(donor => donor.Message.Relationship == Relationship.Sibling).OrderBy(donor => donor.Message.DonorId, StringComparer.Ordinal)];
        List<(Relative Relative, int Index)> others = [.. family.Select((relative, index) => (relative, index)).Where(one => one.relative.Relationship == Relationship.Sibling)];
        var first = siblings.Take(MostSiblings).ToList();
        ImmutableArray<Hla.HlaTyping> typings =
            [.. first.Select(donor => donor.Typings[0]), .. others.Select(other => other.Relative.Typing), .. siblings.Skip(MostSiblings).Select(donor => donor.Typings[0])];
        var findings = FamilyAnalysis.Analyse(new FamilyTypings(recipient, mother, father, typings), _budget);
        for (var place = 0; place < siblings.Count; place++)
        {
            _findings[siblings[place].Index] = findings.Siblings[place < MostSiblings ? place : place + others.Count];
        }

        foreach (var donor in related.Where(donor => donor.Message.Relationship != Relationship.Sibling))
        {
            _findings[donor.Index] = donor.Message.Relationship switch
            {
                Relationship.Mother => findings.Mother!,
                Relationship.Father => findings.Father!,
                _ => Other(recipient, donor),
            };
        }

        Inconsistent = [.. family.Select((relative, index) => (index, Finding(relative, index))).Where(one => !one.Item2.IsConsistent).Select(one => $"family[{one.index}].typing")];

        RelativeFinding Finding(Relative relative, int index) => relative.Relationship switch
        {
            Relationship.Mother => findings.Mother!,
            Relationship.Father => findings.Father!,
            _ => findings.Siblings[first.Count + others.FindIndex(other => other.Index == index)],
        };
    }

    /// <summary>Paths of the typings that do not fit the stated relationship, of relatives who are no donors.</summary>
    public ImmutableArray<string> Inconsistent { get; }

    /// <summary>Loci at which descent was not followed, because the typings leave too many inheritances.</summary>
    public IReadOnlyCollection<HlaLocus> NotFollowed => _budget.GivenUp;

    /// <summary>What is said of a related donor.</summary>
    public RelativeFinding Of(DonorCase donor) => _findings[donor.Index];

    private static Hla.HlaTyping? Parent(IReadOnlyList<Relative> family, List<DonorCase> related, Relationship parent) =>
        related.FirstOrDefault(donor => donor.Message.Relationship == parent)?.Typings[0]
        ?? family.FirstOrDefault(relative => relative.Relationship == parent).Typing;

    // Through relatives who are not typed descent cannot be followed: whether a haplotype is shared is never proven.
    private RelativeFinding Other(Hla.HlaTyping recipient, DonorCase donor) => new(
        true,
        Genoidentity.Excluded,
        new Bounds(0, (byte)(FamilyAnalysis.MayShareHaplotype(recipient, donor.Typings[0], _budget) == Truth.False ? 0 : 1)),
        Truth.Open,
        Truth.Open,
        false);
}
