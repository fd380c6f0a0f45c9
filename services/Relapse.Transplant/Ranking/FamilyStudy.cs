using System.Collections.Immutable;
using Relapse.Contracts.Transplant.V1;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Hla;

namespace Relapse.Transplant.Ranking;

/// <summary>What the typings of the whole family say of each related donor.</summary>
internal sealed class FamilyStudy
{
    // More siblings than any family has are looked at one by one, so that a request cannot make this long.
    private const int MostSiblings = 20;
    private readonly Dictionary<int, RelativeFinding> _findings = [];

    /// <summary>Studies the family of a question and its related donors.</summary>
    public FamilyStudy(RankingQuestion question, IReadOnlyList<DonorCase> donors)
    {
        var related = donors.Where(donor => donor.Message.Kind == DonorKind.Related).ToList();
        var mother = Parent(question, related, Relationship.Mother);
        var father = Parent(question, related, Relationship.Father);
        List<DonorCase> siblings = [.. related.Where(donor => donor.Message.Relationship == Relationship.Sibling)];
        ImmutableArray<Hla.HlaTyping> others = [.. question.Family.Where(relative => relative.Relationship == Relationship.Sibling).Select(relative => relative.Typing)];
        var (recipient, together) = (question.Recipient.Typing, siblings.Take(MostSiblings).ToList());
        var findings = FamilyAnalysis.Analyse(new FamilyTypings(recipient, mother, father, [.. together.Select(donor => donor.Typings[0]), .. others]));
        foreach (var (donor, index) in together.Select((donor, index) => (donor, index)))
        {
            _findings[donor.Index] = findings.Siblings[index];
        }

        foreach (var donor in siblings.Skip(MostSiblings))
        {
            _findings[donor.Index] = FamilyAnalysis.Analyse(new FamilyTypings(recipient, mother, father, [donor.Typings[0]])).Siblings[0];
        }

        foreach (var donor in related)
        {
            var finding = donor.Message.Relationship switch
            {
                Relationship.Mother => findings.Mother,
                Relationship.Father => findings.Father,
                Relationship.Sibling => null,
                _ => Other(recipient, donor),
            };
            if (finding is not null)
            {
                _findings[donor.Index] = finding;
            }
        }
    }

    /// <summary>What is said of a related donor.</summary>
    public RelativeFinding Of(DonorCase donor) => _findings[donor.Index];

    private static Hla.HlaTyping? Parent(RankingQuestion question, List<DonorCase> related, Relationship parent) =>
        related.FirstOrDefault(donor => donor.Message.Relationship == parent)?.Typings[0]
        ?? question.Family.FirstOrDefault(relative => relative.Relationship == parent).Typing;

    // Through relatives who are not typed descent cannot be followed: whether a haplotype is shared is never proven.
    private static RelativeFinding Other(Hla.HlaTyping recipient, DonorCase donor) => new(
        true,
        Genoidentity.Excluded,
        new Bounds(0, (byte)(FamilyAnalysis.MayShareHaplotype(recipient, donor.Typings[0]) == Truth.False ? 0 : 1)),
        Truth.Open,
        Truth.Open,
        false);
}
