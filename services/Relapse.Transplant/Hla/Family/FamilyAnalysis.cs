using System.Collections.Immutable;
using System.Numerics;

namespace Relapse.Transplant.Hla;

/// <summary>
/// Follows haplotypes through a family, by descent: HLA-identical means more than ten of ten. Ambiguous and missing typings leave more
/// inheritances possible, and so less proven. Pure.
/// </summary>
internal static class FamilyAnalysis
{
    // More siblings than any family has are looked at one by one only.
    private const int MostTogether = 40;

    /// <summary>Analyses a family.</summary>
    /// <param name="family">The family.</param>
    /// <param name="budget">Bounds the work; null: one of its own.</param>
    public static FamilyFindings Analyse(FamilyTypings family, FamilyBudget? budget = null)
    {
        budget ??= new FamilyBudget();
        // Who does not even fit alone is left out of the rest, so that it says nothing of the others.
        var mother = Fits(family, family.Mother, null, budget) ? family.Mother : null;
        var father = Fits(family, null, family.Father, budget) ? family.Father : null;
        if (!Fits(family, mother, father, budget))
        {
            (mother, father) = (null, null);
        }

        var fitting = family with { Mother = mother, Father = father };
        var findings = family.Siblings.Select(sibling => Segregation.Of(fitting with { Siblings = [sibling] }, budget).Finding(0)).ToArray();
        foreach (var sibling in Contradicting(fitting, Consistent(findings), budget))
        {
            findings[sibling] = RelativeFinding.DoesNotFit;
        }

        var fit = Consistent(findings);
        var together = Of(fitting, fit.Take(Transmissions.MostSiblings), budget);
        for (var place = 0; place < Math.Min(fit.Length, MostTogether); place++)
        {
            var (segregation, at) = place < Transmissions.MostSiblings ? (together, place) : (WithTheFirst(fitting, fit, place, budget), Transmissions.MostSiblings - 1);
            findings[fit[place]] = segregation.Exists ? segregation.Finding(at).Within(findings[fit[place]]) : findings[fit[place]].WithMoreCrossings();
        }

        var consistent = together.Exists && fit.Length == findings.Length && mother == family.Mother && father == family.Father;
        return new FamilyFindings(
            consistent,
            Parent(family.Mother, mother, together, isMother: true),
            Parent(family.Father, father, together, isMother: false),
            [.. findings]);
    }

    /// <summary>Whether a relative who is neither parent nor full sibling may share a haplotype: at no locus are the two wholly different.
    /// Descent cannot be followed through people who are not typed, so it is never proven.</summary>
    /// <returns>Open or false.</returns>
    public static Truth MayShareHaplotype(HlaTyping recipient, HlaTyping relative, FamilyBudget? budget = null) =>
        Segregation.Of(new FamilyTypings(recipient, relative, null, []), budget ?? new FamilyBudget()).Exists ? Truth.Open : Truth.False;

    // A parent has one of the child's two alleles at every locus. A crossing-over cannot be seen in a single child, nor does it matter.
    private static bool Fits(FamilyTypings family, HlaTyping? mother, HlaTyping? father, FamilyBudget budget) =>
        Segregation.Of(new FamilyTypings(family.Recipient, mother, father, []), budget).Exists;

    private static ImmutableArray<int> Consistent(RelativeFinding[] findings) =>
        [.. Enumerable.Range(0, findings.Length).Where(sibling => findings[sibling].IsConsistent)];

    private static Segregation Of(FamilyTypings family, IEnumerable<int> siblings, FamilyBudget budget) =>
        Segregation.Of(family with { Siblings = [.. siblings.Select(sibling => family.Siblings[sibling])] }, budget);

    private static Segregation WithTheFirst(FamilyTypings family, ImmutableArray<int> fit, int place, FamilyBudget budget) =>
        Of(family, fit.Take(Transmissions.MostSiblings - 1).Append(fit[place]), budget);

    // Siblings who fit one by one and cannot all be children of two parents: nobody can say which of them it is, so it is said of each.
    private static HashSet<int> Contradicting(FamilyTypings family, ImmutableArray<int> fit, FamilyBudget budget)
    {
        var found = new HashSet<int>();
        for (var end = Math.Min(fit.Length, Transmissions.MostSiblings); end <= Math.Min(fit.Length, MostTogether); end++)
        {
            ImmutableArray<int> group = end <= Transmissions.MostSiblings ? [.. fit.Take(end)] : [.. fit.Take(Transmissions.MostSiblings - 1), fit[end - 1]];
            if (group.Length > 1 && Of(family, group, budget).IsImpossible)
            {
                found.UnionWith(InSmallest(family, group, budget));
            }
        }

        return found;
    }

    // Everybody in a smallest set that is impossible: without any one of them the others of the set would be possible.
    private static IEnumerable<int> InSmallest(FamilyTypings family, ImmutableArray<int> group, FamilyBudget budget)
    {
        var smallest = new List<int>();
        foreach (var set in Enumerable.Range(0, 1 << group.Length).OrderBy(set => BitOperations.PopCount((uint)set)))
        {
            if (!smallest.Exists(smaller => (smaller & set) == smaller) && Of(family, Members(set), budget).IsImpossible)
            {
                smallest.Add(set);
            }
        }

        return smallest.SelectMany(Members);

        IEnumerable<int> Members(int set) => group.Where((_, place) => (set >> place & 1) == 1);
    }

    // By descent a parent shares one haplotype, and its other one is what the child did not inherit.
    private static RelativeFinding? Parent(HlaTyping? typed, HlaTyping? fitting, Segregation together, bool isMother) => typed is null
        ? null
        : fitting is null
            ? RelativeFinding.DoesNotFit
            : new RelativeFinding(
                true,
                Genoidentity.Excluded,
                Bounds.Of(1),
                isMother ? Truth.True : Truth.False,
                isMother ? Truth.False : Truth.True,
                together.Exists && together.Recombination);
}
